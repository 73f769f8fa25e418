"""The ledger's state machine under chance: crashes, lost answers, dead workers, a clock that goes back, an operator."""

from tests.faults.simulation import Tables, simulate

RUNS = 80


def test_no_order_of_events_breaks_a_promise() -> None:
    tables = Tables()
    broken = {seed: said for seed in range(1, RUNS + 1) if (said := simulate(seed, tables)) is not None}
    assert not broken, "again, step by step: python -m tests.faults.simulation --seed SEED --verbose"
