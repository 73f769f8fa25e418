"""A document of many invoices among the members of a flow: found, shared between tasks, read one invoice at a time."""

import gzip
import random
from dataclasses import replace
from pathlib import Path

import pytest

from flux.demo.pivot_samples import FLOW_ID, PivotSample, write_pivot
from flux.demo.samples import Sample
from flux.intake.member import Compression, MemberRef
from flux.intake.reading import Piece, read_pieces
from flux.intake.unpack import Container, chunk_members, open_container
from flux.model.finding import Observation
from flux.model.limits import Limits
from tests.unit.intake.cpp import pivot, unit
from tests.unit.intake.test_unpack import gz, make_zip, tar

SMALL = Limits(member_bytes=3000, flow_bytes=10**6)
PIVOT = pivot(*(unit(number) for number in range(7))).encode()
XML = b"<?xml version='1.0'?><Invoice/>"


def open_flow(folder: Path, data: bytes, name: str = "flow", limits: Limits = SMALL) -> Container:
    (folder / "blob").write_bytes(data)
    opened = open_container(folder / "blob", name, limits, folder / "spool")
    assert isinstance(opened, Container), opened
    return opened


def refusal(folder: Path, data: bytes) -> list[str]:
    (folder / "blob").write_bytes(data)
    opened = open_container(folder / "blob", "flow", SMALL, folder / "spool")
    assert not isinstance(opened, Container)
    return [seen.code for seen in opened]


def read(members: tuple[MemberRef, ...], first: int = 0, limits: Limits = SMALL) -> list[Piece]:
    return list(read_pieces([replace(member, observations=()) for member in members], first, limits))


CONTAINERS = {
    "plain": PIVOT,
    "gzip": gz(PIVOT),
    "tar.gz": gz(tar(("a.xml", PIVOT))),
    "tar": tar(("a.xml", PIVOT)),
    "zip": make_zip(("a.xml", PIVOT)),
    "stored zip": make_zip(("a.xml", PIVOT), method=0),
}


@pytest.mark.parametrize("data", CONTAINERS.values(), ids=CONTAINERS)
def test_each_invoice_is_read_as_a_document_of_its_own_whatever_holds_the_whole(tmp_path: Path, data: bytes) -> None:
    pieces = read(open_flow(tmp_path, data).members)
    assert [piece.place.unit for piece in pieces if piece.place] == list(range(7))
    assert [piece.content for piece in pieces] == [
        pivot(unit(number)).replace('Compteur="1"', 'Compteur="7"').encode() for number in range(7)
    ]


def test_a_compressed_member_is_unpacked_to_disk_once(tmp_path: Path) -> None:
    (member,) = open_flow(tmp_path, make_zip(("a.xml", PIVOT))).members
    assert (member.path.parent, member.compression, member.path.read_bytes()) == (
        tmp_path / "spool",
        Compression.STORED,
        PIVOT,
    )


def test_a_document_of_many_invoices_may_be_as_large_as_a_flow(tmp_path: Path) -> None:
    limits = Limits(member_bytes=100_000, flow_bytes=10**7)
    large = pivot(*(unit(number, f"<Id>{random.Random(number).randbytes(40_000).hex()}</Id>") for number in range(50)))
    for data in (large.encode(), gzip.compress(large.encode()), tar(("a.xml", large.encode()))):
        pieces = read(open_flow(tmp_path, data, limits=limits).members, limits=limits)
        assert [type(piece.content) for piece in pieces] == [bytes] * 50


def test_an_invoice_that_is_too_large_is_refused_by_itself(tmp_path: Path) -> None:
    data = pivot(unit(0), unit(1, f"<Id>{'x' * 3000}</Id>"), unit(2)).encode()
    pieces = read(open_flow(tmp_path, data).members)
    codes = [
        piece.content[0].code if isinstance(piece.content[0], Observation) else ""
        for piece in pieces
        if not isinstance(piece.content, bytes)
    ]
    assert (codes, len(pieces)) == (["FILE_SIZE"], 3)


def test_a_large_document_that_cannot_be_cut_is_refused_for_what_is_wrong(tmp_path: Path) -> None:
    large = pivot(*(unit(number, f"<Id>{'x' * 1000}</Id>") for number in range(5))).encode()
    assert refusal(tmp_path, large.replace(b"<Enveloppe/>", b"<CPPFactures/>")) == ["FILE_SIZE"]
    broken = open_flow(tmp_path, large.replace(b"</Id>", b"", 1))
    assert [seen.code for seen in broken.members[0].observations] == ["XML_SYNTAX"]


def test_a_small_document_that_cannot_be_cut_is_left_to_the_reader(tmp_path: Path) -> None:
    (member,) = open_flow(tmp_path, PIVOT.replace(b"</Id>", b"", 1)).members
    assert (member.units, member.observations) == (None, ())


def test_a_compressed_document_that_is_damaged_is_told_so(tmp_path: Path) -> None:
    data = bytearray(make_zip(("a.xml", PIVOT)))
    for header, checksum in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        data[data.index(header) + checksum] ^= 1
    (member,) = open_flow(tmp_path, bytes(data)).members
    assert [seen.code for seen in member.observations] == ["ARCHIVE_DAMAGED"]
    assert list((tmp_path / "spool").iterdir()) == []


def test_chunks_share_the_invoices_of_one_document_among_them(tmp_path: Path) -> None:
    members = open_flow(tmp_path, gz(tar(("0.xml", XML), ("1.xml", PIVOT), ("2.xml", XML)))).members
    chunks = list(chunk_members(members, 3))
    assert [(first, sum(part.invoice_count for part in parts)) for first, parts in chunks] == [(0, 3), (1, 3), (1, 3)]
    assert [
        [(piece.ordinal, piece.place.unit if piece.place else None) for piece in read(parts, first)]
        for first, parts in chunks
    ] == [[(0, None), (1, 0), (1, 1)], [(1, 2), (1, 3), (1, 4)], [(1, 5), (1, 6), (2, None)]]


def test_the_content_of_an_invoice_is_the_same_under_another_number(tmp_path: Path) -> None:
    sample = PivotSample(sample=Sample(line_count=1))
    pieces = read(open_flow(tmp_path, write_pivot([sample, sample])).members, limits=Limits())
    contents = [piece.content[slice(*piece.place.content)] for piece in pieces if piece.place]
    assert contents[0] == contents[1]
    assert pieces[0].content != pieces[1].content


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        (f"FEN0036A_SEI001_{FLOW_ID}", []),
        ("FEN0036A_SEI001_CPP0020036000000000000009", ["CPP_ENVELOPE"]),
        ("pivot.xml", []),
    ],
)
def test_the_envelope_is_held_against_a_strict_name(tmp_path: Path, name: str, codes: list[str]) -> None:
    (member,) = open_flow(tmp_path, write_pivot([PivotSample()]), name, Limits()).members
    assert [seen.code for seen in member.observations] == codes
