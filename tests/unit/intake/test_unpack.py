import bz2
import gzip
import io
import lzma
import struct
import tarfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from flux.errors import VaultError
from flux.intake.unpack import Container, ContainerKind, chunk_members, open_container, read_member
from flux.model.finding import Observation
from flux.model.limits import Limits

XML = b"<?xml version='1.0'?><Invoice/>"
SMALL = Limits(flow_bytes=8 * 2**20, member_bytes=3 * 2**20, archive_members=10)


def tar(*members: tuple[str, bytes], layout: int = tarfile.PAX_FORMAT) -> bytes:
    return tar_of([(tarfile.TarInfo(name), content) for name, content in members], layout)


def tar_of(members: Sequence[tuple[tarfile.TarInfo, bytes]], layout: int = tarfile.PAX_FORMAT) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=layout) as archive:
        for info, content in members:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return target.getvalue()


def special(name: str, kind: bytes) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, "/etc/passwd"
    return info, b""


def gz(data: bytes) -> bytes:
    """The same bytes whenever it is called: they stand in the names of tests."""
    return gzip.compress(data, mtime=0)


def make_zip(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in members:
            # of no moment: these bytes stand in the names of tests
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=method)
    return target.getvalue()


def patch(data: bytes, magic: bytes, offset: int, layout: str, value: int, *, nth: int = 0) -> bytes:
    """The bytes with one field changed, `offset` behind the nth signature."""
    at = -1
    for _ in range(nth + 1):
        at = data.index(magic, at + 1)
    changed = bytearray(data)
    struct.pack_into(layout, changed, at + offset, value)
    return bytes(changed)


def patch_both(data: bytes, offset: int, value: int) -> bytes:
    """The bytes with one field changed in the directory and beside the file."""
    return patch(patch(data, b"PK\x01\x02", offset, "<L", value), b"PK\x03\x04", offset - 2, "<L", value)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def unpack(
    folder: Path, data: bytes, name: str = "flow", limits: Limits = SMALL
) -> Container | tuple[Observation, ...]:
    path = folder / "blob"
    path.write_bytes(data)
    return open_container(path, name, limits, folder / "spool")


def refusals(folder: Path, data: bytes, name: str = "flow", limits: Limits = SMALL) -> list[str]:
    """The codes of a refusal; what was spooled for it must be gone."""
    opened = unpack(folder, data, name, limits)
    assert isinstance(opened, tuple), opened
    assert not [*(folder / "spool").glob("*")]
    return [observation.code for observation in opened]


def contents(folder: Path, data: bytes, name: str = "flow") -> dict[str, bytes | Observation]:
    opened = unpack(folder, data, name)
    assert isinstance(opened, Container), opened
    return {member.name: read_member(member, SMALL) for member in opened.members}


GOOD_ZIP = make_zip(("a.xml", XML), ("b.xml", XML * 2))


@pytest.mark.parametrize(
    ("data", "kind", "members"),
    [
        (XML, ContainerKind.XML, {"flow": XML}),
        (b"\xef\xbb\xbf \n" + XML, ContainerKind.XML, {"flow": b"\xef\xbb\xbf \n" + XML}),  # byte order mark
        ("<Invoice/>".encode("utf-16"), ContainerKind.XML, {"flow": "<Invoice/>".encode("utf-16")}),
        (b"%PDF-1.7 ...", ContainerKind.BYTES, {"flow": b"%PDF-1.7 ..."}),  # for recognition to say
        (b"not an invoice", ContainerKind.BYTES, {"flow": b"not an invoice"}),
        (gz(XML), ContainerKind.GZIP, {"flow": XML}),
        (gz(XML) + gz(XML), ContainerKind.GZIP, {"flow": XML + XML}),  # one stream, two members
        (gz(XML) + b"\0" * 700, ContainerKind.GZIP, {"flow": XML}),  # padded to a record
        (tar(("a.xml", XML)), ContainerKind.TAR, {"a.xml": XML}),
        (gz(tar(("a.xml", XML))), ContainerKind.TAR_GZ, {"a.xml": XML}),
        (GOOD_ZIP, ContainerKind.ZIP, {"a.xml": XML, "b.xml": XML * 2}),
        (GOOD_ZIP + b"\0" * 100, ContainerKind.ZIP, {"a.xml": XML, "b.xml": XML * 2}),  # padded to a record
        (make_zip(("a.xml", XML), method=zipfile.ZIP_STORED), ContainerKind.ZIP, {"a.xml": XML}),
    ],
)
def test_the_kind_is_found_from_the_bytes(
    folder: Path, data: bytes, kind: ContainerKind, members: dict[str, bytes]
) -> None:
    opened = unpack(folder, data)
    assert isinstance(opened, Container)
    assert opened.kind is kind
    assert contents(folder, data) == members


FOREIGN = [
    (lzma.compress(XML), "xz"),
    (bz2.compress(XML), "bzip2"),
    (bz2.compress(b""), "bzip2"),
    (b"7z\xbc\xaf\x27\x1c\0\x04" + bytes(40), "7z"),
    (b"Rar!\x1a\x07\0" + bytes(40), "rar"),
    (b"Rar!\x1a\x07\x01\0" + bytes(40), "rar"),
    (b"\x28\xb5\x2f\xfd" + bytes(40), "zstd"),
]


@pytest.mark.parametrize(("data", "name"), FOREIGN)
def test_an_archive_that_is_none_of_ours_is_refused_by_its_name(folder: Path, data: bytes, name: str) -> None:
    opened = unpack(folder, data, "a.xml")
    assert isinstance(opened, tuple)
    assert [each.code for each in opened] == ["ARCHIVE_DAMAGED"]
    assert f"format {name} is not taken; tar.gz, tar, zip and gz are" in dict(opened[0].facts)["reason_en"]


@pytest.mark.parametrize(("data", "name"), FOREIGN)
def test_it_is_an_archive_in_an_archive_too(folder: Path, data: bytes, name: str) -> None:
    assert refusals(folder, gz(tar((f"a.{name}", data)))) == ["ARCHIVE_NESTED"]
    assert refusals(folder, make_zip((f"a.{name}", data))) == ["ARCHIVE_NESTED"]


@pytest.mark.parametrize("text", [b"BZh9 is no archive", b"Rar! is no archive", b"7z is no archive"])
def test_words_that_begin_like_one_are_no_archive(folder: Path, text: bytes) -> None:
    assert contents(folder, text) == {"flow": text}


def test_a_file_that_is_not_compressed_is_read_where_it_lies(folder: Path) -> None:
    opened = unpack(folder, tar(("a.xml", XML)))
    assert isinstance(opened, Container)
    assert (opened.spooled, opened.members[0].path) == (None, folder / "blob")


def test_a_compressed_tar_is_decompressed_once_into_the_spool(folder: Path) -> None:
    opened = unpack(folder, gz(tar(("a.xml", XML), ("b.xml", XML))))
    assert isinstance(opened, Container)
    assert {member.path for member in opened.members} == {opened.spooled}
    assert opened.spooled is not None
    assert opened.spooled.parent == folder / "spool"


LONG = "dossier/" * 20 + "é" * 40 + ".xml"


@pytest.mark.parametrize("layout", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_long_names_are_read_as_pax_and_gnu_write_them(folder: Path, layout: int) -> None:
    assert contents(folder, tar((LONG, XML), ("a.xml", XML), layout=layout)) == {LONG: XML, "a.xml": XML}


def test_a_name_split_over_two_fields_is_put_together(folder: Path) -> None:
    name = "d" * 90 + "/" + "n" * 90
    assert contents(folder, tar((name, XML), layout=tarfile.USTAR_FORMAT)) == {name: XML}


def test_a_tar_of_before_posix_is_one(folder: Path) -> None:
    data = bytearray(tar(("a.xml", XML), layout=tarfile.USTAR_FORMAT))
    data[257:265] = bytes(8)
    data[148:156] = b"%06o\0 " % (sum(data[:148]) + 256 + sum(data[156:512]))
    assert contents(folder, bytes(data)) == {"a.xml": XML}


def test_folders_and_dot_slash_are_no_members(folder: Path) -> None:
    root = tarfile.TarInfo("./")
    root.type = tarfile.DIRTYPE
    data = tar_of([(root, b""), (tarfile.TarInfo("./a.xml"), XML)])
    assert contents(folder, data) == {"a.xml": XML}
    assert contents(folder, make_zip(("d/", b""), ("d/a.xml", XML))) == {"d/a.xml": XML}


def test_what_macos_adds_by_itself_is_passed_over(folder: Path) -> None:
    twin, store = b"\x00\x05\x16\x07" + b"x" * 100, b"\x00\x00\x00\x01Bud1" + b"x" * 100
    data = make_zip(("a.xml", XML), ("__MACOSX/._a.xml", twin), (".DS_Store", store))
    assert contents(folder, data) == {"a.xml": XML}


def test_an_invoice_that_is_named_like_a_side_file_is_a_member(folder: Path) -> None:
    assert contents(folder, make_zip(("._a.xml", XML))) == {"._a.xml": XML}


def test_members_keep_the_order_of_the_archive(folder: Path) -> None:
    names = ["c.xml", "a.xml", "b.xml"]
    for data in (tar(*((name, XML) for name in names)), make_zip(*((name, XML) for name in names))):
        assert list(contents(folder, data)) == names


@pytest.mark.parametrize(
    ("member", "detail"),
    [
        ("../a.xml", ".."),
        ("d/../../a.xml", ".."),
        ("d/..", ".."),
        ("/a.xml", "/"),
        ("C:a.xml", "C:"),
        ("d\\a.xml", "\\"),
        ("a\n.xml", "\\x0a"),
        ("a\x7f.xml", "\\x7f"),
        ("n" * 1100, "1100"),
    ],
)
def test_a_name_that_leads_astray_refuses_the_flow(folder: Path, member: str, detail: str) -> None:
    for data in (tar((member, XML)), gz(tar((member, XML))), make_zip((member, XML))):
        opened = unpack(folder, data)
        assert isinstance(opened, tuple)
        assert [(each.code, each.detail) for each in opened] == [("ARCHIVE_MEMBER", detail)]


@pytest.mark.parametrize("member", ["a..xml", "...", "d/a.xml", "Facture n°117, mars.XML", "facture:1.xml", "~a.xml"])
def test_an_odd_name_that_leads_nowhere_is_taken(folder: Path, member: str) -> None:
    assert contents(folder, tar((member, XML))) == {member: XML}
    assert contents(folder, make_zip((member, XML))) == {member: XML}


@pytest.mark.parametrize(
    "names",
    [
        ("a.xml", "a.xml"),  # the same twice
        ("a.xml", "A.XML"),  # one file on half of the world's disks
        ("./a.xml", "a.xml"),
        ("d//a.xml", "d/a.xml"),
        ("é.xml", "e\u0301.xml"),  # composed and decomposed
        ("straße.xml", "STRASSE.xml"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_two_members_of_one_name_refuse_the_flow(folder: Path, names: tuple[str, str]) -> None:
    members = [(name, XML) for name in names]
    assert refusals(folder, tar(*members)) == ["ARCHIVE_MEMBER"]
    assert refusals(folder, make_zip(*members)) == ["ARCHIVE_MEMBER"]


@pytest.mark.parametrize(
    "kind",
    [tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, b"S", b"V", b"?"],
)
def test_a_tar_member_that_is_no_ordinary_file_refuses_the_flow(folder: Path, kind: bytes) -> None:
    assert refusals(folder, tar_of([special("a.xml", kind)], tarfile.USTAR_FORMAT)) == ["ARCHIVE_MEMBER"]


def test_a_sparse_file_as_pax_writes_it_refuses_the_flow(folder: Path) -> None:
    info = tarfile.TarInfo("a.xml")
    info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.realsize": str(2**40)}
    assert refusals(folder, tar_of([(info, XML)])) == ["ARCHIVE_MEMBER"]


def test_a_zip_member_that_is_a_link_refuses_the_flow(folder: Path) -> None:
    link = zipfile.ZipInfo("a.xml")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert refusals(folder, target.getvalue()) == ["ARCHIVE_MEMBER"]


def test_a_zip_member_that_was_read_from_a_pipe_is_taken(folder: Path) -> None:
    piped = zipfile.ZipInfo("a.xml")
    piped.create_system, piped.external_attr = 3, 0o010600 << 16
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(piped, XML)
    assert contents(folder, target.getvalue()) == {"a.xml": XML}


def test_all_bad_members_are_told_at_once(folder: Path) -> None:
    assert refusals(folder, tar(("../a", XML), ("ok.xml", XML), ("/b", XML))) == ["ARCHIVE_MEMBER"] * 2


@pytest.mark.parametrize("inner", [gz(XML), GOOD_ZIP, tar(("x.xml", XML))])
def test_an_archive_in_an_archive_refuses_the_flow(folder: Path, inner: bytes) -> None:
    outer = [tar(("a.xml", inner)), gz(inner), gz(tar(("a", inner))), make_zip(("a.xml", inner))]
    is_tar = inner.startswith(b"x.xml")
    for data in outer if not is_tar else (outer[0], *outer[2:]):
        assert refusals(folder, data) == ["ARCHIVE_NESTED"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        gz(b""),
        gz(tar()),  # what tar makes of no file
        make_zip(),
        make_zip(("d/", b"")),
    ],
)
def test_nothing_to_judge_is_an_empty_flow(folder: Path, data: bytes) -> None:
    assert refusals(folder, data) == ["FLOW_EMPTY"]


def test_an_empty_member_is_its_own_fault_and_leaves_the_others(folder: Path) -> None:
    for data in (tar(("a.xml", b""), ("b.xml", XML)), make_zip(("a.xml", b""), ("b.xml", XML))):
        read = contents(folder, data)
        assert isinstance(read["a.xml"], Observation)
        assert (read["a.xml"].code, read["b.xml"]) == ("FLOW_EMPTY", XML)


def test_a_member_over_the_bound_is_its_own_fault(folder: Path) -> None:
    big = bytes(range(256)) * (3 * 4096 + 1)
    for data in (tar(("a.xml", big), ("b.xml", XML)), make_zip(("a.xml", big), ("b.xml", XML))):
        opened = unpack(folder, data, limits=replace(SMALL, archive_ratio=10_000))
        assert isinstance(opened, Container)
        faults = [read_member(member, SMALL) for member in opened.members]
        assert isinstance(faults[0], Observation)
        assert (faults[0].code, faults[1]) == ("FILE_SIZE", XML)


def test_a_single_file_over_the_bound_is_refused(folder: Path) -> None:
    noise = lzma.compress(bytes(10)) * 60_000  # does not compress away
    big = b"<" + noise[: 3 * 2**20]
    assert refusals(folder, big) == ["FILE_SIZE"]
    assert refusals(folder, gz(big), limits=replace(SMALL, archive_ratio=10_000)) == ["FILE_SIZE"]


def test_a_flow_over_the_bound_is_refused_unread(folder: Path) -> None:
    assert refusals(folder, XML * 100, limits=replace(SMALL, flow_bytes=1000)) == ["FLOW_SIZE"]


@pytest.mark.parametrize(
    "data",
    [
        gz(bytes(20 * 2**20)),
        gz(tar(("a.xml", bytes(7 * 2**20)))),
        make_zip(("a.xml", bytes(7 * 2**20))),
        make_zip(*((f"{number}.xml", bytes(2**20)) for number in range(9))),
    ],
    ids=["gzip", "tar.gz", "zip", "zip of many"],
)
def test_a_bomb_is_refused_before_it_is_whole(folder: Path, data: bytes) -> None:
    assert refusals(folder, data) == ["ARCHIVE_LIMIT"]


def test_invoices_that_hardly_differ_are_no_bomb(folder: Path) -> None:
    members = [(f"{number}.xml", b"<Invoice>%0500d</Invoice>" % number) for number in range(10)]
    assert len(contents(folder, gz(tar(*members)))) == 10


def test_more_members_than_allowed_refuse_the_flow(folder: Path) -> None:
    members = [(f"{number}.xml", XML) for number in range(11)]
    assert refusals(folder, tar(*members)) == ["ARCHIVE_LIMIT"]
    assert refusals(folder, make_zip(*members)) == ["ARCHIVE_LIMIT"]


TAR = tar(("a.xml", XML), ("b.xml", XML))
TWO = 4 * 512  # header and block of two members


@pytest.mark.parametrize(
    "data",
    [
        gz(TAR)[:-1],  # the trailer is cut
        gz(TAR)[:60],
        gz(TAR)[:12],
        gz(TAR) + b"surplus",
        gz(XML)[:-8] + bytes(8),  # wrong checksum
        TAR[:TWO],  # members may be lacking
        TAR[: TWO - 512],
        TAR[: TWO - 512 - 100],
        TAR + TAR,  # members behind the end would be passed over
        TAR[:512].replace(b"a.xml", b"z.xml") + TAR[512:],  # wrong header checksum
        gz(TAR[:TWO] + b"garbage"),
    ],
)
def test_a_damaged_tar_or_gzip_is_refused(folder: Path, data: bytes) -> None:
    assert refusals(folder, data) == ["ARCHIVE_DAMAGED"]


def test_a_tar_without_end_is_whole_where_a_checksum_covers_it(folder: Path) -> None:
    assert contents(folder, gz(TAR[:TWO])) == {"a.xml": XML, "b.xml": XML}


CENTRAL, LOCAL, END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"


@pytest.mark.parametrize(
    "data",
    [
        GOOD_ZIP[:-1],
        GOOD_ZIP[:40],
        GOOD_ZIP + b"surplus",
        LOCAL + b"junk" + GOOD_ZIP,  # data before the archive
        GOOD_ZIP.replace(END, b"hidden" + END),  # data that no reader looks at
        patch(GOOD_ZIP, END, 10, "<H", 3),  # one entry more than there is
        patch(GOOD_ZIP, END, 8, "<H", 1),  # entries on other disks
        patch(GOOD_ZIP, END, 4, "<H", 1),
        patch(GOOD_ZIP, END, 16, "<L", 0),  # the directory elsewhere
        patch(GOOD_ZIP, CENTRAL, 42, "<L", 7),  # the file elsewhere
        patch(GOOD_ZIP, CENTRAL, 42, "<L", 0, nth=1),  # two entries, one file, two names
        patch(GOOD_ZIP, CENTRAL, 20, "<L", 10_000, nth=1),  # reaches into the directory
        patch(GOOD_ZIP, CENTRAL, 10, "<H", 12),  # bzip2
        patch(patch(GOOD_ZIP, CENTRAL, 10, "<H", 99), LOCAL, 8, "<H", 99),
        patch(GOOD_ZIP, LOCAL, 30, "<B", ord("z")),  # one name in the directory, another beside the file
        patch(GOOD_ZIP, CENTRAL, 20, "<L", 0xFFFFFFFF),  # zip64, without its field
    ],
)
def test_a_damaged_zip_is_refused(folder: Path, data: bytes) -> None:
    assert refusals(folder, data) == ["ARCHIVE_DAMAGED"]


def test_an_offset_beyond_all_files_is_damage(folder: Path) -> None:
    info = zipfile.ZipInfo("a.xml")
    info.extra = struct.pack("<HHQ", 1, 8, 2**64 - 1)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(info, XML)
    assert refusals(folder, patch(target.getvalue(), CENTRAL, 42, "<L", 0xFFFFFFFF)) == ["ARCHIVE_DAMAGED"]


@pytest.mark.parametrize("size", [2**20 - 1, 2**20, 2**20 + 1, 2**21])
def test_what_fills_the_pieces_exactly_is_whole(folder: Path, size: int) -> None:
    content = b"<" + bytes(size - 1)
    opened = unpack(folder, gz(content), limits=replace(SMALL, archive_ratio=10_000))
    assert isinstance(opened, Container)
    assert read_member(opened.members[0], SMALL) == content


def overlapping_zip() -> bytes:
    """Ten entries of one name's length over the same packed bytes: each reader sees ten files."""
    single = make_zip(("0.xml", bytes(2**16)))
    central = single[single.index(CENTRAL) : single.index(END)]
    body = single[: single.index(CENTRAL)]
    end = bytearray(single[single.index(END) :])
    struct.pack_into("<HHLL", end, 8, 2, 2, 2 * len(central), len(body))
    return body + central + central + bytes(end)


def test_entries_that_share_bytes_are_refused(folder: Path) -> None:
    assert refusals(folder, overlapping_zip()) == ["ARCHIVE_DAMAGED"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (patch_both(GOOD_ZIP, 24, 10), "smaller than it is"),
        (patch_both(GOOD_ZIP, 24, 99), "larger than it is"),
        (patch_both(GOOD_ZIP, 16, 1), "wrong checksum"),
        (patch(GOOD_ZIP, LOCAL, 40, "<B", 0xFF), "broken stream"),
    ],
)
def test_a_zip_member_that_lies_is_damaged_and_leaves_the_others(folder: Path, data: bytes, reason: str) -> None:
    read = contents(folder, data)
    assert isinstance(read["a.xml"], Observation), reason
    assert (read["a.xml"].code, read["b.xml"]) == ("ARCHIVE_DAMAGED", XML * 2)


def test_a_lying_bomb_is_inflated_no_further_than_it_said(folder: Path) -> None:
    data = patch_both(make_zip(("a.xml", bytes(2**26))), 24, 10)
    tracemalloc.start()
    try:
        read = contents(folder, data)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(read["a.xml"], Observation)
    assert peak_bytes < 2**20


@pytest.mark.parametrize("flag", [0x1, 0x41, 0x2001])
def test_an_encrypted_zip_is_refused_as_such(folder: Path, flag: int) -> None:
    data = patch(patch(GOOD_ZIP, CENTRAL, 8, "<H", flag), LOCAL, 6, "<H", flag)
    assert refusals(folder, data) == ["ARCHIVE_ENCRYPTED"]


def test_zip64_is_read(folder: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive, archive.open("a.xml", "w", force_zip64=True) as member:
        member.write(XML)
    assert contents(folder, target.getvalue()) == {"a.xml": XML}


def test_a_directory_that_only_zip64_locates_is_found(folder: Path) -> None:
    at = GOOD_ZIP.index(END)
    _, _, _, here, count, size, offset, _ = struct.unpack("<4s4H2LH", GOOD_ZIP[at:])
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, here, count, size, offset)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    end = struct.pack("<4s4H2LH", END, 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    assert list(contents(folder, GOOD_ZIP[:at] + record + locator + end)) == ["a.xml", "b.xml"]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"\xe9t\xe9.xml", "été.xml"),  # Western Windows, in a tar
        ("été.xml".encode(), "été.xml"),
    ],
)
def test_tar_names_are_text_whatever_wrote_them(folder: Path, raw: bytes, shown: str) -> None:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.USTAR_FORMAT, errors="surrogateescape") as archive:
        info = tarfile.TarInfo(raw.decode("utf-8", "surrogateescape"))
        info.size = len(XML)
        archive.addfile(info, io.BytesIO(XML))
    assert list(contents(folder, target.getvalue())) == [shown]


@pytest.mark.parametrize(
    ("name", "data", "codes"),
    [
        ("a.xml", XML, []),
        ("a", XML, []),  # legacy deposits bear no extension
        ("a.txt", XML, []),  # promises nothing
        ("a.tar.gz", gz(TAR), []),
        ("a.TGZ", gz(TAR), []),
        ("a.xml.gz", gz(XML), []),
        ("a.pdf", b"%PDF-1.7", []),
        ("a.xml", b"no kind", []),  # recognition will refuse it
        ("a.zip", gz(TAR), ["CONTENT_EXTENSION"]),
        ("a.xml", GOOD_ZIP, ["CONTENT_EXTENSION"]),
        ("a.tar.gz", TAR, ["CONTENT_EXTENSION"]),
        ("a.pdf", XML, ["CONTENT_EXTENSION"]),
        ("a.xml", b"%PDF-1.7", ["CONTENT_EXTENSION"]),
    ],
)
def test_an_extension_that_lies_is_a_remark(folder: Path, name: str, data: bytes, codes: list[str]) -> None:
    opened = unpack(folder, data, name)
    assert isinstance(opened, Container)
    assert [observation.code for observation in opened.observations] == codes


def test_reasons_are_given_in_both_languages(folder: Path) -> None:
    opened = unpack(folder, gz(TAR)[:-1])
    assert isinstance(opened, tuple)
    assert {"reason_fr", "reason_en"} <= dict(opened[0].facts).keys()


def test_our_own_disk_failing_is_no_fault_of_the_flow(folder: Path) -> None:
    with pytest.raises(VaultError):
        open_container(folder / "missing", "flow", SMALL, folder / "spool")


def test_a_pax_header_out_of_measure_is_damage(folder: Path) -> None:
    info = tarfile.TarInfo("a.xml")
    info.pax_headers = {"comment": "x" * 100_000}
    assert refusals(folder, tar_of([(info, XML)])) == ["ARCHIVE_DAMAGED"]


def test_a_global_header_that_gives_no_name_is_ignored(folder: Path) -> None:
    target = io.BytesIO()
    headers = {"comment": "0123456789abcdef"}
    with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT, pax_headers=headers) as archive:
        info = tarfile.TarInfo("a.xml")
        info.size = len(XML)
        archive.addfile(info, io.BytesIO(XML))
    assert contents(folder, target.getvalue()) == {"a.xml": XML}


def test_a_size_in_base_256_is_read_and_one_beyond_the_file_is_damage(folder: Path) -> None:
    def with_size(size: bytes) -> bytes:
        data = bytearray(tar(("a.xml", XML), layout=tarfile.GNU_FORMAT))
        data[124:136] = size
        data[148:156] = b"%06o\0 " % (sum(data[:148]) + 256 + sum(data[156:512]))
        return bytes(data)

    assert contents(folder, with_size(b"\x80" + len(XML).to_bytes(11, "big"))) == {"a.xml": XML}
    assert refusals(folder, with_size(b"\x80" + (2**70).to_bytes(11, "big"))) == ["ARCHIVE_DAMAGED"]
    assert refusals(folder, with_size(b"\xff" * 12)) == ["ARCHIVE_DAMAGED"]
    assert refusals(folder, with_size(b"-0000000001\0")) == ["ARCHIVE_DAMAGED"]


def test_chunks_hold_all_members_in_order(folder: Path) -> None:
    opened = unpack(folder, tar(*((f"{number}.xml", XML) for number in range(7))))
    assert isinstance(opened, Container)
    chunks = list(chunk_members(opened.members, 3))
    assert [(first, len(part)) for first, part in chunks] == [(0, 3), (3, 3), (6, 1)]
    assert tuple(member for _, part in chunks for member in part) == opened.members


def test_a_deflate_stream_with_data_behind_it_is_damage(folder: Path) -> None:
    raw = zlib.compressobj(wbits=-15)
    packed = raw.compress(XML) + raw.flush()
    assert contents(folder, ready_packed(packed)) == {"a.xml": XML}
    read = contents(folder, ready_packed(packed + b"x"))
    assert isinstance(read["a.xml"], Observation)


def ready_packed(packed: bytes) -> bytes:
    """A zip of XML, with these bytes for what was compressed."""
    data = make_zip(("a.xml", packed), method=zipfile.ZIP_STORED)
    for magic, at in ((LOCAL, 8), (CENTRAL, 10)):
        data = patch(data, magic, at, "<H", 8)
    return patch_both(patch_both(data, 24, len(XML)), 16, zlib.crc32(XML))


def raw_tar(name: str, kind: bytes, content: bytes) -> bytes:
    """One entry whose header announces the content, whatever its kind."""
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, len(content)
    return info.tobuf(tarfile.USTAR_FORMAT) + content + bytes(-len(content) % 512)


def extension(kind: bytes, content: bytes) -> bytes:
    return raw_tar("ext", kind, content)


def resummed(header: bytes) -> bytes:
    blank = header[:148] + b" " * 8 + header[156:]
    return header[:148] + f"{sum(blank[:512]):06o}\0 ".encode() + header[156:]


def prefixed(magic: bytes) -> bytes:
    entry = raw_tar("a.xml", b"0", XML)
    return resummed(entry[:257] + magic + entry[265:345] + b"up".ljust(155, b"\0") + entry[500:])


PAX_PATH, PAX_SIZE = b"16 path=b/b.xml\n", b"12 size=512\n"
GOOD_TAR = tar(("a.xml", XML))


@pytest.mark.parametrize(
    "data",
    [
        raw_tar("d/", b"5", raw_tar("b.xml", b"0", XML)) + GOOD_TAR,
        extension(b"x", PAX_SIZE) + raw_tar("d", b"5", b"")[:512] + bytes(512) + GOOD_TAR,
        extension(b"x", b"10 size=0\n") + raw_tar("d/", b"5", XML) + GOOD_TAR,
        raw_tar("d/", b"\0", XML) + GOOD_TAR,
        raw_tar("d/", b"0", XML) + GOOD_TAR,
        extension(b"x", PAX_PATH) + extension(b"L", b"a.xml\0") + GOOD_TAR,
        extension(b"L", b"a.xml\0") + extension(b"x", PAX_PATH) + GOOD_TAR,
        extension(b"g", PAX_PATH) + GOOD_TAR,
        extension(b"g", PAX_SIZE) + GOOD_TAR,
        extension(b"x", PAX_PATH + b"16 path=c/c.xml\n") + GOOD_TAR,
        extension(b"x", b"11 size=99\n") + raw_tar("a.xml", b"0", XML.ljust(99)[:98]) + GOOD_TAR,
        prefixed(b"ustar  \0") + bytes(1024),
        prefixed(bytes(8)) + bytes(1024),
    ],
)
def test_a_tar_that_two_programs_read_differently_is_refused(folder: Path, data: bytes) -> None:
    assert refusals(folder, data) == ["ARCHIVE_DAMAGED"]


@pytest.mark.parametrize(
    ("data", "member"),
    [
        (raw_tar("d/", b"5", b"") + GOOD_TAR, "a.xml"),
        (raw_tar("d/", b"\0", b"") + GOOD_TAR, "a.xml"),
        (raw_tar("./", b"5", b"") + raw_tar("./", b"5", b"") + GOOD_TAR, "a.xml"),
        (extension(b"x", PAX_PATH) + GOOD_TAR, "b/b.xml"),
        (extension(b"L", b"b/b.xml\0") + GOOD_TAR, "b/b.xml"),
        (extension(b"x", PAX_PATH + PAX_PATH) + GOOD_TAR, "b/b.xml"),
        (extension(b"x", f"11 size={len(XML)}\n".encode()) + GOOD_TAR, "a.xml"),
        (prefixed(b"ustar\x0000") + bytes(1024), "up/a.xml"),
    ],
)
def test_a_tar_that_all_programs_read_alike_is_taken(folder: Path, data: bytes, member: str) -> None:
    assert contents(folder, data) == {member: XML}


@pytest.mark.parametrize("name", ["/etc/x/", "../../up/", "a\x07/"])
def test_a_folder_of_a_tar_that_leads_astray_refuses_the_flow(folder: Path, name: str) -> None:
    assert refusals(folder, raw_tar(name, b"5", b"") + GOOD_TAR) == ["ARCHIVE_MEMBER"]


@pytest.mark.parametrize("twin", ["a.xml.", "a.xml ", "A.XML. ."])
def test_names_that_windows_takes_for_one_clash(folder: Path, twin: str) -> None:
    assert refusals(folder, tar(("a.xml", XML), (twin, XML))) == ["ARCHIVE_MEMBER"]


def written(name: str, content: bytes, *, extra: bytes = b"", system: int = 3) -> bytes:
    info = zipfile.ZipInfo(name)
    info.extra, info.create_system = extra, system
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(info, content)
        archive.writestr(zipfile.ZipInfo("a.xml"), XML)
    return target.getvalue()


class Pipe(io.RawIOBase):
    """What cannot be gone back in, as a writer of streams finds it."""

    def __init__(self) -> None:
        self.written = b""

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(memoryview(data))  # type: ignore[arg-type]
        self.written += piece
        return len(piece)


def streamed(*, is_wide: bool) -> bytes:
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("a.xml", "b.xml"):
            with archive.open(name, "w", force_zip64=is_wide) as member:
                member.write(XML)
    return pipe.written


def shifted(hidden: bytes, at: int) -> bytes:
    """A zip of two files with foreign bytes in it, its directory true to where they put the rest."""
    second = GOOD_ZIP.index(LOCAL, 4)
    start = GOOD_ZIP.index(CENTRAL)
    place = (0, second, start)[at]
    data = GOOD_ZIP[:place] + hidden + GOOD_ZIP[place:]
    data = patch(data, END, 16, "<L", start + len(hidden))
    for nth, offset in enumerate((0, second)):
        moved = offset + (len(hidden) if offset >= place else 0)
        at_central = start + len(hidden)
        tail = patch(data[at_central:], CENTRAL, 42, "<L", moved, nth=nth)
        data = data[:at_central] + tail
    return data


HIDDEN = make_zip(("h.xml", XML))
HIDDEN = HIDDEN[: HIDDEN.index(b"PK\x01\x02")]
UNICODE = struct.pack("<HHBL", 0x7075, 5 + 6, 1, zlib.crc32(b"b.xml"))


@pytest.mark.parametrize(
    "data",
    [
        *(shifted(HIDDEN, at) for at in range(3)),
        *(shifted(b"\0", at) for at in (1, 2)),
        patch(GOOD_ZIP, LOCAL, 14, "<L", 1),
        patch(GOOD_ZIP, LOCAL, 18, "<L", 1),
        patch(GOOD_ZIP, LOCAL, 22, "<L", 1),
        patch(GOOD_ZIP, CENTRAL, 16, "<L", 1),
        written("b.xml", XML, extra=UNICODE + b"../evi"),
        patch(streamed(is_wide=False), b"PK\x07\x08", 4, "<L", 1),
        patch(GOOD_ZIP, END, 16, "<L", GOOD_ZIP.index(CENTRAL) + 1),
        patch(GOOD_ZIP, END, 12, "<L", 1),
    ],
)
def test_a_zip_that_two_programs_read_differently_is_refused(folder: Path, data: bytes) -> None:
    assert refusals(folder, data) == ["ARCHIVE_DAMAGED"]


@pytest.mark.parametrize("field", [(8, 10, "<H", 1), (12, 12, "<L", 1), (16, 16, "<L", 1)])
def test_an_end_that_contradicts_its_zip64_record_is_refused(folder: Path, field: tuple[int, int, str, int]) -> None:
    first, second, layout, value = field
    at = GOOD_ZIP.index(END)
    _, _, _, here, count, size, offset, _ = struct.unpack("<4s4H2LH", GOOD_ZIP[at:])
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, here, count, size, offset)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    whole = GOOD_ZIP[:at] + record + locator + GOOD_ZIP[at:]
    assert list(contents(folder, whole)) == ["a.xml", "b.xml"]
    data = patch(patch(whole, END, first, layout, value), END, second, layout, value)
    assert refusals(folder, data) == ["ARCHIVE_DAMAGED"]


def test_a_folder_of_a_zip_that_holds_bytes_refuses_the_flow(folder: Path) -> None:
    assert refusals(folder, written("d/", XML)) == ["ARCHIVE_MEMBER"]


@pytest.mark.parametrize("name", ["/etc/x/", "../../up/"])
def test_a_folder_of_a_zip_that_leads_astray_refuses_the_flow(folder: Path, name: str) -> None:
    assert refusals(folder, written(name, b"")) == ["ARCHIVE_MEMBER"]


@pytest.mark.parametrize(
    "data",
    [
        streamed(is_wide=False),
        streamed(is_wide=True),
        written("d/", b""),
        written("d/", b"", system=0),
        written("b.xml", XML, extra=UNICODE[:2] + struct.pack("<H", 10) + UNICODE[4:] + b"b.xml"),
        make_zip(("d/", b""), ("a.xml", XML)),  # a folder whose nothing is compressed, as Java writes it
        shifted(b"PK\x07\x08", 0),
    ],
)
def test_what_honest_writers_make_is_taken(folder: Path, data: bytes) -> None:
    assert contents(folder, data)["a.xml"] == XML
