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


def test_folders_and_what_macos_adds_are_passed_over() -> None:
    data = zip_of(("d/", b""), ("d/a.pdf", PDF), ("__MACOSX/d/._a.pdf", b"x"), (".DS_Store", b"x"))
    assert unwrap(data, LIMIT) == Wrapped("d/a.pdf", PDF)


def test_a_name_in_another_code_page_is_read() -> None:
    raw = zip_of(("aaaa.pdf", PDF)).replace(b"aaaa.pdf", "\u00e9t\u00e9s.pdf".encode("cp437"))
    assert unwrap(raw, LIMIT) == Wrapped("étés.pdf", PDF)


def test_a_comment_behind_the_archive_does_no_harm() -> None:
    data = GOOD[:-2] + struct.pack("<H", 4) + b"note"
    assert unwrap(data, LIMIT) == Wrapped("devis.pdf", PDF)


def changed(data: bytes, position: int, value: bytes) -> bytes:
    return data[:position] + value + data[position + len(value) :]


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
        (changed(GOOD, DIRECTORY + 16, b"\0\0\0\0"), AttachmentFault.ZIP_DAMAGED),  # another checksum
        (changed(GOOD, DIRECTORY + 24, b"\x01\0\0\0"), AttachmentFault.ZIP_DAMAGED),  # another size
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
    lying = changed(bomb, bomb.rindex(b"PK\x01\x02") + 24, struct.pack("<L", LIMIT))
    tracemalloc.start()
    assert unwrap(lying, LIMIT) is AttachmentFault.TOO_LARGE
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100 * LIMIT


def test_sizes_that_stand_in_a_zip64_field_are_found() -> None:
    wide = struct.pack("<HHQQ", 1, 16, len(PDF), len(PDF))
    header = struct.pack("<4s5H3L2H", b"PK\x03\x04", 45, 0, 0, 0, 0, 0, len(PDF), len(PDF), 5, 0)
    crc = zlib.crc32(PDF)
    entry = struct.pack(
        "<4s6H3L5H2L", b"PK\x01\x02", 45, 45, 0, 0, 0, 0, crc, 0xFFFFFFFF, 0xFFFFFFFF, 5, len(wide), 0, 0, 0, 0, 0
    )
    local = header + b"a.pdf" + PDF
    directory = entry + b"a.pdf" + wide
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, len(directory), len(local))
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(local) + len(directory), 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    assert unwrap(local + directory + record + locator + end, LIMIT) == Wrapped("a.pdf", PDF)
