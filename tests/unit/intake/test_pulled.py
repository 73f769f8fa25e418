"""What a crash leaves of files that were on their way from a partner's server."""

from pathlib import Path

import pytest

from flux.intake.pulled import PulledFile, finish_pulls, part_path, read_note, write_note

WHOLE = b"<Invoice/>"


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    write_note(tmp_path / "1.pulled", PulledFile(key="k", name="a.xml", size_bytes=len(WHOLE)))
    return tmp_path


def names(claims: Path) -> set[str]:
    return {str(path.relative_to(claims)) for path in claims.rglob("*") if path.is_file()}


def test_a_part_of_the_announced_size_is_a_claim(claims: Path) -> None:
    part_path(claims / "1").write_bytes(WHOLE)
    finish_pulls(claims)
    assert names(claims) == {"1.pulled", "1/pulled"}


def test_a_shorter_part_is_asked_for_again(claims: Path) -> None:
    part_path(claims / "1").write_bytes(WHOLE[:-1])
    finish_pulls(claims)
    assert names(claims) == set()


def test_what_a_transport_was_still_writing_is_removed(claims: Path) -> None:
    (claims / ".1.part.0123456789abcdef.part").write_bytes(WHOLE)
    finish_pulls(claims)
    assert names(claims) == set()


def test_one_that_cannot_be_finished_stays_and_holds_up_no_other(claims: Path) -> None:
    write_note(claims / "0.pulled", PulledFile(key="k0", name="b.xml", size_bytes=len(WHOLE)))
    (claims / "0").write_bytes(b"in the way of a folder")
    for number in ("0", "1"):
        part_path(claims / number).write_bytes(WHOLE)
    (failure,) = finish_pulls(claims)
    assert isinstance(failure, FileExistsError)
    assert names(claims) == {"0", "0.part", "0.pulled", "1.pulled", "1/pulled"}


@pytest.mark.parametrize("modified", [None, 1000.5])
def test_a_note_says_whether_the_file_stays_on_its_server(tmp_path: Path, modified: float | None) -> None:
    pulled = PulledFile(key="k", name="a.xml", size_bytes=1, kept_modified=modified)
    write_note(tmp_path / "1.pulled", pulled)
    assert read_note(tmp_path / "1.pulled") == pulled
