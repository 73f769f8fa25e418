"""Our rules beside the official ones: which documents are looked at twice, and in what the two disagree."""

import re
from collections import Counter
from dataclasses import dataclass
from enum import Enum

OFF, ALWAYS = "off", "always"
# The codes under which operators hear of the other engine.
DISAGREES, FAILED = "OFFICIAL_DISAGREES", "OFFICIAL_FAILED"
_SAMPLE = re.compile(r"sample (\d+(?:\.\d+)?)%")


class Decider(Enum):
    """Whose word counts where the two disagree."""

    FLUX = "flux"
    OFFICIAL = "official"


def share_of(setting: str) -> float:
    """The share of documents, 0 to 1, of "off", "always" or "sample 1%". Raises ValueError.

    >>> share_of("off"), share_of("sample 2.5%"), share_of("always")
    (0.0, 0.025, 1.0)
    """
    if setting in {OFF, ALWAYS}:
        return float(setting == ALWAYS)
    sample = _SAMPLE.fullmatch(setting)
    if sample is None or float(sample[1]) > 100:
        raise ValueError(f"{setting!r} is none of off, always, sample 1%")
    return float(sample[1]) / 100


def is_sampled(sha256: str, setting: str) -> bool:
    """Whether the document of this hash, in hexadecimal, is in the sample: the same answer each time it is judged."""
    return int(sha256[:16], 16) < share_of(setting) * (1 << 64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """By rule, how many firings more one side has than the other, in alphabetical order."""

    ours_only: tuple[tuple[str, int], ...]
    theirs_only: tuple[tuple[str, int], ...]

    def __bool__(self) -> bool:
        """True where there is anything to disagree on."""
        return bool(self.ours_only or self.theirs_only)


def compare(ours: "Counter[str]", theirs: "Counter[str]") -> Disagreement:
    """How the firings of both differ, by rule."""
    return Disagreement(ours_only=_sorted(ours - theirs), theirs_only=_sorted(theirs - ours))


def _sorted(counts: "Counter[str]") -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items()))
