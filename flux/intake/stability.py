"""When a file is whole. Pure: looks and the time go in, whole files come out."""

from collections.abc import Iterable
from dataclasses import dataclass

from flux.intake.settings import IntakeSettings

# Partner and name: a bare name would drop a same-named file of another folder.
FileKey = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One sight of a regular file in a partner's folder; `partner` is empty for a file that lies in the inbox itself.

    `inode` is 0 where the file is remote. `is_marked` is true where its marker lies beside it.
    """

    partner: str
    name: str
    size_bytes: int
    mtime_ns: int
    inode: int = 0
    is_marked: bool = False

    @property
    def key(self) -> FileKey:
        """What names the file."""
        return self.partner, self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sight:
    look: Look
    since: float
    times: int  # how often it was seen just like this


def is_takeable(name: str, settings: IntakeSettings) -> bool:
    """True where a file of this name may ever be a flow: not hidden, not temporary, not a marker."""
    if name.startswith(".") or name.lower().endswith(settings.temporary_suffixes):
        return False
    return not (settings.marker_suffix and name.endswith(settings.marker_suffix))


class StabilityTracker:
    """Remembers the last look at each file; a file that goes on changing is waited for without end."""

    def __init__(self, settings: IntakeSettings) -> None:
        self._settings = settings
        self._sights: dict[FileKey, _Sight] = {}
        self._next_due: float | None = None

    def observe(self, looks: Iterable[Look], now: float, renamed: frozenset[FileKey] = frozenset()) -> list[Look]:
        """The files that are whole, given all that lies there `now` (seconds, monotonic).

        `renamed` are the files that an event saw renamed into place: these were written before.
        """
        takeable = [look for look in looks if is_takeable(look.name, self._settings)]
        self._sights = {look.key: _see(look, self._sights.get(look.key), now) for look in takeable}
        whole = {key: sight.look for key, sight in self._sights.items() if self._is_whole(sight, renamed, now)}
        dues = (sight.since + self._settings.stable_seconds for key, sight in self._sights.items() if key not in whole)
        # A marker comes when it comes: nothing to wait for.
        self._next_due = None if self._settings.marker_suffix else min(dues, default=None)
        return list(whole.values())

    def _is_whole(self, sight: _Sight, renamed: frozenset[FileKey], now: float) -> bool:
        if self._settings.marker_suffix:
            return sight.look.is_marked
        return sight.look.key in renamed or (sight.times > 1 and now - sight.since >= self._settings.stable_seconds)

    def still_seconds(self, key: FileKey, now: float) -> float:
        """How long the file has lain still, as far as we have seen; 0 for one that we do not know."""
        sight = self._sights.get(key)
        return now - sight.since if sight is not None else 0.0

    def look_later(self, now: float) -> None:
        """A whole file was left where it lies: it is looked at again soon."""
        due = now + self._settings.stable_seconds
        self._next_due = due if self._next_due is None else min(due, self._next_due)

    def look_again(self, key: FileKey, now: float) -> None:
        """Begin anew with a file that was not whole after all."""
        self._sights.pop(key, None)
        self._next_due = now + self._settings.stable_seconds

    def due_in(self, now: float) -> float | None:
        """Seconds until the first of the files that were not whole may be, if it lies still; None where there is none."""
        return None if self._next_due is None else max(0.0, self._next_due - now)


def _see(look: Look, before: _Sight | None, now: float) -> _Sight:
    if before is None or before.look != look:
        return _Sight(look=look, since=now, times=1)
    return _Sight(look=look, since=before.since, times=before.times + 1)
