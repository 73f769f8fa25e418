"""A unit: one invoice of a document that holds many, judged as a document of its own that was cut from the whole."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPlace:
    """Where a cut document stands in the whole one.

    `unit` counts from 0. The cut document is the head of the whole one, the unit, the tail; lines are counted from 1, as
    the whole document has them and as the cut one has them. `content` is the range of the cut document's bytes that
    makes two invoices the same: the unit without its start tag, which numbers it.
    """

    unit: int
    line: int
    cut_line: int
    tail_line: int
    cut_tail_line: int
    content: tuple[int, int]

    def line_of(self, cut_line: int, *, is_in_unit: bool) -> int:
        """A line of the cut document as the whole one counts it."""
        if is_in_unit:
            return cut_line + self.line - self.cut_line
        is_head = cut_line < self.cut_tail_line or cut_line <= self.cut_line
        return cut_line if is_head else cut_line + self.tail_line - self.cut_tail_line
