"""A few inputs for every target of `make fuzz`: no reader fails of itself, whatever it is given."""

import time
from pathlib import Path

import pytest

from tests.faults.fuzz import run_target
from tests.faults.fuzz_targets import TARGETS

INPUTS = 40
LIMIT_SECONDS = 60.0


@pytest.mark.parametrize("name", list(TARGETS))
def test_a_reader_answers_whatever_it_is_given(name: str, tmp_path: Path) -> None:
    until = time.monotonic() + LIMIT_SECONDS
    tally = run_target(name, tmp_path, "1", until, INPUTS, lambda _: None, None)
    assert tally.findings == []
    assert tally.inputs >= INPUTS
