"""Every class of hostile and odd files gets its answer, and its twin that hardly differs is accepted."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from flux.app.checking import CheckOptions, check_file
from tests.faults.hostile.answers import answer_of, fits
from tests.faults.hostile.case import Answer, Family, Hostile, Maker
from tests.faults.hostile.catalogue import all_classes
from tests.faults.hostile.pipe import WatchedPipe
from tests.faults.hostile.xml import naming_classes

# Nothing listens there: whoever asks fails, and that is seen.
NOBODY = "http://127.0.0.1:9"
NOWHERE = "/nobody/has/such/a/file"
CLASSES = [each for each in all_classes(NOBODY, NOWHERE) if not each.is_large and each.family is not Family.NAMES]


@cache
def options() -> CheckOptions:
    return CheckOptions.build(layers=frozenset(), deposit=None, config_path=None)


def answer_to(folder: Path, name: str, make: Maker) -> Answer:
    file = folder / name
    file.write_bytes(make())
    return answer_of(check_file(str(file), options()).judgments)


def wrong_answers(folder: Path, files: dict[str, Maker], wanted: Answer) -> dict[str, str]:
    given = {name: answer_to(folder, name, make) for name, make in files.items()}
    return {name: str(answer) for name, answer in given.items() if not fits(answer, wanted)}


@pytest.mark.parametrize("hostile", CLASSES, ids=lambda each: each.name)
def test_a_hostile_file_gets_its_answer(tmp_path: Path, hostile: Hostile) -> None:
    assert wrong_answers(tmp_path, dict(hostile.files), hostile.answer) == {}


@pytest.mark.parametrize("hostile", [each for each in CLASSES if each.twins], ids=lambda each: each.name)
def test_its_twin_is_accepted(tmp_path: Path, hostile: Hostile) -> None:
    assert wrong_answers(tmp_path, dict(hostile.twins), hostile.twin_answer) == {}


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[WatchedPipe]:
    with WatchedPipe(tmp_path / "pipe") as watched:
        yield watched


def test_whoever_opens_the_watched_pipe_is_seen(pipe: WatchedPipe) -> None:
    assert (pipe.path.read_bytes(), pipe.was_opened) == (b"", True)


@pytest.mark.parametrize("name", [each.name for each in naming_classes(NOBODY, NOWHERE)])
def test_no_file_that_an_invoice_names_is_opened(tmp_path: Path, pipe: WatchedPipe, name: str) -> None:
    hostile = next(each for each in naming_classes(NOBODY, str(pipe.path)) if each.name == name)
    wrong = wrong_answers(tmp_path, dict(hostile.files), hostile.answer)
    assert (wrong, pipe.was_opened) == ({}, False)


def test_no_two_classes_bear_one_name() -> None:
    names = [each.name for each in all_classes(NOBODY, NOWHERE)]
    assert len(names) == len(set(names))
