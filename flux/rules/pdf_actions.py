"""What a PDF would do by itself once it is opened, or fetch and send once it is clicked at: scripts, programs, forms, media.

Names are looked for in the bytes of the file and in those of its compressed objects, within bounds; nothing is interpreted.
Compressed objects that cannot be looked at whole (beyond the bounds, encrypted, in a compression that no writer uses for
them) are told as such. A file inside the file is no action: every Factur-X holds one. Nor is a link to the web or to a mail address
(URI), which ordinary documents hold: it waits for a click, and readers show where it leads. Sources: ISO 32000-2 §7.3.5 (names, whose characters may be
written in hexadecimal), §7.5.7 (object streams), §12.6 (actions), §12.7.8 (XFA), §13 (media).
"""

import re
import zlib
from collections.abc import Iterator

from flux.model.limits import MEBIBYTE

# What `find_action` says of compressed objects that nobody looked at, where nothing else is found.
UNSEEN = "/ObjStm"
_UNSEEN_REASONS = (
    ("reason_fr", "une partie de ses objets n'a pas pu être regardée"),
    ("reason_en", "part of its objects could not be looked at"),
)

# Objects are compressed by hundreds: a PDF of 100,000 objects has fewer streams, and they inflate to less.
_STREAMS = 4096
_INFLATED_BYTES = 32 * MEBIBYTE
# Of a stream that is damaged, nobody knows how much was inflated: it counts for this.
_DAMAGED_BYTES = MEBIBYTE

_SPACE = rb"[\0\t\n\f\r ]"


def _spell(name: str) -> bytes:
    """A name, less its slash, as a pattern: each character itself, or its code behind a number sign."""
    return "".join(f"(?:{sign}|#{ord(sign) >> 4:x}(?i:{ord(sign) & 15:x}))" for sign in name).encode()


_ENDS = rb"(?![^\0\t\n\f\r ()<>\[\]{}/%])"
_REFERENCE = _SPACE + rb"++\d{1,10}" + _SPACE + rb"++\d{1,5}" + _SPACE + rb"++R"
# The start of a script: readable, in UTF-16, or in hexadecimal.
_TEXT = rb"\((?:[\t\n\r -~]{4}|\xfe\xff|\xff\xfe|\xef\xbb\xbf)|<[0-9A-Fa-f\t\n\r ]{4}"
_ALONE = (
    "JavaScript",
    "Launch",
    "RichMedia",
    "SubmitForm",
    "ImportData",
    "GoToR",
    "GoToE",
    "Rendition",
    "Movie",
    "OnInstantiate",  # the script of a 3D drawing
)
# What must follow each name. One of few characters stands in compressed pictures by chance. An OpenAction that is an array
# is the page to open at; AA is followed by a dictionary, JS by a text, XFA by an array, all by references.
_NAMES = {
    **dict.fromkeys(_ALONE, _ENDS),
    "OpenAction": _ENDS + rb"(?!" + _SPACE + rb"*+\[)",
    "AA": rb"(?=" + _SPACE + rb"*+(?:<<|%)|" + _REFERENCE + rb")",
    "JS": rb"(?=" + _SPACE + rb"*+(?:" + _TEXT + rb")|" + _REFERENCE + rb")",
    "XFA": rb"(?=" + _SPACE + rb"*+[\[%]|" + _REFERENCE + rb")",
}


def _begin_with(sign: str) -> bytes:
    """The names of that first character: it is looked at once for all of them."""
    rests = (_spell(name[1:]) + follows for name, follows in _NAMES.items() if name[0] == sign)
    return _spell(sign) + rb"(?:" + b"|".join(rests) + rb")"


_FIRSTS = "".join(sorted({name[0] for name in _NAMES}))
# The slash stands once, before what may follow it: 100 MB of slashes are passed over in seconds.
_ACTION = re.compile(
    rb"/(?=[" + _FIRSTS.encode() + rb"]|#[45][0-9A-Fa-f])(?:" + b"|".join(map(_begin_with, _FIRSTS)) + rb")"
)
# An object stream says its type, and where its first object begins: some readers ask for the second alone. In an outline
# the same name is followed by a reference.
_OBJECT_STREAM = re.compile(
    rb"/(?=[OF#])(?:"
    + _spell("ObjStm")
    + _ENDS
    + rb"|"
    + _spell("First")
    + _SPACE
    + rb"++\d{1,10}(?!\d|"
    + _SPACE
    + rb"++\d{1,5}"
    + _SPACE
    + rb"++R))"
)
_BEGIN, _END = b"stream", b"endstream"
_LINE_ENDS = (b"\r\n", b"\n", b"\r")
# Numbers and places of the objects, then the first of them: what is compressed twice, or filtered first, looks otherwise.
_OBJECTS = re.compile(rb"[\d\0\t\n\f\r ]*(?:[<\[(/%+\-.]|true|false|null|\Z)")
_ESCAPE = re.compile(r"#([0-9A-Fa-f]{2})")


def find_action(data: bytes) -> str | None:
    """The name of the first action that a PDF holds, `UNSEEN` where one could hide, None where it lies still."""
    found = _ACTION.search(data)
    if found is not None:
        return _name_of(found)
    is_seen = True
    for objects in _compressed_objects(data):
        found = _ACTION.search(objects) if objects is not None else None
        if found is not None:
            return _name_of(found)
        is_seen = is_seen and objects is not None
    return None if is_seen else UNSEEN


def why(action: str) -> tuple[tuple[str, str], ...]:
    """What the sentences of a finding say beside the action; nothing where it is one."""
    return _UNSEEN_REASONS if action == UNSEEN else ()


def _name_of(found: re.Match[bytes]) -> str:
    return _ESCAPE.sub(lambda code: chr(int(code[1], 16)), found[0].decode("ascii"))


def _compressed_objects(data: bytes) -> Iterator[bytes | None]:
    """The object streams, inflated; None for each that cannot be, and for all those beyond the bounds."""
    left = _INFLATED_BYTES
    last = -1
    count = 0
    for named in _OBJECT_STREAM.finditer(data):
        if named.end() <= last:
            continue  # the same dictionary, or a name that stands in the stream by chance
        count += 1
        begin = _skip_line_end(data, data.find(_BEGIN, named.end()))
        last = data.find(_END, begin) if begin >= 0 else -1
        if last < 0 or count > _STREAMS or left <= 0:
            yield None
            return
        objects, size_bytes = _inflate(memoryview(data)[begin:last], left)
        left -= size_bytes
        yield objects


def _skip_line_end(data: bytes, at: int) -> int:
    """Where the bytes of a stream begin, by where its word stands; -1 where it stands nowhere."""
    begin = at + len(_BEGIN)
    return -1 if at < 0 else begin + next((len(each) for each in _LINE_ENDS if data.startswith(each, begin)), 0)


def _inflate(packed: memoryview, most: int) -> tuple[bytes | None, int]:
    """The objects of a stream, whole, and what was inflated, in bytes; None where there is more, or no Flate alone."""
    inflater = zlib.decompressobj()
    try:
        objects = inflater.decompress(packed, most)
    except zlib.error:
        return None, _DAMAGED_BYTES
    is_whole = inflater.eof and not inflater.unused_data.strip() and _OBJECTS.match(objects)
    return (objects if is_whole else None), len(objects)
