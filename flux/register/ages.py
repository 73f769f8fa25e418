"""How old the sources are: one too old to be believed is stale."""

from collections.abc import Iterable
from datetime import date, datetime

from flux.model.paris import in_paris
from flux.model.register import RegisterSource, SourceState
from flux.register.settings import RegisterSettings


def is_stale(imported_at: datetime, max_age_days: int, today: date) -> bool:
    """True where more days have gone by, on the clocks of Paris, than are allowed; 0 allows any number."""
    return bool(max_age_days) and (today - in_paris(imported_at).date()).days > max_age_days


def judge_age(
    source: RegisterSource, version: str, imported_at: datetime, settings: RegisterSettings, today: date
) -> SourceState:
    """The state of a source on a day."""
    stale = is_stale(imported_at, settings.max_age_days(source), today)
    return SourceState(source=source, version=version, imported_at=imported_at, is_stale=stale)


def in_order(states: Iterable[SourceState]) -> tuple[SourceState, ...]:
    """The states in the order in which sources are named."""
    order = list(RegisterSource)
    return tuple(sorted(states, key=lambda state: order.index(state.source)))
