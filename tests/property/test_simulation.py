"""The ledger's state machine under chance: crashes, lost answers, dead workers, a clock that goes back, an operator."""

import pytest

from tests.faults.simulation import Tables, simulate

RUNS = 1_000
AT_ONCE = 100


@pytest.mark.parametrize("first", range(1, RUNS + 1, AT_ONCE))
def test_no_order_of_events_breaks_a_promise(first: int) -> None:
    tables = Tables()
    broken = {seed: said for seed in range(first, first + AT_ONCE) if (said := simulate(seed, tables)) is not None}
    tables.close()
    assert not broken, "again, step by step: python -m tests.faults.simulation --seed SEED --verbose"
