"""SIGTERM to the real gateway: the short form of `python -m tests.faults.stops`."""

from pathlib import Path

import pytest

from tests.faults.stops import stop

STOP_SECONDS = 0.5
# What a cut-off may take beside: half a second until the engine hears, a grace of a second and a half.
REST_SECONDS = 4.0


@pytest.mark.parametrize("situation", ["starting", "busy", "silent recipient"])
def test_a_gateway_ends_within_its_bound_and_its_restart_finds_everything(tmp_path: Path, situation: str) -> None:
    stopped = stop(situation, tmp_path / "site", STOP_SECONDS)
    assert (stopped.code, stopped.broken) == (0, ())
    assert stopped.seconds < STOP_SECONDS + REST_SECONDS


def test_what_hung_workers_hold_is_told_by_its_flows_and_treated_after_the_restart(tmp_path: Path) -> None:
    stopped = stop("hung workers", tmp_path / "site", STOP_SECONDS)
    assert (stopped.code, stopped.broken) == (0, ())
    assert stopped.said.startswith("tasks 3, flows 1, 2, 3, event given_back")
    assert stopped.seconds < STOP_SECONDS + REST_SECONDS


def test_a_second_signal_ends_at_once(tmp_path: Path) -> None:
    stopped = stop("second signal", tmp_path / "site", stop_seconds=30.0)
    assert (stopped.code, stopped.broken) == (0, ())
    assert stopped.seconds < REST_SECONDS
