"""What a PDF would do by itself once it is opened: scripts, programs that it starts, media that it plays.

Names are looked for in the bytes of the file and in those of its compressed objects, within bounds; nothing is interpreted,
and what is encrypted is not seen. A file inside the file is no action: every Factur-X holds one. Sources: ISO 32000-2
§7.3.5 (names, whose characters may be written in hexadecimal), §7.5.7 (object streams), §12.6 (actions).
"""

import re
import zlib
from collections.abc import Iterator

from flux.model.limits import MEBIBYTE

# Objects are compressed by hundreds: a PDF of 10,000 objects has fewer streams, and none inflates to as much.
_STREAMS = 256
_STREAM_BYTES = MEBIBYTE
_INFLATED_BYTES = 16 * MEBIBYTE
# A stream's dictionary is a few numbers.
_DICTIONARY_BYTES = 1024


def _spell(name: str) -> bytes:
    """A name, less its slash, as a pattern: each character itself, or its code behind a number sign."""
    return "".join(f"(?:{sign}|#{ord(sign) >> 4:x}(?i:{ord(sign) & 15:x}))" for sign in name).encode()


_ENDS = rb"(?![^\0\t\n\f\r ()<>\[\]{}/%])"
# An OpenAction that is an array is the page to open at; AA is followed by a dictionary or by the number of one.
_NAMES = (
    *(_spell(name) + _ENDS for name in ("JavaScript", "Launch", "RichMedia")),
    _spell("OpenAction") + _ENDS + rb"(?!\s*\[)",
    _spell("AA") + rb"(?=\s*<<|\s+\d{1,10}\s+\d{1,5}\s+R)",
)
# The slash stands once, before what may follow it: 100 MB of slashes are passed over in a second.
_ACTION = re.compile(rb"/(?=[JLROA#])(?:" + b"|".join(_NAMES) + rb")")
_OBJECT_STREAM = re.compile(rb"/(?=[O#])" + _spell("ObjStm") + _ENDS)
_STREAM = re.compile(_spell("ObjStm") + _ENDS)
_STREAM = re.compile(rb"stream\r?\n")
_ESCAPE = re.compile(r"#([0-9A-Fa-f]{2})")


def find_action(data: bytes) -> str | None:
    """The name of the first action that a PDF holds, None where it lies still."""
    for part in (data, *_compressed_objects(data)):
        found = _ACTION.search(part)
        if found is not None:
            return _ESCAPE.sub(lambda code: chr(int(code[1], 16)), found[0].decode("ascii"))
    return None


def _compressed_objects(data: bytes) -> Iterator[bytes]:
    """The object streams, inflated, none further than its bound."""
    left = _INFLATED_BYTES
    for count, named in enumerate(_OBJECT_STREAM.finditer(data)):
        begin = _STREAM.search(data, named.end(), named.end() + _DICTIONARY_BYTES)
        if count == _STREAMS or left <= 0:
            return
        if begin is not None:
            inflated = _inflate(memoryview(data)[begin.end() :], min(left, _STREAM_BYTES))
            left -= len(inflated)
            yield inflated


def _inflate(packed: memoryview, most: int) -> bytes:
    """As much as there is; nothing where it is compressed otherwise."""
    try:
        return zlib.decompressobj().decompress(packed, most)
    except zlib.error:
        return b""
