"""The envelope of a CPP document: what no schema checks of it (Chorus Pro specification, envelopes).

The counter is the number of invoices, the production date and the flow identifier are there, the identifier is that of
the flow's name, and both partners are named.
"""

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from flux.intake.cpp_index import FACTURES
from flux.model.finding import Observation

_PARAMETER = "Enveloppe/EnveloppeUnitaire/Parametres/ParametreIndiv"
_PARTNERS = "Enveloppe/EnveloppeUnitaire/Partenaires"

# Every text of an envelope is short; nothing long is repeated in a finding.
_LONGEST_SHOWN = 60


class _Fault(NamedTuple):
    """What is wrong: a word of no language, a sentence of each, and where."""

    detail: str
    reason_fr: str
    reason_en: str
    xpath: str
    line: int | None
    found: str | None = None
    expected: str | None = None


def check_envelope(frame: bytes, count: int, flow_id: str | None) -> tuple[Observation, ...]:
    """What is wrong with the envelope of a document of `count` invoices.

    `frame` is the document without its invoices; `flow_id` that of the flow's name, None where it need not be repeated.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_pis=True)
    try:
        root = etree.fromstring(frame, parser)
    except etree.XMLSyntaxError:
        return ()  # of which the reader of each invoice tells more
    faults = (*_check_counter(root, count), *_check_parameters(root, flow_id), *_check_partners(root))
    return tuple(_observe(fault) for fault in faults)


def _check_counter(root: etree._Element, count: int) -> Iterator[_Fault]:
    factures = root.find(FACTURES)
    written = None if factures is None else factures.get("Compteur")
    if factures is None or written == str(count) or _number(written) == count:
        return
    reason_fr, reason_en = (
        "le compteur n'est pas le nombre de factures",
        "the counter is not the number of invoices",
    )
    yield _Fault(
        detail="Compteur",
        reason_fr=reason_fr,
        reason_en=reason_en,
        xpath=f"/{root.tag}/{FACTURES}[1]/@Compteur",
        line=factures.sourceline,  # type: ignore[arg-type]  # the stubs forget that it is a number
        found=written,
        expected=str(count),
    )


def _number(text: str | None) -> int | None:
    digits = (text or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 20 else None


def _check_parameters(root: etree._Element, flow_id: str | None) -> Iterator[_Fault]:
    given = {
        (one.findtext("Code") or "").strip(): (one.findtext("Valeurparametre") or "").strip()
        for one in root.iterfind(_PARAMETER)
    }
    for code, french, english in (
        ("DtPrd", "la date de production manque", "the production date is missing"),
        ("IdFlx", "l'identifiant du flux manque", "the flow identifier is missing"),
    ):
        if not given.get(code):
            yield _at_envelope(root, code, french, english)
    written = given.get("IdFlx")
    if flow_id is not None and written and written != flow_id:
        french, english = (
            "l'identifiant du flux n'est pas celui de son nom",
            "the flow identifier is not the one of its name",
        )
        yield _at_envelope(root, "IdFlx", french, english)._replace(found=written, expected=flow_id)


def _check_partners(root: etree._Element) -> Iterator[_Fault]:
    for name, french, english in (
        ("Recepteur", "le récepteur n'est pas nommé", "the receiver is not named"),
        ("Emetteur", "l'émetteur n'est pas nommé", "the sender is not named"),
    ):
        if not (root.findtext(f"{_PARTNERS}/{name}/Id") or "").strip():
            yield _at_envelope(root, name, french, english)


def _at_envelope(root: etree._Element, detail: str, reason_fr: str, reason_en: str) -> _Fault:
    envelope = root.find("Enveloppe")
    found = root if envelope is None else envelope
    return _Fault(
        detail=detail,
        reason_fr=reason_fr,
        reason_en=reason_en,
        xpath=f"/{root.tag}" if envelope is None else f"/{root.tag}/Enveloppe[1]",
        line=found.sourceline,  # type: ignore[arg-type]  # the stubs forget that it is a number
    )


def _observe(fault: _Fault) -> Observation:
    return Observation(
        code="CPP_ENVELOPE",
        detail=fault.detail,
        found=fault.found[:_LONGEST_SHOWN] if fault.found is not None else None,
        expected=fault.expected,
        line=fault.line,
        xpath=fault.xpath,
        facts=(("reason_fr", fault.reason_fr), ("reason_en", fault.reason_en)),
    )
