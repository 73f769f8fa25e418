"""Who follows whom, out of SIRENE's list of successions: some million links, several for many a SIRET. Needs the extra `sirene`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from flux.register.sirene_layout import DAY_BITS
from flux.register.sirene_numbers import (
    Digits,
    Flags,
    Gathered,
    Keys,
    day_numbers,
    have_regular_keys,
    numbers_of,
    pack,
    twelve_digits,
)
from flux.register.sirene_stock import AFTER, BEFORE, LINKED, read_batches


@dataclass(frozen=True, slots=True, kw_only=True)
class Successions:
    """Each SIRET that one other follows, sorted: by its twelve digits where its keys are regular, else by all; and that other."""

    regular: Keys
    regular_after: Keys
    irregular: Keys
    irregular_after: Keys

    def __len__(self) -> int:
        return len(self.regular) + len(self.irregular)

    @classmethod
    def of(cls, before: Digits, after: Digits) -> "Successions":
        """Those of sorted SIRETs and of what follows each."""
        is_regular = have_regular_keys(before)
        return cls(
            regular=twelve_digits(before[is_regular]).astype(np.uint64),
            regular_after=after[is_regular].astype(np.uint64),
            irregular=before[~is_regular].astype(np.uint64),
            irregular_after=after[~is_regular].astype(np.uint64),
        )


def no_successions() -> Successions:
    """Nobody follows anybody."""
    return Successions.of(np.empty(0, np.int64), np.empty(0, np.int64))


def read_successions(path: Path, progress: Callable[[float], None]) -> Successions:
    """The links of a list. Raises RegisterError.

    The latest link of a SIRET counts. One that several follow on that day has none: which of them takes its invoices, the
    list does not say.
    """
    before, after = Gathered(), Gathered()
    for batch in read_batches(path, (BEFORE, AFTER, LINKED), progress):
        before.add(pack(numbers_of(batch, BEFORE), day_numbers(batch, LINKED)))
        after.add(numbers_of(batch, AFTER).astype(np.uint64))
    return _latest(before.take(), after.take())


def _latest(dated: Keys, after: Keys) -> Successions:
    order = np.lexsort((after, dated))
    dated, after = dated[order], after[order]
    once = _differ_from_former(dated) | _differ_from_former(after)
    dated, after = dated[once], after[once]
    before = dated >> np.uint64(DAY_BITS)
    is_latest = np.roll(_differ_from_former(before), -1)
    is_alone = _differ_from_former(dated)  # of those of its day, the last one is looked at
    chosen = is_latest & is_alone
    return Successions.of(before[chosen].astype(np.int64), after[chosen].astype(np.int64))


def _differ_from_former(numbers: Keys) -> Flags:
    """True for each number that is another than the one before it; for the first one too."""
    differ: Flags = np.ones(len(numbers), dtype=np.bool_)
    differ[1:] = numbers[1:] != numbers[:-1]
    return differ
