"""Stretches of activity after a file gave its state: what is told changes, and only what is told."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flux.model.register import Validity
from flux.register.given import State
from flux.register.merge import merge_stretches

TODAY = date(2026, 11, 28)
YESTERDAY = date(2026, 11, 27)
PAST, LONG_PAST, FUTURE = date(2025, 6, 30), date(2020, 1, 1), date(2027, 1, 31)
ACTIVE, INACTIVE = State(), State(is_active=False)
ALWAYS = Validity()
OVER = Validity(start=LONG_PAST, end=PAST)


@pytest.mark.parametrize(
    ("held", "state", "expected"),
    [
        ((), ACTIVE, (ALWAYS,)),
        ((), State(start=PAST), (Validity(start=PAST),)),
        ((), INACTIVE, ()),
        ((), State(is_active=False, start=LONG_PAST, end=PAST), (OVER,)),
        ((ALWAYS,), ACTIVE, (ALWAYS,)),
        ((ALWAYS,), State(start=PAST), (Validity(start=PAST),)),
        ((ALWAYS,), State(end=FUTURE), (Validity(end=FUTURE),)),
        ((Validity(end=FUTURE),), ACTIVE, (ALWAYS,)),
        ((ALWAYS,), INACTIVE, (Validity(end=YESTERDAY),)),
        ((ALWAYS,), State(is_active=False, end=PAST), (Validity(end=PAST),)),
        ((OVER,), INACTIVE, (OVER,)),
        ((OVER,), State(is_active=False, end=YESTERDAY), (Validity(start=LONG_PAST, end=YESTERDAY),)),
        ((OVER,), ACTIVE, (OVER, Validity(start=TODAY))),
        ((OVER,), State(start=date(2026, 1, 1)), (OVER, Validity(start=date(2026, 1, 1)))),
        ((OVER,), State(start=LONG_PAST), (Validity(start=LONG_PAST),)),
        ((OVER,), State(end=PAST), (OVER,)),
        ((Validity(start=TODAY), OVER), INACTIVE, (OVER,)),
    ],
)
def test_a_state_closes_begins_and_corrects(
    held: tuple[Validity, ...], state: State, expected: tuple[Validity, ...]
) -> None:
    assert merge_stretches(held, state, TODAY) == expected


days = st.none() | st.dates(LONG_PAST, FUTURE)
states = st.builds(State, is_active=st.booleans(), start=days, end=days).filter(
    lambda state: state.start is None or state.end is None or state.start <= state.end
)


@given(st.lists(states, max_size=5), states)
def test_the_same_state_told_again_changes_nothing(told: list[State], last: State) -> None:
    held: tuple[Validity, ...] = ()
    for state in [*told, last]:
        held = merge_stretches(held, state, TODAY)
    assert set(merge_stretches(held, last, TODAY)) == set(held)


@given(st.lists(states, max_size=5))
def test_a_state_without_days_decides_of_today(told: list[State]) -> None:
    held: tuple[Validity, ...] = ()
    for state in told:
        held = merge_stretches(held, state, TODAY)
    for state in (ACTIVE, INACTIVE):
        merged = merge_stretches(held, state, TODAY)
        future = any(each.start is not None and each.start > TODAY for each in held)
        assert any(each.holds_on(TODAY) for each in merged) is state.is_active or future


@given(st.lists(states, max_size=5), st.integers(1, 3000))
def test_a_state_without_days_leaves_the_past_alone(told: list[State], days_ago: int) -> None:
    held: tuple[Validity, ...] = ()
    for state in told:
        held = merge_stretches(held, state, TODAY)
    day = TODAY - timedelta(days=days_ago)
    was = any(each.holds_on(day) for each in held)
    assert any(each.holds_on(day) for each in merge_stretches(held, INACTIVE, TODAY)) is was
