import gzip
import io
import tarfile
import tempfile
import unicodedata
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flux.intake.unpack import Container, open_container, read_member
from flux.model.finding import Observation
from flux.model.limits import Limits

LIMITS = Limits()

# Letters of the names that archives really hold: spaces, commas, accents, signs beyond the first plane.
SEGMENTS = st.text(st.sampled_from("abcXYZ019 -_,'éèçœ€°𝄞"), min_size=1, max_size=60)
NAMES = st.lists(SEGMENTS, min_size=1, max_size=5).map("/".join)
CONTENTS = st.binary(min_size=1, max_size=3000).map(lambda data: b"<" + data)


def fold(name: str) -> str:
    return unicodedata.normalize("NFC", name.casefold())


TREES = st.lists(st.tuples(NAMES, CONTENTS), min_size=1, max_size=12, unique_by=lambda member: fold(member[0])).map(
    dict
)


def make_tar_gz(tree: Mapping[str, bytes], layout: int) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz", format=layout) as archive:
        for name, content in tree.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return target.getvalue()


def make_zip(tree: Mapping[str, bytes], method: int) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in tree.items():
            archive.writestr(name, content)
    return target.getvalue()


def unpack(data: bytes) -> dict[str, bytes | Observation] | tuple[Observation, ...]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "blob"
        path.write_bytes(data)
        opened = open_container(path, "flow", LIMITS, Path(folder) / "spool")
        if not isinstance(opened, Container):
            return opened
        return {member.name: read_member(member, LIMITS) for member in opened.members}


@pytest.mark.parametrize("layout", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
@given(tree=TREES)
@settings(max_examples=60, deadline=None)
def test_any_tree_comes_out_of_a_tar_gz_as_it_went_in(layout: int, tree: dict[str, bytes]) -> None:
    assert unpack(make_tar_gz(tree, layout)) == tree


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
@given(tree=TREES)
@settings(max_examples=60, deadline=None)
def test_any_tree_comes_out_of_a_zip_as_it_went_in(method: int, tree: dict[str, bytes]) -> None:
    assert unpack(make_zip(tree, method)) == tree


TREE = {f"{number}.xml": b"<Invoice>%d</Invoice>" % number * 40 for number in range(5)}
TAR_GZ = make_tar_gz(TREE, tarfile.PAX_FORMAT)
ARCHIVES = {
    "tar.gz": TAR_GZ,
    "tar": gzip.decompress(TAR_GZ),
    "zip": make_zip(TREE, zipfile.ZIP_DEFLATED),
    "gz": gzip.compress(b"<Invoice/>" * 100),
}


@pytest.mark.parametrize("kind", ARCHIVES)
@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_no_change_of_bytes_makes_it_raise(kind: str, data: st.DataObject) -> None:
    changed = bytearray(ARCHIVES[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    unpack(bytes(changed))


@pytest.mark.parametrize("kind", ["tar.gz", "tar", "zip", "gz"])
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_no_part_of_an_archive_passes_for_the_whole(kind: str, data: st.DataObject) -> None:
    whole = ARCHIVES[kind]
    # A tar is whole once its end marker begins.
    last = 512 * 3 * len(TREE) if kind == "tar" else len(whole) - 1
    cut = data.draw(st.integers(2, last))
    opened = unpack(whole[:cut])
    assert isinstance(opened, tuple) or not set(opened.values()) & set(TREE.values())


@given(data=st.binary(max_size=2000))
@settings(max_examples=100, deadline=None)
def test_no_bytes_whatever_make_it_raise(data: bytes) -> None:
    for magic in (b"", b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08\0", bytes(257) + b"ustar\0"):
        unpack(magic + data)
