"""Trouble that is met again and again, told so that a log can be read: at its change, then once a minute with a count."""

TOLD_AGAIN_SECONDS = 60.0


class Repeats:
    """One kind of trouble. Moments are seconds of one clock that never goes back."""

    def __init__(self) -> None:
        self._told_at: float | None = None
        self._untold = 0

    def meet(self, now: float) -> int | None:
        """How often it was met since it was told last, this time included; None where it is too early to tell again."""
        self._untold += 1
        if self._told_at is not None and now - self._told_at < TOLD_AGAIN_SECONDS:
            return None
        count, self._untold, self._told_at = self._untold, 0, now
        return count

    def end(self) -> bool:
        """True where there was trouble: that it is over is to be told."""
        was_told = self._told_at is not None
        self._told_at, self._untold = None, 0
        return was_told
