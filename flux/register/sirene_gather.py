"""Every establishment of a stock, as sorted numbers. Needs the extra `sirene`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import numpy as np

from flux.errors import RegisterError
from flux.register.sirene_key import SiretKey, siret_of
from flux.register.sirene_layout import DAY_BITS
from flux.register.sirene_numbers import (
    Gathered,
    Keys,
    closing_days,
    have_regular_keys,
    numbers_of,
    pack,
    pieces,
    twelve_digits,
)
from flux.register.sirene_stock import FAULTS_TOLD, SINCE, SIRET, STATE, read_batches


@dataclass(frozen=True, slots=True, kw_only=True)
class Establishments:
    """Sorted: those whose keys are regular by twelve digits, the others by fourteen; each above the day on which it closed."""

    regular: Keys
    irregular: Keys

    def __len__(self) -> int:
        return len(self.regular) + len(self.irregular)


def read_stock(stock: Path, progress: Callable[[float], None]) -> Establishments:
    """The establishments of a stock. Raises RegisterError for bad lines, and for a SIRET that comes twice."""
    regular, irregular = Gathered(), Gathered()
    for batch in read_batches(stock, (SIRET, STATE, SINCE), progress):
        siret, day = numbers_of(batch, SIRET), closing_days(batch)
        is_regular = have_regular_keys(siret)
        regular.add(pack(twelve_digits(siret[is_regular]), day[is_regular]))
        irregular.add(pack(siret[~is_regular], day[~is_regular]))
    found = Establishments(regular=regular.take(), irregular=irregular.take())
    found.regular.sort()
    found.irregular.sort()
    _refuse_twins(stock, found)
    return found


def _refuse_twins(stock: Path, found: Establishments) -> None:
    count = sum(map(len, _twins(found.regular))) + sum(map(len, _twins(found.irregular)))
    if not count:
        return
    regular = (SiretKey(number, is_regular=True) for twins in _twins(found.regular) for number in twins.tolist())
    irregular = (SiretKey(number, is_regular=False) for twins in _twins(found.irregular) for number in twins.tolist())
    told = [f"siret {siret_of(key)}: comes again" for key in islice(chain(regular, irregular), FAULTS_TOLD)]
    more = [f"… {len(told)} of them are shown"] if count > len(told) else []
    raise RegisterError("\n".join([f"{stock}: {_again(count)}, nothing was imported", *told, *more]))


def _twins(packed: Keys) -> Iterator[Keys]:
    """The keys that come again, in their order, piece by piece."""
    for piece in pieces(packed, overlap=1):
        keys = piece >> np.uint64(DAY_BITS)
        yield keys[1:][keys[1:] == keys[:-1]]


def _again(count: int) -> str:
    return "1 establishment comes again" if count == 1 else f"{count} establishments come again"
