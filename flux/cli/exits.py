"""Exit codes, a contract: scripts rely on them."""

from collections.abc import Iterable

from flux.model.verdict import Verdict

WELL = 0
REJECTED = 1
WRONG_USE = 2
NOT_JUDGED = 3
# As a shell tells it of a program that Ctrl-C ended.
INTERRUPTED = 130


def exit_code(verdicts: Iterable[Verdict]) -> int:
    """1 where something is rejected, else 3 where something is not judged, else 0."""
    seen = set(verdicts)
    if Verdict.REJECTED in seen:
        return REJECTED
    return NOT_JUDGED if Verdict.NOT_JUDGED in seen else WELL
