"""Messages in one tar.gz, which must be the same bytes whenever it is made."""

import io
import random
import subprocess
import tarfile

from hypothesis import given
from hypothesis import strategies as st

from flux.engine.message_archive import PIECE_BYTES, pack_messages

MESSAGES = st.lists(
    st.tuples(st.text("aA0_-.", min_size=1, max_size=120).map(lambda name: f"m{name}"), st.binary(max_size=2_000)),
    max_size=8,
)


def unpack(archive: bytes) -> list[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as opened:
        return [(member.name, content.read()) for member in opened if (content := opened.extractfile(member))]


@given(MESSAGES)
def test_what_is_packed_comes_out_in_its_order(messages: list[tuple[str, bytes]]) -> None:
    assert unpack(b"".join(pack_messages(messages))) == messages


def test_a_large_archive_comes_in_pieces() -> None:
    generator = random.Random(7)
    messages = [(f"{number:04d}.xml", generator.randbytes(PIECE_BYTES // 4)) for number in range(12)]

    pieces = list(pack_messages(messages))

    assert len(pieces) > 1
    assert unpack(b"".join(pieces)) == messages


def test_an_archive_of_messages_bears_no_moment() -> None:
    archive = b"".join(pack_messages([("a.xml", b"<a/>")]))

    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as opened:
        assert [member.mtime for member in opened] == [0]
    assert archive[4:8] == bytes(4)  # the time in the head of a gzip file


def test_the_tar_of_the_system_reads_it() -> None:
    archive = b"".join(pack_messages([("a.xml", b"<a/>"), ("b.xml", b"<b/>")]))

    listed = subprocess.run(["tar", "-tz"], input=archive, capture_output=True, check=True)

    assert (listed.stdout.decode().split(), listed.stderr) == (["a.xml", "b.xml"], b"")
