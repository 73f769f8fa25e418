import io
import struct
import tracemalloc
import zipfile
import zlib

import pytest

from flux.model.attachment_fault import AttachmentFault
from flux.model.zip_wrapper import Wrapped, unwrap
from tests.unit.rules.attachments import PDF, zip_of

LIMIT = 1000
GOOD = zip_of(("devis.pdf", PDF))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_one_file_comes_out_with_its_name(method: int) -> None:
    assert unwrap(zip_of(("devis.pdf", PDF), method=method), LIMIT) == Wrapped("devis.pdf", PDF)


def changed(data: bytes, position: int, value: bytes) -> bytes:
    position %= len(data)
    return data[:position] + value + data[position + len(value) :]


def changed_twice(data: bytes, position: int, value: bytes) -> bytes:
    """Changed where the file lies, at that position, and in the directory, which has the same fields two bytes later."""
    return changed(changed(data, position, value), data.rindex(b"PK\x01\x02") + position + 2, value)


TWIN = b"\0\x05\x16\x07\0\x02\0\0Mac OS X        "
VIEW = b"\0\0\0\x01Bud1"


def test_folders_and_what_macos_adds_are_passed_over_but_for_their_names() -> None:
    data = zip_of(("d/", b""), ("d/a.pdf", PDF), ("__MACOSX/d/._a.pdf", TWIN), (".DS_Store", VIEW))
    assert unwrap(data, LIMIT) == Wrapped("d/a.pdf", PDF, ("d/", "__MACOSX/d/._a.pdf", ".DS_Store"))


@pytest.mark.parametrize("name", ["__MACOSX/evil.exe", "__MACOSX/._a.pdf", "._a.pdf", ".DS_Store", "a.DS_Store"])
def test_a_side_file_whose_bytes_say_otherwise_is_a_file_like_others(name: str) -> None:
    assert unwrap(zip_of(("a.pdf", PDF), (name, b"MZ")), LIMIT) is AttachmentFault.ZIP_SEVERAL
    assert unwrap(zip_of((name, b"MZ")), LIMIT) == Wrapped(name, b"MZ")


def test_all_that_lies_in_a_zip_is_bounded_together() -> None:
    data = zip_of(("a.pdf", PDF), ("._a.pdf", TWIN.ljust(LIMIT)))
    assert unwrap(data, LIMIT) is AttachmentFault.TOO_LARGE
    assert isinstance(unwrap(data, LIMIT + len(PDF)), Wrapped)


@pytest.mark.parametrize("mode", [0o100644, 0o600, 0, 0o010644])
def test_an_ordinary_file_is_taken_and_one_from_a_pipe(mode: int) -> None:
    assert unwrap(zip_of_mode("a.pdf", mode), LIMIT) == Wrapped("a.pdf", PDF)


@pytest.mark.parametrize("mode", [0o120777, 0o060644, 0o020644, 0o040755])
def test_links_devices_and_folders_in_disguise_are_not(mode: int) -> None:
    assert unwrap(zip_of_mode("a.pdf", mode), LIMIT) is AttachmentFault.ZIP_SPECIAL


def test_a_folder_may_hold_no_bytes() -> None:
    assert unwrap(zip_of(("a.pdf", PDF), ("evil.exe/", b"MZ")), LIMIT) is AttachmentFault.ZIP_SPECIAL


@pytest.mark.parametrize(
    ("path", "raw_name", "is_taken"),
    [
        ("étés.pdf", "étés.pdf".encode("cp850"), True),
        ("étés.pdf", "étés.pdf".encode(), True),
        ("étés.pdf", b"?t?s.pdf", True),
        ("étés.pdf", b"#U00e9t#U00e9s.pdf", True),
        ("a.pdf", b"a.pdf", True),
        ("étés.exe", "étés.pdf".encode("cp850"), False),
        ("../a.pdf", b"a.pdf", False),
        ("é/a.pdf", b"a.pdf", False),
        ("a.pdf", b"a.pdf.exe", False),
        ("a" * 2000 + "é", b"a" * 2000 + b"?", False),
    ],
)
def test_a_second_name_in_utf_8_must_be_the_first_one(path: str, raw_name: bytes, *, is_taken: bool) -> None:
    raw_path = path.encode()
    field = struct.pack("<HHBL", 0x7075, 5 + len(raw_path), 1, zlib.crc32(raw_name)) + raw_path
    unwrapped = unwrap(zip_by_hand(raw_name, extra=field), LIMIT)
    assert (unwrapped is not AttachmentFault.ZIP_AMBIGUOUS) is is_taken


def zip_of_mode(name: str, mode: int) -> bytes:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, mode << 16
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(info, PDF)
    data = target.getvalue()
    return changed(data, data.rindex(b"PK\x01\x02") + 38, struct.pack("<L", mode << 16))


def zip_by_hand(
    name: bytes,
    *,
    extra: bytes = b"",
    local: bytes | None = None,
    behind: bytes = b"",
    flags: int = 0,
    before: bytes = b"",
) -> bytes:
    """A zip of one stored file: `local` is its name where it lies, `before` and `behind` are bytes around it."""
    inner = name if local is None else local
    sizes = (0, 0, 0) if flags & 8 else (zlib.crc32(PDF), len(PDF), len(PDF))
    lies = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, flags, 0, 0, 0, *sizes, len(inner), 0) + inner + PDF
    listed = struct.pack(
        "<4s6H3L5H2L", b"PK\x01\x02", 20, 20, flags, 0, 0, 0, zlib.crc32(PDF), len(PDF), len(PDF),
        len(name), len(extra), 0, 0, 0, 0, len(before),
    )  # fmt: skip
    start = len(before) + len(lies) + len(behind)
    listed += name + extra
    return before + lies + behind + listed + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(listed), start, 0)


DESCRIBED = struct.pack("<L2L", zlib.crc32(PDF), len(PDF), len(PDF))
DESCRIBED_WIDE = struct.pack("<L2Q", zlib.crc32(PDF), len(PDF), len(PDF))


@pytest.mark.parametrize(
    "data",
    [
        zip_by_hand(b"a.pdf"),
        zip_by_hand(b"a.pdf") + bytes(100),  # the buffer of a careless writer
        zip_by_hand(b"a.pdf", flags=8, behind=DESCRIBED),
        zip_by_hand(b"a.pdf", flags=8, behind=b"PK\x07\x08" + DESCRIBED),
        zip_by_hand(b"a.pdf", flags=8, behind=b"PK\x07\x08" + DESCRIBED_WIDE),
    ],
)
def test_a_zip_that_reads_in_one_way_is_taken(data: bytes) -> None:
    assert unwrap(data, LIMIT) == Wrapped("a.pdf", PDF)


UNLISTED = zip_by_hand(b"evil.exe")[: 30 + 8 + len(PDF)]


@pytest.mark.parametrize(
    "data",
    [
        zip_by_hand(b"a.pdf", local=b"../ev"),
        zip_by_hand(b"a.pdf", before=UNLISTED),
        zip_by_hand(b"a.pdf", behind=UNLISTED),
        zip_by_hand(b"a.pdf", flags=8, behind=DESCRIBED + UNLISTED),
        zip_by_hand(b"a.pdf", flags=8),  # nothing describes it
        zip_by_hand(b"a.pdf", flags=8, behind=bytes(12)),
        zip_by_hand(b"a.pdf") + b"MZ",
        changed(zip_by_hand(b"a.pdf"), 8, b"\x08"),  # another method where it lies
        changed(zip_by_hand(b"a.pdf"), 14, b"\0\0\0\0"),  # another checksum where it lies
        changed(zip_by_hand(b"a.pdf"), 22, b"\x01"),  # another size where it lies
        changed(zip_by_hand(b"a.pdf"), -10, b"\x01"),  # another size of the directory
    ],
)
def test_a_zip_that_reads_in_two_ways_is_refused(data: bytes) -> None:
    assert unwrap(data, LIMIT) is AttachmentFault.ZIP_AMBIGUOUS


def test_nothing_may_lie_between_the_end_of_deflate_and_the_end_of_its_file() -> None:
    packed = zlib.compress(PDF, wbits=-15)
    longer = zip_of(("a.pdf", PDF))
    at, end = longer.rindex(b"PK\x01\x02"), longer.rindex(b"PK\x05\x06")
    size = struct.pack("<L", len(packed) + 9)
    hidden = changed(longer[:at], 18, size) + UNLISTED[:9] + changed(longer[at:end], 20, size)
    hidden += changed(longer[end:], 16, struct.pack("<L", at + 9))
    assert unwrap(hidden, LIMIT) is AttachmentFault.ZIP_AMBIGUOUS


def test_a_name_in_another_code_page_is_read() -> None:
    raw = zip_of(("aaaa.pdf", PDF)).replace(b"aaaa.pdf", "\u00e9t\u00e9s.pdf".encode("cp437"))
    assert unwrap(raw, LIMIT) == Wrapped("étés.pdf", PDF)


def test_a_comment_behind_the_archive_does_no_harm() -> None:
    data = GOOD[:-2] + struct.pack("<H", 4) + b"note"
    assert unwrap(data, LIMIT) == Wrapped("devis.pdf", PDF)


DIRECTORY = GOOD.rindex(b"PK\x01\x02")
END = GOOD.rindex(b"PK\x05\x06")


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (zip_of(), AttachmentFault.ZIP_EMPTY),
        (zip_of(("d/", b"")), AttachmentFault.ZIP_EMPTY),
        (zip_of(("a.pdf", PDF), ("b.pdf", PDF)), AttachmentFault.ZIP_SEVERAL),
        (zip_of(*((f"d{number}/", b"") for number in range(101))), AttachmentFault.ZIP_SEVERAL),
        (zip_of(("a.pdf", PDF), method=zipfile.ZIP_BZIP2), AttachmentFault.ZIP_METHOD),
        (changed(GOOD, DIRECTORY + 8, b"\x01"), AttachmentFault.ZIP_ENCRYPTED),
        (GOOD[:END], AttachmentFault.ZIP_DAMAGED),  # the end is cut off
        (b"PK\x03\x04", AttachmentFault.ZIP_DAMAGED),
        (changed(GOOD, DIRECTORY, b"XX"), AttachmentFault.ZIP_DAMAGED),
        (changed_twice(GOOD, 14, b"\0\0\0\0"), AttachmentFault.ZIP_DAMAGED),  # another checksum
        (changed_twice(GOOD, 22, b"\x01\0\0\0"), AttachmentFault.ZIP_DAMAGED),  # another size
        (changed(GOOD, DIRECTORY + 42, b"\xf0\xff\xff\xff"), AttachmentFault.ZIP_DAMAGED),  # the file is beyond the end
        (changed(GOOD, DIRECTORY + 20, b"\xff\xff\xff\xff"), AttachmentFault.ZIP_DAMAGED),  # in a zip64 field not there
        (changed(GOOD, END + 16, b"\xff\xff\xff\xff"), AttachmentFault.ZIP_DAMAGED),  # in a zip64 record not there
        (changed(GOOD, 39, b"\xff\xff\xff\xff"), AttachmentFault.ZIP_DAMAGED),  # no deflate stream
    ],
)
def test_what_gives_no_file_is_told_why(data: bytes, fault: AttachmentFault) -> None:
    assert unwrap(data, LIMIT) is fault


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_file_as_large_as_the_bound_is_taken_and_one_byte_more_is_not(method: int) -> None:
    assert unwrap(zip_of(("a", bytes(LIMIT)), method=method), LIMIT) == Wrapped("a", bytes(LIMIT))
    assert unwrap(zip_of(("a", bytes(LIMIT + 1)), method=method), LIMIT) is AttachmentFault.TOO_LARGE


def test_a_bomb_that_lies_about_its_size_is_not_inflated_beyond_the_bound() -> None:
    bomb = zip_of(("a", bytes(10_000 * LIMIT)))
    lying = changed_twice(bomb, 22, struct.pack("<L", LIMIT))
    tracemalloc.start()
    assert unwrap(lying, LIMIT) is AttachmentFault.TOO_LARGE
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100 * LIMIT


def test_sizes_that_stand_in_a_zip64_field_are_found() -> None:
    wide = struct.pack("<HHQQ", 1, 16, len(PDF), len(PDF))
    crc = zlib.crc32(PDF)
    header = struct.pack("<4s5H3L2H", b"PK\x03\x04", 45, 0, 0, 0, 0, crc, len(PDF), len(PDF), 5, 0)
    entry = struct.pack(
        "<4s6H3L5H2L", b"PK\x01\x02", 45, 45, 0, 0, 0, 0, crc, 0xFFFFFFFF, 0xFFFFFFFF, 5, len(wide), 0, 0, 0, 0, 0
    )
    local = header + b"a.pdf" + PDF
    directory = entry + b"a.pdf" + wide
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, len(directory), len(local))
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(local) + len(directory), 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    assert unwrap(local + directory + record + locator + end, LIMIT) == Wrapped("a.pdf", PDF)
