"""Who follows whom, out of SIRENE's list of successions: some million links, several for many a SIRET. Needs the extra `sirene`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from flux.register.sirene_layout import DAY_BITS
from flux.register.sirene_numbers import (
    Flags,
    Gathered,
    Keys,
    day_numbers,
    have_regular_keys,
    numbers_of,
    pack,
    pieces,
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


def no_successions() -> Successions:
    """Nobody follows anybody."""
    nobody = np.empty(0, dtype=np.uint64)
    return Successions(regular=nobody, regular_after=nobody, irregular=nobody, irregular_after=nobody)


def read_successions(path: Path, progress: Callable[[float], None]) -> Successions:
    """The links of a list. Raises RegisterError.

    The latest link of a SIRET counts. One that several follow on that day has none: which of them takes its invoices, the
    list does not say.
    """
    before, after = Gathered(), Gathered()
    for batch in read_batches(path, (BEFORE, AFTER, LINKED), progress):
        before.add(pack(numbers_of(batch, BEFORE), day_numbers(batch, LINKED)))
        after.add(numbers_of(batch, AFTER).astype(np.uint64))
    return _split(*_latest(*_in_order(before.take(), after.take())))


def _in_order(dated: Keys, after: Keys) -> tuple[Keys, Keys]:
    """Each link once, by who is followed, day, and who follows."""
    order = np.lexsort((after, dated))
    dated, after = dated[order], after[order]
    once = _differ_from_former(dated) | _differ_from_former(after)
    return dated[once], after[once]


def _latest(dated: Keys, after: Keys) -> tuple[Keys, Keys]:
    """Who is followed, without the day, and who follows."""
    before = dated >> np.uint64(DAY_BITS)
    is_latest = np.roll(_differ_from_former(before), -1)
    is_alone = _differ_from_former(dated)  # of those of its day, the last one is looked at
    chosen = is_latest & is_alone
    return before[chosen], after[chosen]


def _split(before: Keys, after: Keys) -> Successions:
    is_regular = np.concatenate([np.empty(0, np.bool_), *map(_are_regular, pieces(before))])
    return Successions(
        regular=np.concatenate([before[:0], *map(_twelve, pieces(before[is_regular]))]),
        regular_after=after[is_regular],
        irregular=before[~is_regular],
        irregular_after=after[~is_regular],
    )


def _are_regular(siret: Keys) -> Flags:
    return have_regular_keys(siret.astype(np.int64))


def _twelve(siret: Keys) -> Keys:
    return twelve_digits(siret.astype(np.int64)).astype(np.uint64)


def _differ_from_former(numbers: Keys) -> Flags:
    """True for each number that is another than the one before it; for the first one too."""
    differ: Flags = np.ones(len(numbers), dtype=np.bool_)
    differ[1:] = numbers[1:] != numbers[:-1]
    return differ
