"""The files that a PDF carries, by name, with the content of those that are asked for. Imported when a PDF comes: pypdf takes 0.15 s.

Attachments stand in the name tree of embedded files and in the catalogue's associated files; only the objects on the way
to them are read, never a page. Sources: ISO 32000-2 §7.11.4, §7.9.6 and §14.13.
"""

import struct
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from functools import cache
from io import BytesIO
from typing import NamedTuple

from pypdf import Configuration, PdfReader, apply_configuration
from pypdf.errors import DependencyError, DeprecationError, FileNotDecryptedError, LimitReachedError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject, StreamObject

from flux.model.limits import MEBIBYTE, Limits

# A name tree of that many nodes, or files, holds more than any invoice.
_MOST_NODES = 1000
# What an object on the way may inflate to: the compressed objects of a PDF of 10,000 stay below it.
_STRUCTURE_BYTES = MEBIBYTE
# An object is compressed with many others, and all are read to read one: beyond that many streams, a file wants our time.
_MOST_STREAMS = 16
_MOST_FILTERS = 4
# An object that a damaged PDF misplaced is looked for from its first byte to its last, 1 to 3 s for every 100 MiB.
_SEARCHED_BYTES = 256 * MEBIBYTE

# What a damaged or hostile file makes pypdf raise.
_DAMAGE = (
    PyPdfError,
    DependencyError,
    DeprecationError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


class PdfFault(Enum):
    """Why the files of a PDF cannot be read."""

    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    TOO_LARGE = "too large"


class Attachment(NamedTuple):
    """A file of a PDF. `content` is None where nobody asked for it."""

    name: str
    content: bytes | None


# Which of these files, by their names, are to be opened.
Selection = Callable[[Sequence[str]], frozenset[str]]


def read_attachments(data: bytes, select: Selection, limits: Limits) -> tuple[Attachment, ...] | PdfFault:
    """The files of a PDF, each once, in its order.

    A sound PDF is read as the format says, which spares a look at each of its objects; what that refuses is mended.
    """
    with apply_configuration(_bounds(_STRUCTURE_BYTES)):
        try:
            return _read(_Reader(data, strict=True), select, limits)
        except _DAMAGE:
            pass
        try:
            return _read(_Reader(data, strict=False), select, limits)
        except FileNotDecryptedError:
            return PdfFault.ENCRYPTED
        except _DAMAGE:
            return PdfFault.DAMAGED


@cache
def _bounds(inflated_bytes: int) -> Configuration:
    """What pypdf may make of a stream, which is no longer than its file; no other program is run for it."""
    return Configuration(
        maximum_declared_stream_length=sys.maxsize,
        array_based_stream_maximum_output_length=inflated_bytes,
        brotli_maximum_output_length=inflated_bytes,
        lzw_maximum_output_length=inflated_bytes,
        run_length_maximum_output_length=inflated_bytes,
        zlib_maximum_output_length=inflated_bytes,
        jbig2dec_binary=None,
        disable_legacy_handling=True,
    )


class _Bytes(BytesIO):
    """The bytes of a PDF, which may be searched as a whole only so often."""

    searched_bytes = 0

    def getbuffer(self) -> memoryview:
        """All the bytes. Raises LimitReachedError."""
        whole = super().getbuffer()
        self.searched_bytes += whole.nbytes
        if self.searched_bytes > _SEARCHED_BYTES:
            whole.release()
            raise LimitReachedError("too many objects are not where the file says")
        return whole


class _Reader(PdfReader):
    """A reader that gives up on a file made to keep it busy."""

    def __init__(self, data: bytes, *, strict: bool) -> None:
        self._streams: set[int] = set()
        super().__init__(_Bytes(data), strict=strict)

    def get_object(self, indirect_reference: int | IndirectObject) -> PdfObject | None:
        """The object that a reference names. Raises LimitReachedError."""
        number = indirect_reference if isinstance(indirect_reference, int) else indirect_reference.idnum
        if number in self.xref_objStm:
            self._streams.add(self.xref_objStm[number][0])
            if len(self._streams) > _MOST_STREAMS:
                raise LimitReachedError("objects are spread over too many streams")
        return super().get_object(indirect_reference)


class _TooLargeError(Exception):
    """A file is over the bound."""


class _File(NamedTuple):
    """A file by its name, and the object that holds its bytes."""

    name: str
    stream: PdfObject


def _read(reader: PdfReader, select: Selection, limits: Limits) -> tuple[Attachment, ...] | PdfFault:
    files = tuple(_files(reader.root_object))
    selected = select([file.name for file in files])
    try:
        return tuple(
            Attachment(file.name, _content_of(file, limits) if file.name in selected else None) for file in files
        )
    except _TooLargeError:
        return PdfFault.TOO_LARGE


def _content_of(file: _File, limits: Limits) -> bytes:
    """What a file holds. Raises _TooLargeError."""
    stream = file.stream
    if not isinstance(stream, StreamObject) or len(_items(_entry(stream, "/Filter"))) > _MOST_FILTERS:
        raise TypeError(f"{file.name} is no file")
    if _has_predictor(stream):
        return stream.get_data()
    try:
        with apply_configuration(_bounds(limits.member_bytes)):
            content = stream.get_data()
    except LimitReachedError as error:
        raise _TooLargeError from error
    if len(content) > limits.member_bytes:
        raise _TooLargeError
    return content


def _has_predictor(stream: StreamObject) -> bool:
    """True for what is compressed as pictures are, a row after another; that takes a minute for 50 MB, and suits no text."""
    parameters = _entry(stream, "/DecodeParms")
    return any(_entry(each, "/Predictor") is not None for each in (parameters, *_items(parameters)))


def _files(catalogue: PdfObject) -> Iterator[_File]:
    """The files of a PDF, each once: one that is both named and associated is one."""
    seen: set[int] = set()
    for specification in (*_named_files(catalogue), *_items(_entry(catalogue, "/AF"))):
        file = _read_specification(specification)
        if file is not None and id(file.stream) not in seen:
            seen.add(id(file.stream))
            yield file


def _named_files(catalogue: PdfObject) -> Iterator[PdfObject]:
    """The file specifications of the name tree /Names /EmbeddedFiles; a tree that bites its tail is read once."""
    waiting = [_entry(_entry(catalogue, "/Names"), "/EmbeddedFiles")]
    visited: set[int] = set()
    count = 0
    while waiting and len(visited) < _MOST_NODES and count < _MOST_NODES:
        node = waiting.pop()
        if node is None or id(node) in visited:
            continue
        visited.add(id(node))
        named = _items(_entry(node, "/Names"))[1::2]
        count += len(named)
        yield from named
        waiting.extend(_items(_entry(node, "/Kids")))


def _read_specification(specification: PdfObject) -> _File | None:
    name = _entry(specification, "/UF", "/F")
    stream = _entry(_entry(specification, "/EF"), "/F", "/UF")
    return _File(str(name), stream) if name is not None and stream is not None else None


def _entry(holder: PdfObject | None, *keys: str) -> PdfObject | None:
    """What a dictionary holds under the first of the keys that it has, references followed; None where it is no dictionary."""
    if not isinstance(holder, DictionaryObject):
        return None
    return next((holder[key].get_object() for key in keys if key in holder), None)


def _items(array: PdfObject | None) -> list[PdfObject]:
    """The first entries of an array, references followed."""
    if not isinstance(array, ArrayObject):
        return []
    found = (item.get_object() for item in array[: 2 * _MOST_NODES])
    return [item for item in found if item is not None]
