"""The allocator of the processes that judge."""

import os

# A tree is thousands of small blocks, taken and given back together. glibc keeps seven of each size at hand and sorts
# the rest into its bins, which costs a quarter of the time of a judgment.
BLOCKS_AT_HAND = 20_000


def spare_allocator() -> None:
    """Have the processes started from now on keep more blocks at hand; what the operator set for glibc stays.

    Elsewhere than on glibc nobody reads it.
    """
    os.environ.setdefault("GLIBC_TUNABLES", f"glibc.malloc.tcache_count={BLOCKS_AT_HAND}")
