"""Wrong inputs made of right ones: each mutator changes a valid document where its format has its joints.

All choices come from the random numbers that it is given, so that a seed gives the same inputs again.
"""

import copy
import gzip
import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Sequence
from random import Random

from lxml import etree

Mutator = Callable[[Random, bytes], bytes]

# Nothing that is made is longer: what is large is the business of the tests of limits.
LONGEST = 1 << 19

_TEXTS = (
    "", " ", "0", "-0", "-1", "+1", "00", "NaN", "INF", "1E400", "1e-400", "9" * 400, "0." + "9" * 90, "1_000", "1,00", "١٢٣",
    "１２.００", "²", "½", "true", "null", "0000-00-00", "0001-01-01", "9999-12-31", "2026-02-30", "20261332", "2026-11-28Z",
    "2026-11-28+14:00", "10000-01-01", "FR", "fr", "ZZ", "EUR", "€€€", "A1", "A9", "B7", "S5", "380", "381", "0009", "0002",
    "00000000000000", "99999999999999", "73282932000074", "FR1420041010050500013M02606", "FR76" + "0" * 60, "AAAAFRPPXXX",
    "a" * 70_000, "\u202e", "\ufeff", "\u2028", "\U0001d11e", "\ufffd", "=1+1", "..", "/", "\\", "%s%n", "{0}", "${x}",
    "<script>alert(1)</script>", "]]>", "'\"", "\t\n\r", "UEsDBBQ=", "JVBERi0=", "====", "A" * 41, "é" * 300, "\u0130", "ß", "ﬁ",
)  # fmt: skip
_NUMBERS = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_BYTES = (
    b"\0",
    b"\xff",
    b"<",
    b">",
    b"&",
    b'"',
    b"\r",
    b"\xc3",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"]]>",
    b"<!--",
    b"&#0;",
    b"&x;",
)


def repeat(one: Mutator, most: int) -> Mutator:
    """The same mutator, once to `most` times."""

    def mutate(random: Random, data: bytes) -> bytes:
        for _ in range(random.randint(1, most)):
            data = one(random, data)
        return data[:LONGEST]

    return mutate


def any_of(*mutators: Mutator) -> Mutator:
    """One of them each time."""
    return lambda random, data: random.choice(mutators)(random, data)


def change_bytes(random: Random, data: bytes) -> bytes:
    """One change of bytes anywhere: replaced, inserted, removed, doubled, moved, cut short."""
    at = random.randrange(len(data) + 1)
    end = min(len(data), at + random.choice((1, 1, 2, 4, 16, 64, 1024)))
    match random.randrange(7):
        case 0:
            return data[:at] + random.randbytes(end - at) + data[end:]
        case 1:
            return data[:at] + random.choice(_BYTES) + data[at:]
        case 2:
            return data[:at] + data[end:]
        case 3:
            return data[:end] + data[at:]
        case 4:
            to = random.randrange(len(data) + 1)
            return data[:to] + data[at:end] + data[to:]
        case 5:
            return data[:at]
        case _:
            return data[:at] + random.choice(_TEXTS).encode() + data[end:]


_TEXT = re.compile(rb">([^<>]*)<")
_VALUE = re.compile(rb"=\s*\"([^\"]*)\"")
_TAG = re.compile(rb"</?([\w:]+)")


def _replace(random: Random, data: bytes, pattern: re.Pattern[bytes], new: bytes) -> bytes:
    """One match of the pattern, by its first group, is written anew."""
    found = [match.span(1) for match in pattern.finditer(data)]
    if not found:
        return change_bytes(random, data)
    start, end = random.choice(found)
    return data[:start] + new + data[end:]


def change_xml_text(random: Random, data: bytes) -> bytes:
    """A text, an attribute or a name of XML is another; what is written is not always well formed."""
    text = random.choice(_TEXTS)
    if random.random() < 0.8:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    elif random.random() < 0.3:
        text = random.choice(("<![CDATA[" + text + "]]>", f"<!--{text}-->", f"{text}<x/>{text}", "<?pi?>"))
    return _replace(random, data, random.choice((_TEXT, _TEXT, _TEXT, _VALUE, _TAG)), text.encode())


def change_xml_tree(random: Random, data: bytes) -> bytes:
    """An element is gone, doubled, moved, emptied, renamed, deepened or strange; bytes that are no tree are changed as bytes."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except etree.XMLSyntaxError:
        return change_bytes(random, data)
    elements = [each for each in root.iter() if isinstance(each.tag, str)]
    _change_element(random, root, random.choice(elements), random.choice(elements))
    encoding = random.choice(("UTF-8",) * 8 + ("UTF-16", "ISO-8859-1", "US-ASCII"))
    written = etree.tostring(root, encoding=encoding, xml_declaration=random.random() < 0.9)
    return written if isinstance(written, bytes) else written.encode()


def _change_element(random: Random, root: etree._Element, one: etree._Element, other: etree._Element) -> None:
    parent = one.getparent()
    match random.randrange(9):
        case 0 if parent is not None:
            parent.remove(one)
        case 1 if parent is not None:
            parent.insert(random.randrange(len(parent) + 1), _copy(one))
        case 2 if parent is not None and one not in other.iterancestors() and one is not other:
            other.append(one)
        case 3:
            one.clear()
        case 4:
            one.tag = other.tag
        case 5:
            _deepen(one, random.choice((2, 70, 300)))
        case 6:
            one.set(random.choice(("schemeID", "currencyID", "unitCode", "format", "mimeCode", "x", "{urn:x}y")), "é")
        case 7:
            one.append(random.choice((etree.Comment, etree.ProcessingInstruction))("x"))
        case _:
            one.text, one.tail = other.text, one.text
    root.tail = None


def _copy(element: etree._Element) -> etree._Element:
    return copy.deepcopy(element)


def _deepen(element: etree._Element, depth: int) -> None:
    held = element
    for _ in range(depth):
        held = etree.SubElement(held, element.tag)


def change_numbers(random: Random, data: bytes) -> bytes:
    """A number written in digits is another one: offsets, lengths and references of a PDF."""
    return _replace(random, data, re.compile(rb"(?<![\w.])(\d+)(?![\w.])"), str(random.choice(_NUMBERS)).encode())


def change_words(random: Random, data: bytes) -> bytes:
    """A name of a PDF is another of its names, an object refers to another."""
    words = re.findall(rb"/\w+|\d+ 0 R|<<|>>|\[|\]|stream|endstream|endobj", data)
    if not words:
        return change_bytes(random, data)
    old, new = random.choice(words), random.choice(words)
    places = [match.start() for match in re.finditer(re.escape(old), data)]
    at = random.choice(places)
    return bytes(data[:at] + new + data[at + len(old) :])


_ZIP_HEADERS = re.compile(rb"PK(?:\x01\x02|\x03\x04|\x05\x06|\x06\x06|\x06\x07)", re.DOTALL)


def change_zip_field(random: Random, data: bytes) -> bytes:
    """A field of a header or of the directory of a zip is another number."""
    headers = [match.start() for match in _ZIP_HEADERS.finditer(data)]
    if not headers:
        return change_bytes(random, data)
    return _write_number(random, data, random.choice(headers) + random.randrange(4, 46))


def _write_number(random: Random, data: bytes, at: int) -> bytes:
    shape = random.choice(("<B", "<H", "<I"))
    new = struct.pack(shape, random.choice(_NUMBERS) % (1 << 8 * struct.calcsize(shape)))
    return data[:at] + new + data[at + len(new) :]


_NAMES = (
    "a.xml", "A.XML", "../a.xml", "/etc/passwd", "a/../../b.xml", "C:\\a.xml", "\\\\host\\a", "a/", "", ".", "..", "\0.xml",
    "a\nb.xml", "é.xml", "e\u0301.xml", "x" * 300, "/".join("a" * 90), "CON", "a.zip", "%2e%2e/a", "a.xml:b", "~/.ssh/x",
)  # fmt: skip


def change_zip_members(random: Random, data: bytes) -> bytes:
    """A zip is made again with a member more, less, renamed or changed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as held:
            members = [(info.filename, held.read(info)) for info in held.infolist()]
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        ValueError,
        OSError,
        IndexError,
    ):
        return change_zip_field(random, data)
    return write_zip(random, _change_members(random, members))


def _change_members(random: Random, members: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """The members with one of them changed."""
    if not members:
        return [(random.choice(_NAMES), b"<x/>")]
    at = random.randrange(len(members))
    name, content = members[at]
    match random.randrange(4):
        case 0:
            members[at] = random.choice(_NAMES), content
        case 1:
            members[at] = name, any_of(change_xml_text, change_xml_tree, change_bytes)(random, content)
        case 2:
            members.append((random.choice((name, *_NAMES)), random.choice((content, b"", b"PK\3\4", b"\0" * 100_000))))
        case _:
            del members[at]
    return members


def write_zip(random: Random, members: Sequence[tuple[str, bytes]]) -> bytes:
    """A zip of these members, whatever their names."""
    target = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(target, "w") as made:
        warnings.simplefilter("ignore")  # names twice are meant
        for name, content in members:
            info = zipfile.ZipInfo("x")
            info.filename = name
            info.external_attr = random.choice((0, 0, 0, 0o120777 << 16, 0o040755 << 16, 0o010644 << 16, 0x10))
            info.compress_type = random.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
            made.writestr(info, content)
    return target.getvalue()


def change_tar_header(random: Random, data: bytes) -> bytes:
    """A field of a header of a tar is another one, its checksum made right again."""
    headers = [at for at in range(0, len(data) - 511, 512) if data[at + 257 : at + 262] == b"ustar"]
    if not headers:
        return change_bytes(random, data)
    at = random.choice(headers)
    header = bytearray(data[at : at + 512])
    start, length = random.choice(
        ((0, 100), (100, 8), (108, 8), (124, 12), (124, 12), (156, 1), (157, 100), (257, 8), (345, 155))
    )
    header[start : start + length] = _tar_field(random, length)
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return data[:at] + bytes(header) + data[at + 512 :]


def _tar_field(random: Random, length: int) -> bytes:
    kinds = (
        random.choice(_NAMES).encode(),
        b"%o" % random.choice(_NUMBERS),
        b"\x80" + random.randbytes(length),
        b"\xff" * length,
        random.choice((b"0", b"1", b"2", b"3", b"5", b"6", b"7", b"L", b"K", b"x", b"g", b"S", b"D", b"V")),
        b" 8 9",
    )
    return random.choice(kinds)[:length].ljust(length, b"\0")


def inside_gzip(inner: Mutator) -> Mutator:
    """What a gzip holds is changed, and packed again; now and then the gzip itself is."""

    def mutate(random: Random, data: bytes) -> bytes:
        try:
            held = gzip.decompress(data)
        except (OSError, EOFError, zlib.error):
            return change_bytes(random, data)
        if random.random() < 0.2:
            return change_bytes(random, data)
        packed = gzip.compress(inner(random, held)[:LONGEST], 1, mtime=0)
        return packed + packed if random.random() < 0.02 else packed

    return mutate


_TOML_VALUES = (
    '""', "0", "-1", "1.5", "nan", "-inf", "true", "[]", "{}", "[[]]", '["a", 1]', "{a = 1}", "[{}]", "2026-11-28", "10:00:00",
    "2026-11-28T10:00:00Z", '"\\u0000"', '"\\u2028é"', "9" * 40, '"../../etc"', '"a\\nb"', '"always"', '"sample 1%"', "0xff",
    '"sqlite://"', '"postgresql://x:y@[::1/z"', '"sqlite:///%00"', '"FSO1100A"', '["FSO1100A", "FSO1100A"]', "[" * 60 + "]" * 60,
)  # fmt: skip


def change_toml(random: Random, data: bytes) -> bytes:
    """A line of TOML is gone, doubled or elsewhere, or its value or its key another one."""
    lines = data.split(b"\n")
    at = random.randrange(len(lines))
    key, _, value = lines[at].partition(b"=")
    match random.randrange(6):
        case 0:
            del lines[at]
        case 1:
            lines.insert(random.randrange(len(lines)), lines[at])
        case 2 | 3 if value:
            lines[at] = key + b"= " + random.choice(_TOML_VALUES).encode()
        case 4:
            keys = [line.partition(b"=")[0] for line in lines if b"=" in line] or [b"x"]
            lines[at] = random.choice(keys) + b"= " + (value or random.choice(_TOML_VALUES).encode())
        case _:
            lines[at] = lines[at].lstrip(b"# ")
    return b"\n".join(lines)


def change_csv(random: Random, data: bytes) -> bytes:
    """A cell of a table is another, a line is gone or doubled, the separator is another."""
    lines = data.split(b"\n")
    at = random.randrange(len(lines))
    cells = lines[at].split(b";")
    match random.randrange(6):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[at])
        case 2:
            return data.replace(b";", random.choice((b",", b"\t", b"|", b";;")))
        case _:
            text = random.choice(_TEXTS).encode()
            quoted = b'"' + text.replace(b'"', b'""') + b'"'
            cells[random.randrange(len(cells))] = random.choice(
                (text, quoted, b'="' + text + b'"', random.choice(cells))
            )
            lines[at] = b";".join(cells)
    return b"\n".join(lines)


def change_list(random: Random, data: bytes) -> bytes:
    """The same where commas part the cells."""
    return change_csv(random, data.replace(b",", b";")).replace(b";", b",")


def change_ends(random: Random, data: bytes) -> bytes:
    """A change within the first or the last part of a file, whose middle is long and empty."""
    cut = min(1000, len(data) // 2)
    if random.random() < 0.5:
        return change_bytes(random, data[:cut]) + data[cut:]
    return data[:-cut] + change_bytes(random, data[-cut:])


def change_name(random: Random, data: bytes) -> bytes:
    """A character of a name is another, or a part of it."""
    text = data.decode("utf-8", "surrogateescape")
    at = random.randrange(len(text) + 1)
    piece = random.choice(
        (*_TEXTS, *_NAMES, "_", "__", ".xml", ".tar.gz", ".ZIP", "FSO1100A", "FSO1150A", "ſ", "Ａ", "١")
    )
    kept = text[at + random.randrange(3) :]
    return (text[:at] + piece + kept).encode("utf-8", "surrogateescape")
