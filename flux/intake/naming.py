"""What a flow's name says, held against the partner that brought it (Chorus Pro specification, flow names)."""

import re
import unicodedata
from collections.abc import Iterator

from flux.model.finding import Observation
from flux.model.flow import Flow, FlowName, without_extension
from flux.model.interface import INTERFACES
from flux.model.not_treated import refuse_interface
from flux.model.partner import Naming, Partner

PATTERN = "AAA9999A_XXXXXX_XXXXXX + 19 (0-9, A-Z)"

_INTERFACE = re.compile(r"[A-Z]{3}[0-9]{4}[A-Z]")
_APPLICATION = re.compile(r"[A-Z0-9]{6}")
_FLOW_ID = re.compile(r"[A-Z0-9]{25}")


def check_name(flow: Flow, partner: Partner) -> tuple[Observation, ...]:
    """All that is wrong with the name of a flow; a free name need only be printable."""
    if partner.naming is Naming.FREE:
        return (*_check_free(flow.name), *_check_announced(flow.name))
    return (*_check_strict(without_extension(flow.name), partner), *_check_reuse(flow))


def _check_free(name: str) -> Iterator[Observation]:
    if not name.strip() or any(unicodedata.category(sign) == "Cc" for sign in name):
        reasons = (
            "le nom est vide ou contient un caractère de contrôle",
            "the name is empty or holds a control character",
        )
        yield _observe("FLOW_NAME", "name", *reasons, found=name)


def _check_announced(name: str) -> Iterator[Observation]:
    """A free name that has the strict shape announces its interface all the same."""
    parsed = FlowName.parse(name)
    if parsed is not None and parsed.interface is not None and not parsed.interface.is_treated:
        yield refuse_interface(parsed.interface)


def _check_strict(name: str, partner: Partner) -> Iterator[Observation]:
    parts = name.split("_")
    if len(parts) != 3:
        reasons = "le nom n'a pas trois parties séparées par _", "the name is not made of three parts between _"
        yield _observe("FLOW_NAME", "name", *reasons, found=name, expected=PATTERN)
        return
    interface, application, flow_id = parts
    yield from _check_interface(interface, name, partner)
    yield from _check_application(application, interface, name, partner)
    yield from _check_flow_id(flow_id, interface, name, partner)


def _check_interface(interface: str, name: str, partner: Partner) -> Iterator[Observation]:
    if not _INTERFACE.fullmatch(interface):
        reasons = (
            "le code interface n'est pas fait de 3 capitales, 4 chiffres et 1 capitale",
            "the interface code is not made of 3 capitals, 4 digits and 1 capital",
        )
        yield _observe("FLOW_NAME", "interface", *reasons, found=name, expected=PATTERN, detail=interface)
    elif interface not in INTERFACES:
        reasons = "le code interface est inconnu", "the interface code is unknown"
        yield _observe("FLOW_INTERFACE", "interface", *reasons, found=interface, expected=_subscribed(partner))
    elif not INTERFACES[interface].is_treated:
        yield refuse_interface(INTERFACES[interface])
    elif partner.interfaces and interface not in partner.interfaces:
        reasons = "l'interface n'est pas souscrite", "the interface is not subscribed"
        yield _observe("FLOW_INTERFACE", "interface", *reasons, found=interface, expected=_subscribed(partner))


def _subscribed(partner: Partner) -> str:
    """The interfaces that a partner may deposit: those of its table, or all where it names none, less those not treated."""
    return ", ".join(code for code in partner.interfaces or INTERFACES if INTERFACES[code].is_treated)


def _check_application(application: str, interface: str, name: str, partner: Partner) -> Iterator[Observation]:
    known = INTERFACES.get(interface)
    is_recipients = known is not None and known.is_diffusion
    if not _APPLICATION.fullmatch(application):
        reasons = (
            "le code application n'est pas fait de 6 chiffres ou capitales",
            "the application code is not made of 6 digits or capitals",
        )
        yield _observe("FLOW_NAME", "application", *reasons, found=name, expected=PATTERN, detail=application)
    elif application != partner.application_code and not is_recipients:
        reasons = "le code application est celui d'un autre", "the application code is that of another"
        yield _observe(
            "FLOW_APPLICATION", "application", *reasons, found=application, expected=partner.application_code
        )


def _check_flow_id(flow_id: str, interface: str, name: str, partner: Partner) -> Iterator[Observation]:
    if not _FLOW_ID.fullmatch(flow_id):
        reasons = (
            f"l'identifiant de flux n'est pas fait de 25 chiffres ou capitales ({len(flow_id)} caractères)",
            f"the flow identifier is not made of 25 digits or capitals ({len(flow_id)} characters)",
        )
        yield _observe("FLOW_NAME", "flow_id", *reasons, found=name, expected=PATTERN, detail=flow_id)
        return
    if flow_id[:6] != partner.application_code:
        reasons = (
            "l'identifiant de flux commence par le code d'un autre",
            "the flow identifier begins with the code of another",
        )
        yield _observe("FLOW_APPLICATION", "flow_id", *reasons, found=flow_id[:6], expected=partner.application_code)
    if _INTERFACE.fullmatch(interface) and flow_id[6:10] != interface[3:7]:
        reasons = (
            "l'identifiant de flux ne reprend pas les 4 chiffres de l'interface",
            "the flow identifier does not repeat the 4 digits of the interface",
        )
        yield _observe("FLOW_NAME_DIGITS", "flow_id", *reasons, found=flow_id[6:10], expected=interface[3:7])


def _check_reuse(flow: Flow) -> Iterator[Observation]:
    if flow.reuse_of is not None:
        reasons = "un flux de ce nom a déjà été reçu", "a flow of this name came before"
        yield _observe("FLOW_NAME_REUSED", "name", *reasons, found=flow.name, first=str(flow.reuse_of))


def _observe(
    code: str,
    part: str,
    reason_fr: str,
    reason_en: str,
    *,
    found: str,
    expected: str | None = None,
    detail: str | None = None,
    first: str | None = None,
) -> Observation:
    facts = (("part", part), ("reason_fr", reason_fr), ("reason_en", reason_en))
    return Observation(
        code=code,
        found=found,
        expected=expected,
        detail=detail,
        facts=facts if first is None else (*facts, ("first", first)),
    )
