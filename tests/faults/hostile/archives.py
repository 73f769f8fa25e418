"""Hostile archives: members that lead astray, bombs, and headers that two readers read in two ways."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import warnings
import zipfile
import zlib
from collections.abc import Iterator

from tests.faults.hostile.case import Family, Hostile, Maker, accepted, rejected
from tests.faults.hostile.documents import changed, good, later, tarred, tarred_as, zipped

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_MEBIBYTE = 2**20


def classes() -> Iterator[Hostile]:
    """Every class of hostile archives."""
    yield from _paths()
    yield from _kinds()
    yield from _bombs()
    yield from _headers()
    yield from _damage()


def _hostile(name: str, files: dict[str, Maker], **rest: object) -> Hostile:
    return Hostile(name=name, family=Family.ARCHIVES, files=files, **rest)  # type: ignore[arg-type]


def _both(*names: str) -> dict[str, Maker]:
    """The same invoices under these names, in a tar.gz and in a zip."""
    members = tuple((name, good(f"F-{number}")) for number, name in enumerate(names))
    return {"a.tar.gz": later(tarred, *members), "a.zip": later(_zipped_raw, *members)}


def _zipped_raw(*members: tuple[str, bytes]) -> bytes:
    """A zip of names that `zipfile` would mend: NUL and what follows it."""
    safe = tuple((name.replace("\0", "\x01"), content) for name, content in members)
    with warnings.catch_warnings(action="ignore", category=UserWarning):  # two members of one name are meant
        data = zipped(*safe)
    for name, (plain, _) in zip((name for name, _ in members), safe, strict=True):
        data = data.replace(plain.encode(), name.encode())
    return data


def _paths() -> Iterator[Hostile]:
    for name, members, twin in (
        ("path traversal", ("../../etc/cron.d/a.xml",), "a/..b/a.xml"),
        ("path traversal inside", ("a/b/../../../c.xml",), "a/.../c.xml"),
        ("absolute name", ("/etc/passwd.xml",), "etc/passwd.xml"),
        ("drive and UNC names", ("C:/a.xml",), "facture:1.xml"),
        ("backslashes", ("..\\..\\a.xml",), "a.xml"),
        ("the same name twice", ("a.xml", "a.xml"), "a.xml"),
        ("names that clash by case", ("a.xml", "A.XML"), "A.XML"),
        ("names that clash by Unicode form", ("é.xml", "e\u0301.xml"), "e\u0301.xml"),
        ("names that clash by ./", ("a.xml", "./a.xml"), "./a.xml"),
        ("newline in a name", ("a\nb.xml",), "a b.xml"),
        ("escape sequence in a name", ("\x1b[2J\x1b]0;x\x07.xml",), "[2J.xml"),
        ("a name of 5,000 characters", (f"{'a' * 5_000}.xml",), f"{'a' * 900}.xml"),
    ):
        yield _hostile(
            name,
            _both(*members),
            answer=rejected("ARCHIVE_MEMBER"),
            why="a member's name is one that any file system may take, and no other member's",
            twins=_both(twin),
        )
    yield _hostile(
        "NUL in a name",
        {"a.zip": later(_zipped_raw, ("a.xml\0.pdf", good()))},
        answer=rejected("ARCHIVE_MEMBER"),
        why="C and Python read two names",
    )
    yield _hostile(
        "direction turned in a name",
        _both("facture\u202elmx.exe.xml"),
        answer=accepted(),
        why="it leads nowhere; wherever it is printed it is shown by its code",
    )
    yield _hostile(
        "names that are no UTF-8",
        {
            "a.tar.gz": _tar_latin,
            "a.zip": lambda: zipped(("e1.xml", good())).replace(b"e1.xml", b"\xe91.xml"),
        },
        answer=accepted(),
        why="old tools write the code page of their country; the name is shown, and nothing is written under it",
    )


def _tar_latin() -> bytes:
    plain = bytearray(gzip.decompress(tarred(("E.xml", good()))))
    plain[0:1] = b"\xe9"
    plain[148:156] = b" " * 8
    plain[148:156] = f"{sum(plain[:512]):06o}\0 ".encode()
    return gzip.compress(bytes(plain))


def _special(kind: bytes, name: str = "a.xml", target: str = "/etc/passwd") -> bytes:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return tarred_as((tarfile.TarInfo("b.xml"), good()), (info, b""))


def _link_in_zip() -> bytes:
    entry = zipfile.ZipInfo("a.xml")
    entry.create_system, entry.external_attr = 3, 0o120777 << 16
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    return target.getvalue()


def _kinds() -> Iterator[Hostile]:
    kinds = {
        "symbolic link": tarfile.SYMTYPE,
        "hard link": tarfile.LNKTYPE,
        "character device": tarfile.CHRTYPE,
        "block device": tarfile.BLKTYPE,
        "named pipe": tarfile.FIFOTYPE,
        "sparse file": tarfile.GNUTYPE_SPARSE,
        "unknown kind": b"Z",
    }
    files: dict[str, Maker] = {f"{name}.tar.gz": later(_special, kind) for name, kind in kinds.items()}
    yield _hostile(
        "members that are no files",
        {**files, "symbolic link.zip": _link_in_zip},
        answer=rejected("ARCHIVE_MEMBER"),
        why="no link is followed, no device opened, no hole filled",
        twins={"folder.tar.gz": later(_special, tarfile.DIRTYPE)},
    )


def _bombs() -> Iterator[Hostile]:
    zeros = bytes(16 * _MEBIBYTE)
    yield _hostile(
        "bombs by ratio",
        {
            "a.gz": lambda: gzip.compress(zeros),
            "a.tar.gz": lambda: tarred(("a.xml", zeros)),
            "a.zip": lambda: zipped(("a.xml", zeros)),
            "members.gz": lambda: gzip.compress(bytes(_MEBIBYTE)) * 100,
        },
        answer=rejected("ARCHIVE_LIMIT"),
        why="200 to 1 is twice what invoices reach",
        twins={"a.zip": lambda: zipped(*((f"{n}.xml", good(f"F-{n}")) for n in range(40)))},
    )
    yield _hostile(
        "10 GB in 10 MB",
        {"a.gz": lambda: gzip.compress(bytes(_MEBIBYTE)) * 10_000},
        answer=rejected("ARCHIVE_LIMIT"),
        why="decompression stops at the bound",
        is_large=True,
        seconds=20,
    )
    inner = zipped(("a.xml", good()))
    yield _hostile(
        "archives in archives",
        {
            "zip in zip.zip": lambda: zipped(("a.zip", inner)),
            "zip in tar.tar.gz": lambda: tarred(("a.zip", inner)),
            "renamed.zip": lambda: zipped(("a.xml", inner)),
            "tar in tar.tar.gz": lambda: tarred(("a.tar.gz", tarred(("a.xml", good())))),
            "gzip of zip.gz": lambda: gzip.compress(inner),
            "42 levels.gz": _nested_gzip,
        },
        answer=rejected("ARCHIVE_NESTED"),
        why="one level",
    )
    yield _hostile(
        "overlapping entries",
        {"a.zip": lambda: _overlapping(2)},
        answer=rejected("ARCHIVE_DAMAGED"),
        why="bytes that serve two members are a bomb",
    )
    yield _hostile(
        "10,000 overlapping entries",
        {"a.zip": lambda: _overlapping(10_000)},
        answer=rejected("ARCHIVE_LIMIT"),
        why="what they announce passes the ratio before a byte is read",
    )
    yield _hostile(
        "quoted entries",
        {"a.zip": _quoted},
        answer=rejected("ARCHIVE_NESTED"),
        why="a member that begins with the header of the next one is an archive",
    )
    yield _hostile(
        "1,000,000 members",
        {"a.tar.gz": lambda: gzip.compress(_many_tar(1_000_000), 1)},
        answer=rejected("ARCHIVE_LIMIT"),
        why="100,000 at most",
        is_large=True,
        seconds=30,
    )
    yield _hostile(
        "more members announced than allowed",
        {"a.zip": lambda: _announce(zipped(("a.xml", good())), 60_000)},
        answer=rejected("ARCHIVE_DAMAGED"),
        why="the directory does not hold them",
    )


def _nested_gzip() -> bytes:
    data = good()
    for _ in range(42):
        data = gzip.compress(data)
    return data


def _many_tar(count: int) -> bytes:
    info = tarfile.TarInfo("a")
    return info.tobuf(tarfile.USTAR_FORMAT) * count + bytes(1024)


def _announce(data: bytes, count: int) -> bytes:
    changed_data = bytearray(data)
    struct.pack_into("<HH", changed_data, data.rindex(_END) + 8, count, count)
    return bytes(changed_data)


def _parts(data: bytes) -> tuple[bytes, bytes, bytearray]:
    """What stands before the directory, the directory, the end."""
    return (
        data[: data.index(_CENTRAL)],
        data[data.index(_CENTRAL) : data.rindex(_END)],
        bytearray(data[data.rindex(_END) :]),
    )


def _overlapping(count: int) -> bytes:
    """Many entries over the same bytes: the local header bears the name of the first."""
    body, central, end = _parts(zipped(("a.xml", good())))
    struct.pack_into("<HHLL", end, 8, count, count, count * len(central), len(body))
    return body + central * count + bytes(end)


def _quoted() -> bytes:
    """A stored block quotes the header of the next entry, which both then hold (as in David Fifield's bomb)."""
    first, second = zipped(("a.xml", good()), method=zipfile.ZIP_STORED), zipped(("b.xml", good()))
    _, central, _ = _parts(first)
    body_two, central_two, end = _parts(second)
    inside = b"".join(
        (b"\x00", struct.pack("<HH", len(body_two), 0xFFFF ^ len(body_two)), body_two, b"\x01\0\0\xff\xff")
    )
    header = bytearray(first[:35])
    struct.pack_into("<HHHLLL", header, 8, 8, 0, 0, zlib.crc32(body_two), len(inside), len(body_two))
    one, two = bytearray(central), bytearray(central_two)
    struct.pack_into("<HHHLLL", one, 10, 8, 0, 0, zlib.crc32(body_two), len(inside), len(body_two))
    struct.pack_into("<L", two, 42, 35 + 5)
    body = bytes(header) + inside
    struct.pack_into("<HHLL", end, 8, 2, 2, len(one) + len(two), len(body))
    return body + bytes(one) + bytes(two) + bytes(end)


def _patched(data: bytes, magic: bytes, offset: int, layout: str, value: int) -> bytes:
    patched = bytearray(data)
    struct.pack_into(layout, patched, data.index(magic) + offset, value)
    return bytes(patched)


def _headers() -> Iterator[Hostile]:
    plain = zipped(("a.xml", good()))
    yield _hostile(
        "local and central headers that differ",
        {
            "name.zip": lambda: plain.replace(b"a.xml", b"b.xml", 1),
            "method.zip": lambda: _patched(plain, _LOCAL, 8, "<H", 0),
            "encrypted here, not there.zip": lambda: _patched(plain, _LOCAL, 6, "<H", 1),
            "place.zip": lambda: _patched(plain, _CENTRAL, 42, "<L", 7),
            "checksum.zip": lambda: _patched(plain, _LOCAL, 14, "<L", 1),
            "packed size.zip": lambda: _patched(plain, _LOCAL, 18, "<L", 1),
            "size.zip": lambda: _patched(plain, _LOCAL, 22, "<L", 1),
            "directory's size.zip": lambda: _patched(plain, _END, 12, "<L", 1),
        },
        answer=rejected("ARCHIVE_DAMAGED"),
        why="two readers would read two archives",
        twins={"a.zip": lambda: plain},
    )
    yield _hostile(
        "sizes that lie",
        {
            "smaller.zip": lambda: _patched(plain, _CENTRAL, 24, "<L", 10),
            "larger.zip": lambda: _patched(plain, _CENTRAL, 24, "<L", 99_999),
            "packed beyond the end.zip": lambda: _patched(plain, _CENTRAL, 20, "<L", 999_999),
            "in zip64 that is not there.zip": lambda: _patched(plain, _CENTRAL, 24, "<L", 0xFFFFFFFF),
        },
        answer=rejected("ARCHIVE_DAMAGED"),
        why="never more is inflated than was announced",
    )
    yield _hostile(
        "two archives in one file",
        {
            "before.zip": lambda: zipped(("b.xml", good("F-2"))) + plain,
            "behind.zip": lambda: plain + b"x" * 100 + zipped(("b.xml", good("F-2"))),
            "in the comment.zip": lambda: _commented(plain, zipped(("b.xml", good("F-2")))),
        },
        answer=rejected("ARCHIVE_DAMAGED"),
        why="two readers would read two archives",
        twins={"comment.zip": lambda: _commented(plain, b"made by a supplier")},
    )
    yield _hostile(
        "members that only some programs see",
        {
            "folder with data.tar": lambda: _entry("d/", b"5", _entry("b.xml", b"0", good("F-2"))) + _whole_tar(),
            "folder by its name.tar": lambda: _entry("d/", b"\0", _entry("b.xml", b"0", good("F-2"))) + _whole_tar(),
            "not in the directory.zip": lambda: _unlisted(plain),
        },
        answer=rejected("ARCHIVE_DAMAGED"),
        why="what nobody judged must not be found by another program",
        twins={
            "folder.tar": lambda: _entry("d/", b"5", b"") + _whole_tar(),
            "folder.zip": lambda: zipped(("d/", b""), ("d/a.xml", good())),
        },
    )
    yield _hostile(
        "members of two names",
        {
            "pax and GNU.tar": lambda: _entry("x", b"x", _PAX_PATH) + _entry("L", b"L", b"a.xml\0") + _whole_tar(),
            "a prefix without POSIX.tar": lambda: _prefixed(b"ustar  \0"),
            "a name in UTF-8.zip": lambda: _named_again(b"../b.xml"),
        },
        answer=rejected("ARCHIVE_DAMAGED"),
        why="two programs would write two files",
        twins={
            "pax.tar": lambda: _entry("x", b"x", _PAX_PATH) + _whole_tar(),
            "a prefix.tar": lambda: _prefixed(b"ustar\x0000"),
            "a name in UTF-8.zip": lambda: _named_again(b"a.xml"),
        },
    )
    yield _hostile(
        "folders that lead astray",
        {
            "up.tar": lambda: _entry("../../up/", b"5", b"") + _whole_tar(),
            "absolute.tar": lambda: _entry("/etc/x/", b"5", b"") + _whole_tar(),
            "up.zip": lambda: zipped(("../../up/", b""), ("a.xml", good())),
        },
        answer=rejected("ARCHIVE_MEMBER"),
        why="another program makes them",
    )
    yield _hostile(
        "archives that are not taken",
        {"a.xml.xz": lambda: lzma.compress(good()), "a.xml.bz2": lambda: bz2.compress(good())},
        answer=rejected("ARCHIVE_DAMAGED"),
        why="the answer names what it is and what is taken",
    )
    encrypted = _patched(_patched(plain, _CENTRAL, 8, "<H", 1), _LOCAL, 6, "<H", 1)
    yield _hostile(
        "encrypted members",
        {"a.zip": lambda: encrypted},
        answer=rejected("ARCHIVE_ENCRYPTED"),
        why="nobody gave us the password",
    )


_PAX_PATH = b"16 path=b/b.xml\n"


def _entry(name: str, kind: bytes, content: bytes) -> bytes:
    """An entry of a tar whose header announces the content, whatever its kind."""
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, len(content)
    return info.tobuf(tarfile.USTAR_FORMAT) + content + bytes(-len(content) % 512)


def _whole_tar() -> bytes:
    return gzip.decompress(tarred(("a.xml", good())))


def _prefixed(magic: bytes) -> bytes:
    """A tar whose one name goes on in another field, under that magic."""
    entry = _entry("a.xml", b"0", good())
    header = entry[:148] + b" " * 8 + entry[156:257] + magic + entry[265:345] + b"up".ljust(155, b"\0") + entry[500:512]
    return header[:148] + f"{sum(header):06o}\0 ".encode() + header[156:] + entry[512:] + bytes(1024)


def _unlisted(data: bytes) -> bytes:
    """A zip with a second file between the first and the directory, which does not name it."""
    body, central, end = _parts(data)
    hidden, _, _ = _parts(zipped(("b.xml", good("F-2"))))
    struct.pack_into("<L", end, 16, len(body) + len(hidden))
    return body + hidden + central + bytes(end)


def _named_again(name: bytes) -> bytes:
    """A zip whose one file bears this name too, in the field for UTF-8."""
    entry = zipfile.ZipInfo("a.xml")
    entry.extra = struct.pack("<HHBL", 0x7075, 5 + len(name), 1, zlib.crc32(b"a.xml")) + name
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(entry, good())
    return target.getvalue()


def _commented(data: bytes, comment: bytes) -> bytes:
    return data[:-2] + struct.pack("<H", len(comment)) + comment


def _damage() -> Iterator[Hostile]:
    plain, packed, single = zipped(("a.xml", good())), tarred(("a.xml", good())), gzip.compress(good())
    yield _hostile(
        "bad checksums",
        {
            "a.zip": lambda: _patched(plain, _CENTRAL, 16, "<L", 1),
            "a.xml.gz": lambda: single[:-8] + b"\0\0\0\0" + single[-4:],
            "a.tar.gz": lambda: packed[:-8] + b"\0\0\0\0" + packed[-4:],
        },
        answer=rejected("ARCHIVE_DAMAGED"),
        why="what came is not what was sent",
    )
    yield _hostile(
        "cut short",
        {
            "a.zip": lambda: plain[:-10],
            "a.xml.gz": lambda: single[:-20],
            "a.tar.gz": lambda: packed[: len(packed) // 2],
            "a.tar": lambda: gzip.decompress(packed)[:2000],
        },
        answer=rejected("ARCHIVE_DAMAGED"),
        why="a part never passes for the whole",
    )
    yield _hostile(
        "data behind the end",
        {"a.xml.gz": lambda: single + b"<Invoice/>", "a.zip": lambda: plain + b"<Invoice/>"},
        answer=rejected("ARCHIVE_DAMAGED"),
        why="bytes that nobody announced",
        twins={"a.xml.gz": lambda: single + bytes(100), "two members.xml.gz": lambda: _in_two_members(good())},
    )
    yield _hostile(
        "archives of nothing",
        {"a.zip": zipped, "a.tar.gz": tarred, "a.gz": lambda: gzip.compress(b"")},
        answer=rejected("FLOW_EMPTY"),
        why="no invoice to judge",
    )
    yield _hostile(
        "a hostile member beside a good one",
        {"a.zip": lambda: zipped(("good.xml", good()), ("bad.xml", changed(("<Invoice ", "<!DOCTYPE x><Invoice "))))},
        answer=rejected("XML_DOCTYPE"),
        why="each member is judged; the partner's setting says what becomes of the flow",
    )


def _in_two_members(data: bytes) -> bytes:
    return gzip.compress(data[:500]) + gzip.compress(data[500:])
