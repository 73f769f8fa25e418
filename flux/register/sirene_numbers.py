"""Columns of SIRENE's stock as numbers, whole columns at a time. Needs the extra `sirene`.

An establishment is one 64-bit number, its key above the day on which it closed, so that sorting the numbers sorts them.
"""

from collections.abc import Iterator
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from flux.register.sirene_layout import DAY_BITS, DAY_ZERO, EARLIEST_DAY, LAST_DAY, OPEN
from flux.register.sirene_stock import SINCE, STATE, Column, days_of

Keys = np.ndarray[tuple[int], np.dtype[np.uint64]]
Digits = np.ndarray[tuple[int], np.dtype[np.int64]]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]

# Whole columns of a stock are handled by pieces where a second one would not fit in memory.
PIECE_ROWS = 1 << 20
_UNIX_DAY_ZERO = (date(1970, 1, 1) - DAY_ZERO).days


def numbers_of(batch: pa.RecordBatch, column: Column) -> Digits:
    """The digits of a column as numbers."""
    numbers: Digits = pc.cast(batch.column(column.name), pa.int64()).to_numpy(zero_copy_only=False)
    return numbers


def closing_days(batch: pa.RecordBatch) -> Digits:
    """The day on which each establishment closed, as the file counts them."""
    closed: Flags = pc.equal(batch.column(STATE.name), "F").to_numpy(zero_copy_only=False)
    return np.where(closed, day_numbers(batch, SINCE), OPEN)


def day_numbers(batch: pa.RecordBatch, column: Column) -> Digits:
    """The days of a column, as the file counts them; those that it cannot tell are its first or its last one."""
    days = pc.cast(days_of(batch.column(column.name)), pa.int32())
    counted: Digits = pc.fill_null(days, -_UNIX_DAY_ZERO).to_numpy(zero_copy_only=False).astype(np.int64)
    return np.clip(counted + _UNIX_DAY_ZERO, EARLIEST_DAY, LAST_DAY)


def have_regular_keys(siret: Digits) -> Flags:
    """True where both Luhn sums are multiples of ten."""
    fits: Flags = (_luhn(siret // 10**5, 9) % 10 == 0) & (_luhn(siret, 14) % 10 == 0)
    return fits


def _luhn(numbers: Digits, digits: int) -> Digits:
    total = np.zeros_like(numbers)
    for place in range(digits):
        numbers, digit = np.divmod(numbers, 10)
        total += digit if place % 2 == 0 else np.where(digit > 4, 2 * digit - 9, 2 * digit)
    return total


def twelve_digits(siret: Digits) -> Digits:
    """The fourteen digits without the ninth and the last."""
    return siret // 10**6 * 10**4 + siret // 10 % 10**4


def pack(key: Digits, day: Digits) -> Keys:
    """A key and a day in one number each."""
    return (key.astype(np.uint64) << np.uint64(DAY_BITS)) | day.astype(np.uint64)


def pieces(numbers: Keys, *, overlap: int = 0) -> Iterator[Keys]:
    """The numbers a piece at a time, each with so many of the next one."""
    for start in range(0, len(numbers), PIECE_ROWS):
        yield numbers[start : start + PIECE_ROWS + overlap]


class Gathered:
    """Numbers that come batch by batch, in one array that grows where it stands."""

    def __init__(self) -> None:
        self._numbers: Keys = np.empty(PIECE_ROWS, dtype=np.uint64)
        self._count = 0

    def add(self, numbers: Keys) -> None:
        """Append a batch."""
        after = self._count + len(numbers)
        if after > len(self._numbers):
            self._numbers.resize(max(after, len(self._numbers) * 9 // 8 + PIECE_ROWS), refcheck=False)
        self._numbers[self._count : after] = numbers
        self._count = after

    def take(self) -> Keys:
        """All of them, in the order in which they came; they are let go here."""
        taken, self._numbers = self._numbers, np.empty(0, dtype=np.uint64)
        taken.resize(self._count, refcheck=False)
        self._count = 0
        return taken
