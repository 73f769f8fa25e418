"""Lines of a document cut from a larger one."""

import pytest

from flux.model.unit import UnitPlace

# A head of four lines, units of ten, the third of which was cut, and a tail.
PLACE = UnitPlace(unit=2, line=25, cut_line=5, tail_line=44, cut_tail_line=14, content=(0, 0))


@pytest.mark.parametrize(
    ("cut_line", "is_in_unit", "line"),
    [
        (1, False, 1),  # the head stays
        (5, False, 5),  # its last line, where the unit begins too
        (5, True, 25),
        (14, True, 34),
        (14, False, 44),  # the tail moves behind all units
        (16, False, 46),
    ],
)
def test_a_line_is_told_as_the_whole_document_counts_it(cut_line: int, *, is_in_unit: bool, line: int) -> None:
    assert PLACE.line_of(cut_line, is_in_unit=is_in_unit) == line
