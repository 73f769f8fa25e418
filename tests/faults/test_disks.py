"""A few cuts and troubles; `make power-cuts` and `make storage-faults` are the long form."""

import pytest

from tests.faults.test_crash_points import LIMIT_SECONDS, campaign


@pytest.mark.timeout(LIMIT_SECONDS)
def test_after_a_power_cut_flux_has_lost_nothing_and_does_nothing_twice() -> None:
    done = campaign("power_cuts", "--cuts", "24")
    assert done.returncode == 0, done.stderr


@pytest.mark.timeout(LIMIT_SECONDS)
def test_a_disk_that_fills_up_is_told_of_and_survived() -> None:
    done = campaign("storage", "--only", "ledger and vault")
    assert done.returncode == 0, done.stdout + done.stderr
