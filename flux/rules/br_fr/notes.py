"""BR-FR-05, BR-FR-06, BR-FR-20, BR-FR-31: the notes that the law demands, and the one that says where an invoice goes (BAR).

CII gives each note its subject code. UBL writes it into the text, `#PMT#...`, and the rules look at all texts joined.
"""

from itertools import islice

from flux.model.invoice import Invoice, Note
from flux.model.term import text_of
from flux.rules.br_fr.texts import plain, texts
from flux.rules.rule import CII, UBL, AnyRule, Hit, Matter, Rule

DEMANDED = ("PMT", "PMD", "AAB")
ONCE = (*DEMANDED, "TXD")
TREATMENTS = frozenset({"B2B", "B2BINT", "B2C", "B2CINT", "OUTOFSCOPE", "ARCHIVEONLY"})
BAR = "BAR"
_LISTED = ", ".join(sorted(TREATMENTS))


def joined(matter: Matter) -> str:
    """The texts of all notes as UBL writes them, with a number sign between."""
    return "#".join([_written(note) for note in matter.invoice.notes])


def _written(note: Note) -> str:
    text = note.text[0].text if note.text else ""
    return f"#{note.subject_code[0].text}#{text}" if note.subject_code else text


def contents(matter: Matter, subject: str) -> list[str]:
    """What the notes of a subject say: of UBL the first one, up to the next number sign."""
    if matter.is_ubl:
        _, found, after = matter.once(joined).partition(f"#{subject}#")
        return [after.partition("#")[0]] if found else []
    return [term.text for note in _about(matter.invoice.notes, subject) for term in note.text]


def treatments(matter: Matter) -> list[str]:
    """What the note BAR says: B2B, B2C..."""
    return contents(matter, BAR)


def is_domestic(matter: Matter) -> bool:
    """True for an invoice from a French company to another: its note BAR says B2B."""
    return "B2B" in matter.once(treatments)


def _about(notes: tuple[Note, ...], subject: str) -> list[Note]:
    return [note for note in notes if any(term.text == subject for term in note.subject_code)]


def notes_by_document(invoice: Invoice) -> list[tuple[Note, ...]]:
    """The notes of each exchanged document of CII: a schema allows one, the rules look at any."""
    if len(invoice.exchanged_documents) == 1:
        return [invoice.notes]
    notes = iter(invoice.notes)
    return [tuple(islice(notes, int(held.qualifier or 0))) for held in invoice.exchanged_documents]


def count_notes(matter: Matter) -> list[dict[str, int]]:
    """How many notes there are of each subject that the rules count, in each exchanged document: in UBL there is one."""
    if matter.is_ubl:
        written = matter.once(joined)
        return [{subject: written.count(f"#{subject}#") for subject in ONCE}]
    return [_count_subjects(notes) for notes in notes_by_document(matter.invoice)]


def _count_subjects(notes: tuple[Note, ...]) -> dict[str, int]:
    counted = dict.fromkeys(ONCE, 0)
    for note in notes:
        for subject in texts(note.subject_code):
            if subject in counted:
                counted[subject] += 1
    return counted


def _demanded(_: Invoice, matter: Matter) -> list[Hit] | None:
    return [
        Hit(expected=subject, detail=f"BT-22-{number}" if matter.is_ubl else f"BT-22_{subject}")
        for counted in matter.once(count_notes)
        for number, subject in enumerate(DEMANDED, 1)
        if not counted[subject]
    ] or None


def _once(_: Invoice, matter: Matter) -> list[Hit] | None:
    return [
        Hit(found=f"{subject} x {counted[subject]}", detail=f"BT-21-{number}" if matter.is_ubl else f"BT-21_{subject}")
        for counted in matter.once(count_notes)
        for number, subject in enumerate(ONCE, 1)
        if counted[subject] > 1
    ] or None


def _treatment_listed(_: Invoice, matter: Matter) -> Hit | None:
    (said,) = matter.once(treatments) or [""]
    return Hit(found=said, expected=_LISTED) if said and said not in TREATMENTS else None


def _treatment_of_note(note: Note, _: Matter) -> Hit | None:
    for term in note.subject_code:
        if term.text == BAR and texts(note.text).isdisjoint(TREATMENTS):
            return Hit(found=text_of(note.text) or None, expected=_LISTED, place=("text", 0))
    return None


def _one_treatment(invoice: Invoice, matter: Matter) -> list[Hit] | None:
    if not invoice.notes:
        return None
    counts = [_count_written(invoice)] if matter.is_ubl else map(_count_coded, notes_by_document(invoice))
    return [Hit(found=str(count), expected="1") for count in counts if count > 1] or None


def _count_written(invoice: Invoice) -> int:
    said = "".join([written for note in invoice.notes if f"#{BAR}#" in (written := _written(note))])
    return sum(f"{said}#".count(f"{BAR}#{treatment}#") for treatment in TREATMENTS) if said else 0


def _count_coded(notes: tuple[Note, ...]) -> int:
    return sum(any(plain(term.text) in TREATMENTS for term in note.text) for note in _about(notes, BAR))


RULES: tuple[AnyRule, ...] = (
    Rule(code="BR-FR-05", check=_demanded),
    Rule(code="BR-FR-06", check=_once),
    Rule(code="BR-FR-20", detail="BT-21", check=_treatment_listed, syntaxes=UBL),
    Rule(code="BR-FR-20", detail="BT-21", on="notes", check=_treatment_of_note, syntaxes=CII),
    Rule(code="BR-FR-31", detail="BT-21", check=_one_treatment),
)
