"""The engine of the official rules: whatever happens to it, it never gives a verdict that it did not reach."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from flux.engine import official
from flux.engine.official import EngineBounds, Judged, NotJudged, OfficialEngine, Unjudged
from tests.unit.engine.official_stylesheets import ABORTING, ENDLESS, RIGHT, WRONG, write_stylesheet


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return write_stylesheet(tmp_path)


@pytest.fixture
def engine() -> Iterator[OfficialEngine]:
    with OfficialEngine() as started:
        yield started


def test_a_document_that_breaks_no_rule_is_judged_so(engine: OfficialEngine, rules: Path) -> None:
    assert engine.judge(RIGHT, rules) == Judged(fired=())


def test_every_rule_that_fires_is_told_as_often_as_it_does(engine: OfficialEngine, rules: Path) -> None:
    verdict = engine.judge(WRONG, rules)

    assert isinstance(verdict, Judged)
    assert [(each.code, each.detail, each.is_fatal) for each in verdict.fired] == [
        ("BR-FR-01", "BT-1-1", True),
        ("BR-21", "", True),
        ("BR-21", "", True),
        ("BR-FXEXT-04", "", True),
        ("UBL-CR-001", "", False),
        ("BR-12", "", True),
    ]


def test_what_fires_is_told_with_its_place_and_its_text(engine: OfficialEngine, rules: Path) -> None:
    verdict = engine.judge(WRONG, rules)

    assert isinstance(verdict, Judged)
    first = verdict.fired[0]
    assert (first.id, first.flag, first.location, first.text) == (
        "BR-FR-01_BT-1-1",
        "fatal",
        "/*:invoice[1]",
        "[BR-FR-01] : no number",
    )


@pytest.mark.parametrize("document", [ABORTING, b"<invoice", b"", b"\xff\xfe"], ids=["number", "xml", "empty", "bytes"])
def test_what_aborts_the_engine_is_not_judged_and_the_next_document_is(
    engine: OfficialEngine, rules: Path, document: bytes
) -> None:
    verdict = engine.judge(document, rules)

    assert isinstance(verdict, NotJudged)
    assert (verdict.reason, bool(verdict.said)) == (Unjudged.GAVE_UP, True)
    assert engine.judge(RIGHT, rules) == Judged(fired=())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_a_document_is_read_in_its_own_encoding(engine: OfficialEngine, rules: Path, encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{declared}"?><invoice><number>é</number><total>1</total></invoice>'

    assert engine.judge(text.encode(encoding), rules) == Judged(fired=())


def test_a_document_that_takes_too_long_is_not_judged_and_the_next_one_is(tmp_path: Path, rules: Path) -> None:
    (tmp_path / "slow").mkdir()
    slow = write_stylesheet(tmp_path / "slow", ENDLESS)
    with OfficialEngine(bounds=EngineBounds(document_seconds=0.5, compile_seconds=1.0)) as engine:
        late = engine.judge(RIGHT, slow)

        assert late == NotJudged(reason=Unjudged.TIMED_OUT)
        assert engine.pids == ()
    with OfficialEngine() as engine:
        assert engine.judge(RIGHT, rules) == Judged(fired=())


def test_an_engine_that_is_killed_while_idle_is_started_again(engine: OfficialEngine, rules: Path) -> None:
    engine.judge(RIGHT, rules)
    (pid,) = engine.pids
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)

    assert engine.judge(RIGHT, rules) == Judged(fired=())


def test_an_engine_that_is_killed_at_work_has_judged_nothing(tmp_path: Path) -> None:
    slow = write_stylesheet(tmp_path, ENDLESS)
    with OfficialEngine() as engine, ThreadPoolExecutor(1) as threads:
        asked = threads.submit(engine.judge, RIGHT, slow)
        while not engine.pids:
            assert not asked.done()
        os.kill(engine.pids[0], signal.SIGKILL)
        verdict = asked.result()

    assert verdict == NotJudged(reason=Unjudged.ENDED, said="exit code -9")


def test_a_process_is_renewed_after_so_many_documents(rules: Path) -> None:
    with OfficialEngine(bounds=EngineBounds(documents=2)) as engine:
        pids = []
        for _ in range(4):
            pids.append(engine.pids)
            engine.judge(RIGHT, rules)

    assert [bool(each) for each in pids] == [False, True, False, True]


def test_a_process_is_renewed_once_it_has_held_too_much(rules: Path) -> None:
    with OfficialEngine(bounds=EngineBounds(memory_bytes=1)) as engine:
        assert engine.judge(RIGHT, rules) == Judged(fired=())
        assert engine.pids == ()


def test_what_its_starter_holds_is_not_held_against_a_process(rules: Path) -> None:
    ours = b"\1" * (512 * 2**20)
    with OfficialEngine(bounds=EngineBounds(memory_bytes=len(ours))) as engine:
        assert engine.judge(RIGHT, rules) == Judged(fired=())
        assert len(engine.pids) == 1


def test_several_threads_share_the_processes(rules: Path) -> None:
    with OfficialEngine(2) as engine, ThreadPoolExecutor(4) as threads:
        verdicts = list(threads.map(lambda document: engine.judge(document, rules), [RIGHT, WRONG] * 8))

        assert len(engine.pids) == 2
    assert [len(verdict.fired) for verdict in verdicts if isinstance(verdict, Judged)] == [0, 6] * 8


def test_no_process_outlives_the_engine(rules: Path) -> None:
    with OfficialEngine() as engine:
        engine.judge(RIGHT, rules)
        (pid,) = engine.pids

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_stylesheet_that_is_not_there_is_not_available(engine: OfficialEngine, tmp_path: Path) -> None:
    assert engine.judge(RIGHT, tmp_path / "absent.xslt") == NotJudged(
        reason=Unjudged.NOT_AVAILABLE, said="absent.xslt is not there"
    )


def test_without_saxonche_the_engine_is_not_available(
    engine: OfficialEngine, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(official, "is_engine_installed", lambda: False)

    assert engine.judge(RIGHT, rules) == NotJudged(reason=Unjudged.NOT_AVAILABLE, said="saxonche is not installed")


def test_a_stylesheet_that_is_none_is_not_judged(engine: OfficialEngine, tmp_path: Path) -> None:
    broken = tmp_path / "broken.xslt"
    broken.write_text("<not-xslt/>", encoding="utf-8")

    verdict = engine.judge(RIGHT, broken)

    assert isinstance(verdict, NotJudged)
    assert verdict.reason is Unjudged.GAVE_UP
