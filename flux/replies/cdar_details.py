"""Faults and warnings as status details of a life-cycle message: the motif, what to do, the sentence, the value.

A cause that occurs several times in an invoice is one detail, with its count.

Source: general rule G7.29 (MDT-125 to 127), BR-FR-CDV-15, 16 and CL-09; the order and the numbers are ours.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from flux.model.business_terms import BUSINESS_TERMS
from flux.model.cdar import CdvNote, Characteristic, LocalText, StatusDetail
from flux.model.cdv_codes import CdvAction, CdvStatus, CharacteristicType
from flux.model.cdv_motifs import MOTIFS
from flux.model.cdv_statuses import STATUSES
from flux.model.codes import CODES, Who
from flux.model.concealing import ACCOUNT_TERMS
from flux.model.finding import Finding, LayerName
from flux.model.partner import Language
from flux.model.words import describe, words_of
from flux.replies.cdar_bounds import IDENTIFIER_CHARACTERS, LARGEST_SEQUENCE
from flux.replies.faults import Fault, Nature
from flux.replies.phrases import choose
from flux.replies.texts import on_one_line

# The widest motif of each status, for a fault whose own is none of it or may not be told.
_WIDEST = {CdvStatus.REJETEE: "REJ_SEMAN", CdvStatus.IRRECEVABLE: "IRR_SYNTAX"}
_LEVELS = tuple(Nature)


def local_texts(french: str, english: str) -> tuple[LocalText, ...]:
    """A text in both languages of our messages."""
    return LocalText(text=french, language="fr"), LocalText(text=english, language="en")


def detail_faults(
    faults: Iterable[Fault], status: CdvStatus, name_subject: Callable[[Fault], str] = lambda _: ""
) -> tuple[StatusDetail, ...]:
    """One numbered detail for each fault, of whatever count, those of the flow's level first; `name_subject` says which file or invoice it is of."""
    ordered = sorted(faults, key=lambda fault: _LEVELS.index(fault.nature))
    return number_details([_detail_fault(fault, status, name_subject(fault)) for fault in ordered])


def detail_remarks(findings: Iterable[Finding]) -> tuple[StatusDetail, ...]:
    """One numbered detail for each warning, without a motif: nothing was refused for it."""
    return number_details([_detail_finding(finding, "") for finding in findings])


def number_details(details: Sequence[StatusDetail]) -> tuple[StatusDetail, ...]:
    """The details numbered from 1, as many as numbers allow; the first says how many are left out."""
    kept = [replace(detail, sequence=order) for order, detail in enumerate(details[:LARGEST_SEQUENCE], start=1)]
    if more := len(details) - len(kept):
        kept[0] = replace(kept[0], notes=(*kept[0].notes, _note_more(more)))
    return tuple(kept)


def _note_more(count: int) -> CdvNote:
    return CdvNote(
        content=local_texts(
            f"Et {count} constats de plus, que ce message ne peut pas porter : voir le compte rendu lisible.",
            f"And {count} more findings, which this message cannot hold: see the readable report.",
        )
    )


def _detail_fault(fault: Fault, status: CdvStatus, subject: str) -> StatusDetail:
    motif = _motif_of(fault, status)
    french, english = (fault.describe(language).fix.removesuffix(".") for language in (Language.FR, Language.EN))
    detail = _detail_finding(fault.finding, subject)
    return replace(
        detail,
        notes=(*detail.notes, *_note_count(fault)),
        motif=motif,
        motif_labels=local_texts(*MOTIFS[motif]) if motif is not None else (),
        action=_action_of(fault, status),
        action_labels=local_texts(french, english),
    )


def _note_count(fault: Fault) -> Iterator[CdvNote]:
    """How often the cause occurs in the invoice, and on which lines at first."""
    if fault.count > 1:
        lines = ", ".join(map(str, fault.lines))
        french, english = (f" : lignes {lines}", f": lines {lines}") if lines else ("", "")
        more = ", …" if lines and fault.count > len(fault.places) else ""
        yield CdvNote(content=local_texts(f"{fault.count} fois{french}{more}", f"{fault.count} times{english}{more}"))


def _motif_of(fault: Fault, status: CdvStatus) -> str | None:
    """The motif of a fault that the status is given for; never one that the status does not allow.

    None where the status has no need of one, and for what an irrecevable flow has besides: a fault of an invoice.
    """
    is_of_invoice = status is CdvStatus.IRRECEVABLE and fault.nature is not Nature.IRRECEVABILITE
    if status not in _WIDEST or is_of_invoice:
        return None
    row = CODES.get(fault.finding.code)
    motif = row.motif if row is not None else None
    return motif if motif in STATUSES[status].motifs else _WIDEST[status]


def _action_of(fault: Fault, status: CdvStatus) -> CdvAction:
    if fault.who is Who.NOBODY:
        return CdvAction.NONE
    is_reissued = status is CdvStatus.REJETEE and fault.who is Who.BILLING
    return CdvAction.NEW_INVOICE if is_reissued else CdvAction.OTHER


def _detail_finding(finding: Finding, subject: str) -> StatusDetail:
    french, english = (_sentence(finding, language) for language in (Language.FR, Language.EN))
    content = local_texts(f"{subject} : {french}", f"{subject}: {english}") if subject else local_texts(french, english)
    note = CdvNote(code=_fitting(finding.code, "125"), content=content, subject=_field_of(finding) or None)
    return StatusDetail(notes=(note,), characteristics=tuple(_characteristics(finding)))


def _sentence(finding: Finding, language: Language) -> str:
    """What is wrong; of a schema the objection alone, for the motif says already that it is one."""
    reason = dict(finding.facts).get(f"reason_{language.value}")
    if finding.layer is not LayerName.SCHEMA or not reason:
        return describe(finding, language).message
    line = choose((f"ligne {finding.line} : ", f"line {finding.line}: "), language)
    return on_one_line(reason if finding.line is None else line + reason)


def _field_of(finding: Finding) -> str:
    """The tag that a schema refuses, else the business term."""
    row = CODES.get(finding.code)
    term = finding.term or (row.term if row is not None else None) or ""
    tag = (finding.xpath or "").rpartition("/")[2].partition("[")[0]
    return (tag or term) if finding.layer is LayerName.SCHEMA else (term or tag)


def _characteristics(finding: Finding) -> Iterator[Characteristic]:
    """The value as found and where it stands, and the one to put in its place where it is known."""
    if finding.found is not None or finding.xpath is not None:
        yield _characteristic(finding, CharacteristicType.INVALID_AS_FOUND, finding.found, finding.xpath)
    if _expects_value(finding):
        yield _characteristic(finding, CharacteristicType.VALID_EXPECTED, finding.expected, None)


def _expects_value(finding: Finding) -> bool:
    """True where what was expected can take the place of what was found.

    What a schema or a file expects is a kind of value; what a sentence has to frame is a part of one, a key or a root; and of
    an account nothing is told but a part.
    """
    is_whole = "{expected}" not in words_of(finding.code, Language.FR).expected and finding.term not in ACCOUNT_TERMS
    return bool(finding.expected and finding.term) and is_whole and not finding.is_technical


def _characteristic(
    finding: Finding, kind: CharacteristicType, value: str | None, location: str | None
) -> Characteristic:
    name = BUSINESS_TERMS.get(finding.term or "")
    return Characteristic(
        term=_fitting(finding.term, "206"),
        type_code=kind,
        names=local_texts(name.fr, name.en) if name is not None else (),
        location=location,
        values=(LocalText(text=value),) if value is not None else (),
    )


def _fitting(text: str | None, mdt: str) -> str | None:
    """The identifier where its field can hold it: cut short it would be another."""
    return text if text is not None and len(text) <= IDENTIFIER_CHARACTERS[mdt] else None
