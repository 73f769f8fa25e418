"""Another engine beside ours: what it says of a document under a rule set, and what comes of a disagreement."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from flux.model.finding import Observation
from flux.model.interface import Syntax
from flux.model.second_opinion import DISAGREES, FAILED, Decider, compare

# Rules that we judge and no artefact tests: of them the other engine has no opinion.
OURS_ALONE = frozenset({"BR-FR-CO-01"})
_TOLD_RULES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What the other engine says: the rules that the document breaks, or why it came to no end."""

    observations: tuple[Observation, ...] = ()
    failure: str = ""


class SecondOpinion(Protocol):
    """Another engine for the same rules. A document may not be in its sample, or a rule set unknown to it."""

    @property
    def decider(self) -> Decider:
        """Whose word counts."""
        ...

    def ask(self, document: bytes, ruleset: str, syntax: Syntax) -> Opinion | None:
        """What the engine says of a document, None where it is not to be asked."""
        ...


class Weighed(NamedTuple):
    """What is told after both have spoken. `is_judged` is false where the one that decides came to no end."""

    observations: tuple[Observation, ...]
    is_judged: bool = True


def weigh(ours: Sequence[Observation], opinion: Opinion, decider: Decider) -> Weighed:
    """Our observations or the other's, as the configuration says, with what operators must know of the difference."""
    own = tuple(ours)
    if opinion.failure:
        failed = Observation(code=FAILED, detail=opinion.failure)
        return Weighed((failed,), is_judged=False) if decider is Decider.OFFICIAL else Weighed((*own, failed))
    remarks = tuple(_differences(own, opinion.observations))
    if decider is Decider.FLUX:
        return Weighed((*own, *remarks))
    alone = tuple(seen for seen in own if seen.code in OURS_ALONE)
    return Weighed((*opinion.observations, *alone, *remarks))


def _differences(ours: Sequence[Observation], theirs: Sequence[Observation]) -> Iterator[Observation]:
    own = Counter(seen.code for seen in ours if seen.code not in OURS_ALONE)
    official = Counter(seen.code for seen in theirs)
    difference = compare(own, official)
    if difference:
        found, expected = _list(difference.ours_only), _list(difference.theirs_only)
        yield Observation(code=DISAGREES, found=found or "–", expected=expected or "–")


def _list(counts: Sequence[tuple[str, int]]) -> str:
    """Rules with the number of firings that one side has more than the other."""
    told = [code if count == 1 else f"{code} ×{count}" for code, count in counts]
    return ", ".join(told[:_TOLD_RULES]) + ("…" if len(told) > _TOLD_RULES else "")
