"""Threads that fail together: none outlives the gateway whose ledger it works on."""

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from flux.app.gateway import open_gateway
from flux.app.installation import load_settings
from flux.app.threads import Crew
from flux.app.workshop import WorkshopFactory
from tests.acceptance.installation import Installation
from tests.fakes.intake import Reports
from tests.faults.sandbox import in_gateway


@pytest.fixture
def full_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No thread called delivery can be started."""
    start = threading.Thread.start

    def refuse(thread: threading.Thread) -> None:
        if thread.name == "delivery":
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", refuse)


def _call(work: Callable[[], object]) -> None:
    work()


def run_crew(stop: threading.Event, *works: Callable[[], object]) -> None:
    with Crew(stop) as crew:
        for number, work in enumerate(works):
            crew.start(str(number), partial(_call, work))
        stop.wait()


def test_what_one_thread_fails_of_stops_all_and_is_raised() -> None:
    stop = threading.Event()
    with pytest.raises(ValueError, match="invalid literal"):
        run_crew(stop, stop.wait, lambda: int("no number"))


@pytest.mark.usefixtures("full_machine")
def test_a_gateway_that_cannot_start_all_its_threads_leaves_none(tmp_path: Path) -> None:
    settings, stop = load_settings(Installation(tmp_path).config), threading.Event()
    try:
        with open_gateway(settings, Reports(), lambda its: in_gateway(WorkshopFactory(its)())) as gateway:
            with pytest.raises(RuntimeError, match="can't start new thread"):
                gateway.serve(stop)
            assert "intake" not in {thread.name for thread in threading.enumerate()}
    finally:
        stop.set()


def test_a_gateway_starts_whatever_lies_in_its_spool(tmp_path: Path) -> None:
    settings = load_settings(Installation(tmp_path).config)
    settings.vault.spool.mkdir(parents=True, exist_ok=True)
    (settings.vault.spool / "flow-1").mkdir()
    (settings.vault.spool / ".flux-doctor.0123456789abcdef.part").touch()
    (settings.vault.spool / "link").symlink_to(tmp_path)
    with open_gateway(settings, Reports(), lambda its: in_gateway(WorkshopFactory(its)())):
        assert list(settings.vault.spool.iterdir()) == []
