"""A few kills of each kind; `make crash-points` and `make chaos` are the long form."""

import re
import subprocess
import sys

import pytest

from tests.faults.crash_points import ROLES

LIMIT_SECONDS = 240


def campaign(module: str, *options: str) -> subprocess.CompletedProcess[str]:
    """A campaign in a process of its own: it forks, which a test runner with threads must not."""
    command = [sys.executable, "-m", f"tests.faults.{module}", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False)


@pytest.mark.timeout(LIMIT_SECONDS)
def test_killed_at_a_crash_point_flux_loses_nothing_and_does_nothing_twice() -> None:
    done = campaign("crash_points", "--sample", "2")
    assert done.returncode == 0, done.stderr
    assert len(re.findall(r"\| \w+ \| \d+ \| [1-9]\d* \|", done.stdout)) == len(ROLES), "nothing was killed"


@pytest.mark.timeout(LIMIT_SECONDS)
def test_killed_at_random_flux_loses_nothing_and_does_nothing_twice() -> None:
    done = campaign("chaos", "--runs", "5")
    assert done.returncode == 0, done.stdout + done.stderr
