"""Excerpts: the lines of a document around a fault, the fault marked, harmless to show.

A line of reasonable length is shown as it stands; a long one, or a document on a single line, is broken between its tags.
"""

import codecs
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, takewhile
from operator import attrgetter
from typing import NamedTuple

from flux.formats.offsets import Offsets, Span, find_offsets
from flux.model.excerpt import Excerpt, ExcerptRow, Spot
from flux.model.masking import mask_account, mask_mistyped_accounts

# Before and after the line of the fault.
NEIGHBOURS = 2
# Characters of a row; with its neighbours an excerpt stays near 500.
ROW_CHARACTERS = 110
# What is left in view before the mark where a row is cut on its left.
_LEAD_CHARACTERS = 24
# How much of the document is looked at on either side of the fault; more than all rows can show.
_REACH_BYTES = 2_000
_TAB = "    "
_CUT = "…"

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARED = re.compile(rb"""\s*<\?xml\s[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_UTF_8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
_BREAK = re.compile(rb"(?<=>)(?<!\]\]>)(?=<(?!!))")


def cut_excerpts(data: bytes, spots: Iterable[Spot]) -> Mapping[Spot, Excerpt]:
    """The excerpt of each spot that the document has."""
    wanted = tuple(spots)
    if not wanted:
        return {}
    text = _to_utf_8(data)
    offsets = find_offsets(text, [spot.xpath for spot in wanted if spot.xpath is not None])
    document = _Text(text, offsets)
    spans = ((spot, document.span_of(spot)) for spot in wanted)
    return {spot: Excerpt(rows=document.rows_around(span)) for spot, span in spans if span is not None}


def _to_utf_8(data: bytes) -> bytes:
    """The same document in UTF-8, less its mark: lines and columns stay."""
    marked = next((name for start, name in _MARKS if data.startswith(start)), None)
    declared = _DECLARED.match(data)
    name = marked or (declared[1].decode("ascii") if declared else "utf-8")
    if name.lower() in _UTF_8:
        return data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode(name, errors="replace")
    except (LookupError, UnicodeError):  # an encoding that does not exist, or that is none of text
        text = data.decode("latin-1")
    return text.encode("utf-8", errors="replace")


class _Row(NamedTuple):
    """A stretch of the document that is shown on one row; `line` is None where it does not begin a line."""

    line: int | None
    start: int
    end: int


class _Text:
    """A document in UTF-8 and where its elements stand."""

    def __init__(self, data: bytes, offsets: Offsets) -> None:
        self._data = data
        self._offsets = offsets

    def span_of(self, spot: Spot) -> Span | None:
        """The bytes that a spot means: its element, else what stands in its line."""
        if spot.xpath in self._offsets.elements:
            return self._offsets.elements[spot.xpath]
        if spot.line is None:
            return None
        start = self._start_of_line(spot.line)
        if start is None:
            return None
        end = self._end_of_line(start)
        if spot.column is None:
            return self._strip(Span(start, end))
        return self._stop(start, min(start + spot.column, end))

    def _stop(self, start: int, stopped: int) -> Span | None:
        """What a parser read last; where nothing stands in the line yet, what stands before it."""
        if not self._data[start:stopped].strip():
            start = max(0, stopped - _REACH_BYTES)
            stopped = start + len(self._data[start:stopped].rstrip())
        begun = self._data.rfind(b"<", start, stopped)
        return self._strip(Span(max(start, begun, stopped - ROW_CHARACTERS // 2), stopped))

    def _start_of_line(self, line: int) -> int | None:
        start = 0
        for _ in range(line - 1):
            start = self._data.find(b"\n", start) + 1
            if start == 0:
                return None
        return start

    def _end_of_line(self, start: int) -> int:
        end = self._data.find(b"\n", start)
        return len(self._data) if end < 0 else end

    def _strip(self, span: Span) -> Span | None:
        """The span less outer white space, None where nothing is left; of an endless line, its beginning."""
        text = self._data[span.start : min(span.end, span.start + _REACH_BYTES)]
        start = span.start + len(text) - len(text.lstrip())
        return Span(start, start + len(text.strip())) if text.strip() else None

    def rows_around(self, span: Span) -> tuple[ExcerptRow, ...]:
        """The row in which the span begins, marked, and its neighbours."""
        rows = list(self._rows_near(span))
        here = next(index for index, row in enumerate(rows) if row.start <= span.start < max(row.end, row.start + 1))
        shown = rows[max(0, here - NEIGHBOURS) : here + NEIGHBOURS + 1]
        marked = rows[here]
        end = min(span.end, marked.end)
        margin = min(self._margin_of(row) for row in shown)
        return tuple(self._show(row, margin, Span(span.start, end) if row is marked else None) for row in shown)

    def _rows_near(self, span: Span) -> Iterator[_Row]:
        """The rows within reach that are not empty; those that reach cuts are left out, but for the row of the span."""
        low, high = self._reach(span)
        line = self._data.count(b"\n", 0, low) + 1
        start = low
        while start < high:
            end = min(self._end_of_line(start), high)
            for row in self._rows_of_line(line, Span(start, end), whole=span):
                is_here = row.start <= span.start < row.end
                is_whole = (row.start > low or low == 0) and (row.end < high or high == len(self._data))
                if is_here or (is_whole and self._data[row.start : row.end].strip()):
                    yield row
            line, start = line + 1, end + 1

    def _reach(self, span: Span) -> Span:
        """What is looked at, no character of it split."""
        low, high = max(0, span.start - _REACH_BYTES), min(len(self._data), span.start + _REACH_BYTES)
        while low > 0 and self._data[low] & 0xC0 == 0x80:
            low += 1
        while high < len(self._data) and self._data[high] & 0xC0 == 0x80:
            high -= 1
        return Span(low, high)

    def _rows_of_line(self, line: int, span: Span, *, whole: Span) -> Iterator[_Row]:
        """A line, in pieces where it is long; what is at fault stays `whole`."""
        begins = span.start == 0 or self._data[span.start - 1] == ord("\n")
        is_short = span.end - span.start <= ROW_CHARACTERS and begins
        breaks = () if is_short else (span.start + each.start() for each in _BREAK.finditer(self._data[slice(*span)]))
        start = span.start
        for end in (*(each for each in breaks if not whole.start < each < whole.end), span.end):
            yield _Row(line if begins and start == span.start else None, start, end)
            start = end

    def _margin_of(self, row: _Row) -> int:
        """How many characters of indentation a row has."""
        text = self._decode(row.start, row.end)
        return len(text) - len(text.lstrip())

    def _show(self, row: _Row, margin: int, mark: Span | None) -> ExcerptRow:
        if mark is None:
            text = self._decode(row.start, row.end)[margin:].rstrip()
            return ExcerptRow(line=row.line, before=_cut_right(text, ROW_CHARACTERS))
        before = self._decode(row.start, mark.start)[margin:]
        marked = self._decode(mark.start, mark.end)
        after = self._decode(mark.end, row.end).rstrip()
        room = ROW_CHARACTERS - min(len(marked), ROW_CHARACTERS - _LEAD_CHARACTERS)
        before = _cut_left(before, max(_LEAD_CHARACTERS, room - len(after)))
        marked = _cut_right(marked, ROW_CHARACTERS - len(before))
        return ExcerptRow(
            line=row.line,
            before=before,
            marked=marked,
            after=_cut_right(after, max(1, ROW_CHARACTERS - len(before) - len(marked))),
        )

    def _decode(self, start: int, end: int) -> str:
        """A stretch as it may be shown: accounts masked before anything is cut, no character that acts."""
        accounts, shown, position = self._offsets.accounts, [], start
        first = bisect_right(accounts, start, key=attrgetter("end"))
        for account in takewhile(lambda each: each.start < end, islice(accounts, first, None)):
            shown.append(self._plain(position, max(position, account.start)))
            shown.append(self._masked(account, start, end))
            position = min(account.end, end)
        shown.append(self._plain(position, end))
        return "".join(shown)

    def _plain(self, start: int, end: int) -> str:
        return _make_inert(mask_mistyped_accounts(self._data[start:end].decode("utf-8", errors="replace")))

    def _masked(self, account: Span, start: int, end: int) -> str:
        is_whole = start <= account.start and account.end <= end
        text = self._data[account.start : account.end][:_REACH_BYTES].decode("utf-8", errors="replace").strip()
        is_plain = is_whole and "<" not in text and "&" not in text
        return (_make_inert(mask_account(text)) if is_plain else _CUT) if text else ""


def _make_inert(text: str) -> str:
    """Spaces for tabs, and a sign for whatever has no shape of its own: controls, and what turns the direction of writing."""
    spaced = (" " if sign.isspace() and sign != "\t" else sign for sign in text)
    return "".join(sign if sign.isprintable() or sign == "\t" else "\ufffd" for sign in spaced).replace("\t", _TAB)


def _cut_left(text: str, room: int) -> str:
    return text if len(text) <= room else _CUT + text[1 - room :]


def _cut_right(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1] + _CUT
