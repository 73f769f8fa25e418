"""CSO11xxA: the report on a flow (CPPStatut V1_19, block CPPFluxStatuts): 90 all taken, 96 some, 93 none.

A line is an error to whoever imports the message, so warnings make none; a cause that occurs several times in an invoice
is one line, with its count. The schema has no slot for the number of an
invoice: it opens the label and the description.
"""

from collections import Counter
from collections.abc import Iterator

from lxml import etree
from lxml.etree import SubElement

from flux.model.codes import Who
from flux.model.paris import in_paris
from flux.model.partner import Language
from flux.model.settlement import Outcome
from flux.model.words import Description
from flux.replies.context import ReplyContext
from flux.replies.envelope import append_texts, begin_message, finish_message
from flux.replies.faults import Fault, faults_of
from flux.replies.phrases import name_who
from flux.replies.texts import on_one_line

COMPLEMENT_CHARACTERS = 40

_COUNTED = (
    (Outcome.ACCEPTED, "intégrée", "intégrées"),
    (Outcome.REJECTED, "rejetée", "rejetées"),
    (Outcome.NOT_TAKEN, "à renvoyer", "à renvoyer"),
    (Outcome.NOT_JUDGED, "en attente", "en attente"),
)


def build_flow_report(context: ReplyContext) -> bytes:
    """The message. Raises ValueError for a flow that is not settled: nothing may be said of it."""
    if context.case.status is None:
        raise ValueError(f"flow {context.case.flow.number} is not settled")
    root = begin_message(context)
    unit = SubElement(SubElement(root, "CPPFluxStatuts", compteur="1"), "CPPFluxStatutUnitaire", NumOrdre="1")
    status = SubElement(unit, "DonneesStatut")
    append_texts(
        status,
        (
            ("IdStatut", context.case.status.value),
            ("ComplementStatut", summarise_outcomes(context)),
            ("Horodatage", in_paris(context.moment).isoformat()),
            ("IdFlux", context.received_identifier),
        ),
    )
    _append_details(status, list(faults_of(context)))
    return finish_message(root)


def summarise_outcomes(context: ReplyContext) -> str:
    """How many invoices met which outcome, as "2 intégrées, 1 rejetée", in at most 40 characters."""
    if not context.case.judgments:
        return "Flux irrecevable"
    counts = Counter(map(context.outcome_of, context.case.judgments))
    shown = [part for part in _COUNTED if counts[part[0]] or part[0] is Outcome.ACCEPTED]
    parts = [_count(counts[outcome], one, many) for outcome, one, many in shown]
    while len(", ".join(parts)) > COMPLEMENT_CHARACTERS:
        parts.pop()
    return ", ".join(parts)


def _count(number: int, one: str, many: str) -> str:
    """French counts zero as one: "0 intégrée"."""
    return f"{number} {one if number < 2 else many}"


def _append_details(status: etree._Element, faults: list[Fault]) -> None:
    if not faults:
        return
    details = SubElement(status, "Details", NbLignesErreur=str(len(faults)))
    for order, fault in enumerate(faults, start=1):
        words = fault.describe(Language.FR)
        append_texts(
            SubElement(details, "LigneErreurDetail", IdLigne=str(order)),
            (
                ("NatureErreur", fault.nature.value),
                ("CodeErreur", fault.finding.code),
                ("LibelleErreur", _label(fault, words.title)),
                ("DescriptionErreur", "; ".join(f"{name}={value}" for name, value in _facts(fault, words))),
            ),
        )


def _label(fault: Fault, title: str) -> str:
    subject = fault.number or (fault.judgment.member if fault.judgment is not None else None)
    return on_one_line(f"{subject} : {title}" if subject else title)


def _facts(fault: Fault, words: Description) -> Iterator[tuple[str, str]]:
    """The facts of a fault that are known; a semicolon inside one becomes a comma, so that the list can be taken apart."""
    finding, judgment = fault.finding, fault.judgment
    facts = (
        ("facture", fault.number),
        ("fichier", judgment.member if judgment is not None else None),
        ("ligne", ", ".join(map(str, fault.lines))),
        ("fois", str(fault.count) if fault.count > 1 else None),
        ("champ", finding.term),
        ("trouvé", finding.found),
        ("attendu", words.expected),
        ("action", _as_fact(words.fix)),
        ("qui", _name_who(fault.who)),
        # What no field above can hold: the first flow of a duplicate, the sentence of a schema error.
        ("constat", words.message.removesuffix(".") if finding.facts or finding.detail else None),
    )
    return ((name, on_one_line(value).replace(";", ",")) for name, value in facts if value)


def _as_fact(sentence: str) -> str:
    """A sentence among facts: a small first letter, no full stop."""
    return sentence[:1].lower() + sentence[1:].removesuffix(".")


def _name_who(who: Who) -> str:
    """The supplier reads the message: which of its services acts is for the supplier to say."""
    return name_who(Who.SUPPLIER if who is Who.BILLING else who, Language.FR)
