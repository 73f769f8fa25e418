"""A few kills of each kind; `make crash-points` and `make chaos` are the long form."""

import re
import subprocess
import sys

import pytest

LIMIT_SECONDS = 240


def campaign(module: str, *options: str) -> subprocess.CompletedProcess[str]:
    """A campaign in a process of its own: it forks, which a test runner with threads must not."""
    command = [sys.executable, "-m", f"tests.faults.{module}", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False)


@pytest.mark.timeout(LIMIT_SECONDS)
@pytest.mark.parametrize(("role", "kills"), [("gateway", 12), ("worker", 4), ("operator", 4)])
def test_killed_at_a_crash_point_flux_loses_nothing_and_does_nothing_twice(role: str, kills: int) -> None:
    done = campaign("crash_points", "--role", role, "--sample", str(kills))
    assert done.returncode == 0, done.stderr
    assert re.search(rf"\| {role} \| \d+ \| [1-9]\d* \|", done.stdout), "nothing was killed"


@pytest.mark.timeout(LIMIT_SECONDS)
def test_killed_at_random_flux_loses_nothing_and_does_nothing_twice() -> None:
    done = campaign("chaos", "--runs", "12")
    assert done.returncode == 0, done.stdout + done.stderr
