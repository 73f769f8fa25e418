"""What was said of a file, folded into one answer, and whether it is the one that is wanted."""

from collections.abc import Iterable

from flux.model.finding import Finding
from flux.model.verdict import Judgment, Verdict
from tests.faults.hostile.case import Answer

# Most hostile files are made of one invoice: in a gateway, all that are good but the first are duplicates of it.
_DUPLICATES = frozenset({"DUPLICATE_SAME", "DUPLICATE_NUMBER", "DUPLICATE_PARTNER"})
_ORDER = (Verdict.REJECTED, Verdict.NOT_JUDGED, Verdict.ACCEPTED)


def answer_of(judgments: Iterable[Judgment], findings: Iterable[Finding] = ()) -> Answer:
    """The worst verdict, with what refuses and what is remarked; `findings` are those of the flow."""
    judged = list(judgments)
    found = [*findings, *(finding for each in judged for finding in each.findings)]
    return fold([each.verdict for each in judged], [(each.code, each.is_fatal) for each in found])


def fold(verdicts: Iterable[Verdict], found: Iterable[tuple[str, bool]]) -> Answer:
    """The same from plain values: codes, and whether each refuses."""
    seen = list(found)
    fatal = frozenset(code for code, is_fatal in seen if is_fatal)
    remarks = frozenset(code for code, is_fatal in seen if not is_fatal)
    worst = min(verdicts, key=_ORDER.index, default=Verdict.REJECTED)
    return Answer(verdict=Verdict.REJECTED if fatal else worst, codes=fatal, remarks=remarks)


def without_duplicates(answer: Answer) -> Answer:
    """The answer as it would be had the invoice never come before."""
    codes = answer.codes - _DUPLICATES
    if codes or not answer.codes:
        return Answer(verdict=answer.verdict, codes=codes, remarks=answer.remarks)
    return Answer(verdict=Verdict.ACCEPTED, remarks=answer.remarks)


def fits(given: Answer, wanted: Answer) -> bool:
    """True for the same verdict by the same codes, with the remarks that are wanted among those given."""
    return (given.verdict, given.codes) == (wanted.verdict, wanted.codes) and wanted.remarks <= given.remarks
