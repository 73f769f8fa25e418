"""Names of our own: for flows that came under a free name, for messages inside an archive, and for readable reports.

ASCII letters, digits, `.`, `_` and `-`; anything else becomes `_`. The flow's number makes a name unique.
"""

import re
from collections.abc import Iterable, Iterator

from flux.model.cdar import UNKNOWN_NUMBER
from flux.model.flow import Flow, FlowName
from flux.model.partner import Naming

# Well under the 255 bytes of common file systems: partners put folders and suffixes of their own around it.
NAME_CHARACTERS = 120

_ODD_CHARACTER = re.compile(r"[^A-Za-z0-9._-]")


def sanitise(name: str) -> str:
    """The name with every character that some file system or shell minds replaced by `_`."""
    return _ODD_CHARACTER.sub("_", name)


def report_name(flow_number: int, received: str) -> str:
    """The report on a flow with a free name: CR_000231_Facture_n_117_mars.pdf.xml."""
    return _bounded(_own_stem("CR", flow_number, received), ".xml")


def statuses_name(flow_number: int, received: str) -> str:
    """The statuses of its invoices: CDV_000231_Facture_n_117_mars.pdf.xml."""
    return _bounded(_own_stem("CDV", flow_number, received), ".xml")


def message_names(flow_number: int, invoices: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The message on each invoice, given its number and its status: CDV_000231_F2026_0117_200.xml.

    Numbers that become one name, letters' case aside, are told apart by a count: CDV_000231_F2026_0117_200-2.xml.
    """
    counts: dict[str, int] = {}
    for number, status in invoices:
        first = name = _message_name(flow_number, number, status)
        while name.lower() in counts:
            counts[first.lower()] += 1
            name = _message_name(flow_number, number, f"{status}-{counts[first.lower()]}")
        counts[name.lower()] = 1
        yield name


def _message_name(flow_number: int, number: str, status: str) -> str:
    return _bounded(_own_stem("CDV", flow_number, number or UNKNOWN_NUMBER), f"_{status}.xml")


def packed_name(identifier: str, number: str, status: str) -> str:
    """The message on an invoice inside an archive, after its identifier, which makes it unique."""
    return _bounded(f"{identifier}_{sanitise(number or UNKNOWN_NUMBER)}", f"_{status}.xml")


def readable_name(flow: Flow, naming: Naming, extension: str) -> str:
    """The readable report, or the list to send again: `extension` is .html or .csv.

    It bears the strict name that came; under free naming, for a name that is no strict one or came before, that of a
    report with our own number, so that no report ever takes the place of another.
    """
    strict = FlowName.parse(flow.name) if naming is Naming.STRICT and flow.reuse_of is None else None
    return _bounded(str(strict) if strict is not None else _own_stem("CR", flow.number, flow.name), extension)


def _own_stem(kind: str, flow_number: int, received: str) -> str:
    return f"{kind}_{flow_number:06d}_{sanitise(received)}"


def _bounded(stem: str, extension: str) -> str:
    return stem[: NAME_CHARACTERS - len(extension)] + extension
