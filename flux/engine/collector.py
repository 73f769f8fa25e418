"""The garbage collector of a process that treats flows."""

import gc

# Objects between two looks of the collector; the default of 700 costs a tenth of the time of a judgment.
THRESHOLD = 100_000


def spare_collector() -> None:
    """Let it look seldom: what is made at the start stays until the end, and what invoices are made of holds no cycles."""
    gc.freeze()
    gc.set_threshold(THRESHOLD)
