"""Where the invoices of a CPP document stand in its bytes, found in one pass that keeps nothing of what it reads.

CPPFacturePivot and CPPFactureMixte hold any number of invoices (units) between a head, with the envelope, and a tail.
Head, one unit and tail are a valid document again: so that each unit is judged, sent again or forwarded by itself,
whatever the size of the whole. Bytes between two units must be white space, comments or instructions; they belong to no
unit. Positions are those of expat, which counts bytes and lines of the source in whatever encoding it reads.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple
from xml.parsers import expat

from flux.intake.member import Unit, Units, observe
from flux.model.finding import Observation
from flux.model.limits import Limits

UNIT_OF = {"CPPFacturePivot": "CPPFacturePivotUnitaire", "CPPFactureMixte": "CPPFactureMixteUnitaire"}
FACTURES = "CPPFactures"

# Enough to see the root of any document that does not begin with a long comment.
SNIFFED_BYTES = 4096
_MARKS = tuple("CPPFacture".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))

# A parser keeps a tag, a comment or an instruction whole; none of an invoice is ever that long.
TOKEN_BYTES = 2**20
# Head and tail are read again with every unit; an envelope takes two kilobytes.
FRAME_BYTES = 2**18
# A parser keeps every name that it has met; the message has a hundred.
NAMES = 10_000

_XML_SPACE = " \t\r\n"

# What pyexpat raises where the declared encoding is none that Python knows, or none of single bytes: the reader tells it.
_UNKNOWN_ENCODING = (LookupError, ValueError)


def may_hold_units(head: bytes) -> bool:
    """False for the first bytes of what is certainly no CPP document."""
    return any(mark in head for mark in _MARKS)


def index_units(pieces: Iterable[bytes], limits: Limits) -> Units | Observation | None:
    """The units of a document that comes in pieces; or why it cannot be read to its end; or None for any other document.

    None too for one that is no CPP document of the usual build: it is to be judged as a whole.
    """
    indexer = _Indexer(limits)
    try:
        for piece in pieces:
            indexer.feed(piece)
        return indexer.finish()
    except (_Unusual, *_UNKNOWN_ENCODING):
        return None
    except _Refused as refused:
        return refused.observation
    except expat.ExpatError as error:
        words = expat.ErrorString(error.code)
        observation = observe("XML_SYNTAX", f"le document n'est pas bien formé ({words})", f"not well-formed ({words})")
        column = ("column", str(error.offset + 1))
        return Observation(code="XML_SYNTAX", line=error.lineno, facts=(column, *observation.facts))


class _Unusual(Exception):
    """Not a CPP document, or one of another build than the usual."""


class _Refused(Exception):
    """A document that nobody should read to its end."""

    def __init__(self, observation: Observation) -> None:
        super().__init__(observation.code)
        self.observation = observation


class _Begun(NamedTuple):
    """A unit whose end is not yet known."""

    offset: int
    line: int


class _Indexer:
    """One pass over one document."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._names: dict[str, str] = {}
        self._parser = expat.ParserCreate(None, None, self._names)
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._fed = 0
        self._depth = 0
        self._unit_name = ""
        self._factures: int | None = None
        self._is_between = False
        self._begun: _Begun | None = None
        # Where the first child of a unit begins, None while it is awaited.
        self._content: int | None = 0
        self._ended = False
        self._units: list[Unit] = []

    def feed(self, piece: bytes) -> None:
        """Read on. Raises _Unusual, _Refused, ExpatError."""
        self._parser.Parse(piece, False)  # noqa: FBT003 - positional only
        self._fed += len(piece)
        if self._fed - self._parser.CurrentByteIndex > TOKEN_BYTES or len(self._names) > NAMES:
            raise _beyond("token", TOKEN_BYTES)

    def finish(self) -> Units:
        """The units, once all is read. Raises as `feed`."""
        self._parser.Parse(b"", True)  # noqa: FBT003 - positional only
        if not self._units or self._factures is None:
            raise _Unusual
        first, last = self._units[0], self._units[-1]
        tail_offset = last.offset + last.size_bytes
        if first.offset + self._fed - tail_offset > FRAME_BYTES:
            raise _beyond("frame", FRAME_BYTES)
        return Units(
            places=tuple(self._units),
            first=0,
            factures_offset=self._factures,
            head_bytes=first.offset,
            head_line=first.line,
            tail_offset=tail_offset,
            tail_line=last.end_line,
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._content is None:
            self._content = self._parser.CurrentByteIndex
        if self._depth <= 3 or name == self._unit_name:
            self._enter(name, attributes)
        elif self._depth > self._limits.xml_depth:
            raise _beyond("depth", self._limits.xml_depth)

    def _enter(self, name: str, attributes: dict[str, str]) -> None:
        """An element of the frame, or a unit."""
        if self._depth == 1:
            if name not in UNIT_OF or "xmlns" in attributes:
                raise _Unusual
            self._unit_name = UNIT_OF[name]
        elif self._depth == 2 and name == FACTURES:
            if self._factures is not None:
                raise _Unusual
            self._factures = self._parser.CurrentByteIndex
            self._listen(between=True)
        elif self._is_between:
            if name != self._unit_name:
                raise _Unusual
            self._begin()
        elif name == self._unit_name:
            raise _Unusual

    def _begin(self) -> None:
        self._complete()
        if len(self._units) >= self._limits.document_invoices:
            raise _beyond("invoices", self._limits.document_invoices)
        self._begun = _Begun(self._parser.CurrentByteIndex, self._parser.CurrentLineNumber)
        self._content = None
        self._listen(between=False)

    def _end(self, name: str) -> None:
        if self._depth == 3 and self._begun is not None and name == self._unit_name:
            if self._content is None:
                self._content = self._parser.CurrentByteIndex
            self._ended = True
            self._listen(between=True)
        elif self._depth == 2 and self._is_between:
            self._complete()
            self._listen(between=False)
        self._depth -= 1

    def _complete(self, *_: str) -> None:
        """Whatever follows the end of a unit tells where it is."""
        if self._ended and self._begun is not None:
            offset, content = self._begun.offset, self._content or 0
            self._units.append(
                Unit(
                    offset=offset,
                    size_bytes=self._parser.CurrentByteIndex - offset,
                    content=content - offset,
                    line=self._begun.line,
                    end_line=self._parser.CurrentLineNumber,
                )
            )
            self._ended = False
            self._begun = None

    def _read_between(self, text: str) -> None:
        self._complete()
        if text.strip(_XML_SPACE):
            raise _Unusual

    def _refuse_cdata(self) -> None:
        raise _Unusual

    def _refuse_doctype(self, *_: Any) -> None:  # noqa: ANN401 - what the declaration names is of no interest
        raise _Refused(Observation(code="XML_DOCTYPE", found="<!DOCTYPE"))

    def _listen(self, *, between: bool) -> None:
        """Text is looked at between the units only: an attachment is told in a million pieces."""
        self._is_between = between
        self._parser.CharacterDataHandler = self._read_between if between else None
        self._parser.CommentHandler = self._complete if between else None
        self._parser.ProcessingInstructionHandler = self._complete if between else None
        self._parser.StartCdataSectionHandler = self._refuse_cdata if between else None


def _beyond(unit: str, bound: int) -> _Refused:
    return _Refused(Observation(code="XML_LIMIT", found=f"> {bound}", expected=str(bound), facts=(("unit", unit),)))
