import pytest

from flux.intake.settings import IntakeSettings
from flux.intake.stability import Look, StabilityTracker

SETTINGS = IntakeSettings(stable_seconds=1.0)


def look(name: str = "a.xml", size: int = 10, mtime: int = 5, inode: int = 1, *, is_marked: bool = False) -> Look:
    return Look(partner="acme", name=name, size_bytes=size, mtime_ns=mtime, inode=inode, is_marked=is_marked)


@pytest.mark.parametrize(
    ("sights", "is_whole"),
    [
        # one look proves nothing, however long ago it was written
        ([(0.0, look())], False),
        # two looks, but too close
        ([(0.0, look()), (0.9, look())], False),
        # two looks, far enough apart
        ([(0.0, look()), (1.0, look())], True),
        # many close looks add up
        ([(0.0, look()), (0.5, look()), (1.0, look())], True),
        # it grew
        ([(0.0, look()), (1.0, look(size=11))], False),
        # it was written again, to the same size
        ([(0.0, look()), (1.0, look(mtime=6))], False),
        # it was replaced by another of the same size and age
        ([(0.0, look()), (1.0, look(inode=2))], False),
        # it grew, then lay still: the time counts from the growth
        ([(0.0, look()), (1.0, look(size=11)), (1.9, look(size=11))], False),
        ([(0.0, look()), (1.0, look(size=11)), (2.0, look(size=11))], True),
        # empty files are files
        ([(0.0, look(size=0)), (1.0, look(size=0))], True),
    ],
)
def test_a_file_is_whole_when_two_looks_a_while_apart_see_the_same(
    sights: list[tuple[float, Look]], *, is_whole: bool
) -> None:
    tracker = StabilityTracker(SETTINGS)
    whole = [tracker.observe([sight], now) for now, sight in sights]
    assert bool(whole[-1]) is is_whole


def test_a_slow_writer_is_waited_for_however_long_it_takes() -> None:
    tracker = StabilityTracker(SETTINGS)
    for second in range(10_000):
        assert tracker.observe([look(size=second)], float(second)) == []
    assert tracker.observe([look(size=9_999)], 10_000.0) == [look(size=9_999)]


def test_a_file_that_left_and_came_back_is_looked_at_anew() -> None:
    tracker = StabilityTracker(SETTINGS)
    tracker.observe([look()], 0.0)
    tracker.observe([], 0.5)
    assert tracker.observe([look()], 1.0) == []


def test_a_file_renamed_into_place_is_whole_at_once() -> None:
    tracker = StabilityTracker(SETTINGS)
    assert tracker.observe([look()], 0.0, frozenset({("acme", "a.xml")})) == [look()]


def test_the_same_name_in_another_folder_is_another_file() -> None:
    tracker = StabilityTracker(SETTINGS)
    assert tracker.observe([look()], 0.0, frozenset({("other", "a.xml")})) == []


@pytest.mark.parametrize(
    "name",
    [
        ".a.xml",  # hidden
        "a.xml.part",
        "a.xml.PART",
        "a.xml.filepart",  # WinSCP
        "a.xml.tmp",
        "a.xml~",  # editors
    ],
)
def test_a_temporary_name_is_never_taken_even_when_renamed_to(name: str) -> None:
    tracker = StabilityTracker(SETTINGS)
    renamed = frozenset({("acme", name)})
    tracker.observe([look(name)], 0.0, renamed)
    assert tracker.observe([look(name)], 9.0, renamed) == []


def test_with_markers_a_marked_file_is_whole_at_once_and_no_other_ever() -> None:
    tracker = StabilityTracker(IntakeSettings(marker_suffix=".done"))
    marked, other = look("a.xml", is_marked=True), look("b.xml")
    tracker.observe([marked, other], 0.0, frozenset({other.key}))
    assert tracker.observe([marked, other], 99.0, frozenset({other.key})) == [marked]


def test_a_marker_is_no_flow() -> None:
    tracker = StabilityTracker(IntakeSettings(marker_suffix=".done"))
    assert tracker.observe([look("a.xml.done", is_marked=True)], 0.0) == []


@pytest.mark.parametrize(
    ("looks", "now", "due"),
    [
        ([], 0.0, None),  # nothing to wait for
        ([look()], 0.25, 0.75),
        ([look()], 5.0, 0.0),  # overdue: look again at once
    ],
)
def test_it_says_how_long_to_wait_for_the_next_file(looks: list[Look], now: float, due: float | None) -> None:
    tracker = StabilityTracker(SETTINGS)
    tracker.observe(looks, 0.0)
    assert tracker.due_in(now) == due


def test_without_any_delay_two_looks_are_still_needed() -> None:
    tracker = StabilityTracker(IntakeSettings(stable_seconds=0.0))
    assert tracker.observe([look()], 0.0) == []
    assert tracker.due_in(0.0) == 0.0
    assert tracker.observe([look()], 0.0) == [look()]
