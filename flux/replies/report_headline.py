"""The head of the readable report: the verdict in words, and the counts."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from flux.model.cdv_codes import CdvStatus
from flux.model.interface import Family
from flux.model.partner import Language
from flux.model.settlement import FlowStatus, Outcome
from flux.replies.admission import is_irrecevable
from flux.replies.context import ReplyContext
from flux.replies.family import interface_of
from flux.replies.phrases import agree, choose, typeset, write_number


class Tone(Enum):
    """How the page looks at first sight; the words and the sign say it too."""

    GOOD = "good"
    PARTIAL = "partial"
    BAD = "bad"


_COUNTED: Mapping[Outcome, tuple[tuple[str, str], tuple[str, str]]] = {
    Outcome.ACCEPTED: (("intégrée", "intégrées"), ("taken in", "taken in")),
    Outcome.REJECTED: (("rejetée", "rejetées"), ("rejected", "rejected")),
    Outcome.NOT_TAKEN: (
        ("à renvoyer telle quelle", "à renvoyer telles quelles"),
        ("to send again as it is", "to send again as they are"),
    ),
    Outcome.NOT_JUDGED: (("en attente", "en attente"), ("waiting", "waiting")),
}


_TONES = {FlowStatus.RECEIVED: Tone.GOOD, FlowStatus.PARTIAL: Tone.PARTIAL, FlowStatus.REFUSED: Tone.BAD}


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The verdict in words: a label, a sentence, what to do about it.

    `status` is the one that the flow has in the messages of its family, empty where no message says it.
    """

    tone: Tone
    label: str
    status: str
    sentence: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountView:
    """How many invoices met one outcome; `start` and `width` are its stretch of the bar, in thousandths."""

    name: str
    count: int
    words: str
    start: int
    width: int


def view_headline(context: ReplyContext) -> Headline:
    """The verdict on the flow. Raises ValueError for a flow that is not settled: nothing may be said of it."""
    case, language = context.case, context.partner.language
    if case.status is None:
        raise ValueError(f"flow {case.flow.number} is not settled")
    counts = Counter(map(context.outcome_of, case.judgments))
    is_afnor = context.family is Family.AFNOR
    fell = is_irrecevable(case, context.partner) if is_afnor else _holds_irrecevable(context)
    label, advice = _label_and_advice(case.status, is_irrecevable=fell, language=language)
    return Headline(
        tone=_TONES[case.status],
        label=label,
        status=_message_status(context, fell=fell) if is_afnor else case.status.value,
        sentence=_sentence(counts[Outcome.ACCEPTED], counts[Outcome.REJECTED], language),
        advice=typeset(advice, language),
    )


def _holds_irrecevable(context: ReplyContext) -> bool:
    """True where something of the flow is irrecevable: CPPStatut has one status for it and for all that is refused."""
    case = context.case
    return (
        not case.judgments
        or any(each.is_fatal for each in case.findings)
        or any(each.is_irrecevable for each in case.judgments)
    )


def _message_status(context: ReplyContext, *, fell: bool) -> str:
    """501 or 500; a public body that issues invoices is told nothing of a flow that is good."""
    if fell:
        return CdvStatus.IRRECEVABLE.value
    interface = interface_of(context.case.flow.name, context.partner)
    return "" if interface is not None and interface.is_g2b else CdvStatus.RECEVABLE.value


def _label_and_advice(status: FlowStatus, *, is_irrecevable: bool, language: Language) -> tuple[str, str]:
    if status is FlowStatus.RECEIVED:
        label, advice = ("Flux intégré", "Flow taken in"), ("Vous n'avez rien à faire.", "There is nothing to do.")
    elif status is FlowStatus.PARTIAL:
        label = ("Flux intégré en partie", "Flow taken in partly")
        advice = (
            "Suivez les consignes données sous chaque facture rejetée, et ne renvoyez pas celles qui sont intégrées.",
            "Follow what is said under each rejected invoice, and do not send those that were taken in again.",
        )
    elif is_irrecevable:
        label = ("Flux irrecevable", "Flow inadmissible")
        advice = (
            "Rien n'a été pris en compte. Corrigez, puis renvoyez tout dans un nouveau flux, sous les mêmes numéros de facture.",
            "Nothing was taken in. Correct, then send everything in a new flow, under the same invoice numbers.",
        )
    else:
        label = ("Flux refusé", "Flow refused")
        advice = (
            "Rien n'a été pris en compte. Suivez les consignes données sous chaque facture.",
            "Nothing was taken in. Follow what is said under each invoice.",
        )
    return choose(label, language), choose(advice, language)


def _sentence(accepted: int, rejected: int, language: Language) -> str:
    """The counts in words: 2 factures intégrées, 1 rejetée."""
    taken, left = write_number(accepted, language), write_number(rejected, language)
    if language is Language.FR:
        first = f"{taken} {agree(accepted, 'facture intégrée', 'factures intégrées', language)}"
        parts = [first if accepted else "Aucune facture intégrée"]
        parts += [f"{left} {agree(rejected, 'rejetée', 'rejetées', language)}"] if rejected else []
    else:
        parts = [f"{taken if accepted else 'No'} {agree(accepted, 'invoice', 'invoices', language)} taken in"]
        parts += [f"{left} rejected"] if rejected else []
    return ", ".join(parts)


def view_counts(counts: Mapping[Outcome, int], language: Language) -> tuple[CountView, ...]:
    """The outcomes that occurred, each with its stretch of the bar."""
    total = sum(counts.values())
    views, before = [], 0
    for outcome, count in counts.items():
        if count:
            words = agree(count, *choose(_COUNTED[outcome], language), language)
            start, end = 1000 * before // total, 1000 * (before + count) // total
            views.append(
                CountView(name=outcome.value, count=count, words=words, start=start, width=max(end - start, 4))
            )
        before += count
    return tuple(views)
