"""How often trouble that lasts is told."""

from flux.model.repeats import Repeats


def test_trouble_is_told_when_it_begins_then_once_a_minute_with_how_often_it_was_met() -> None:
    trouble = Repeats()
    assert [trouble.meet(second) for second in (0, 1, 59, 60, 61, 120)] == [1, None, None, 3, None, 2]


def test_its_end_is_told_once_and_what_comes_later_is_another_trouble() -> None:
    trouble = Repeats()
    trouble.meet(0)
    trouble.meet(1)
    assert (trouble.end(), trouble.end(), trouble.meet(2)) == (True, False, 1)
