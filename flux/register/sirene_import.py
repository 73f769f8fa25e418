"""Making the file of establishments out of SIRENE's stock: tens of millions of rows, in any order, in under a gibibyte.

Each establishment becomes one 64-bit number, its key above the day on which it closed, so that sorting the numbers sorts
the file. The file that is there stays until the other is whole and on the disk.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from flux.errors import RegisterError
from flux.register.sirene_layout import BUCKETS, EPOCH, LAST_DAY, LOW_BITS, UNKNOWN_DAY, Heading, Section, write_heading
from flux.register.sirene_stock import AFTER, BEFORE, SINCE, SIRET, STATE, Column, Faults, read_batches

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Keys = np.ndarray[tuple[int], np.dtype[np.uint64]]
    Digits = np.ndarray[tuple[int], np.dtype[np.int64]]
    Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]

_DAY_BITS = 16
_WRITTEN_ROWS = 1 << 20
# Of the whole work as a person waits for it, what reading the stock takes.
_READING_SHARE = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class SireneSummary:
    """What an import made: rows taken, how many of them open and closed, and the size of the file."""

    version: str
    rows: int
    open: int
    closed: int
    successions: int
    size_bytes: int


def import_sirene(
    stock: Path,
    target: Path,
    *,
    successions: Path | None,
    version: str | None,
    imported_at: datetime,
    progress: Callable[[float], None],
) -> SireneSummary:
    """Make the file at `target` from a stock, and from the list of successions where one is given.

    `version` is that of the stock, its file's day where none is stated. `progress` is told a share from 0 to 1. Raises
    RegisterError for a file with bad lines, each of them listed, and leaves what is there as it is.
    """
    _need_libraries()
    regular, irregular = _read_stock(stock, lambda share: progress(share * _READING_SHARE))
    successors = _read_successions(successions) if successions is not None else b""
    named = version or f"{date.fromtimestamp(stock.stat().st_mtime):%Y-%m-%d}"  # noqa: DTZ012 - the day as people here see it
    summary = _write(regular, irregular, successors, target=target, version=named, imported_at=imported_at)
    progress(1.0)
    return summary


def _need_libraries() -> None:
    try:
        import numpy  # noqa: F401, ICN001, PLC0415 - an extra
        import pyarrow  # noqa: F401, ICN001, PLC0415 - same
    except ModuleNotFoundError as error:
        raise RegisterError(
            f"SIRENE needs the extra `sirene` of flux-gateway ({error.name} is not installed)"
        ) from error


def _read_stock(stock: Path, progress: Callable[[float], None]) -> "tuple[Keys, Keys]":
    """The regular establishments and the others, each sorted."""
    faults = Faults(stock)
    regular: list[Keys] = []
    irregular: list[Keys] = []
    for batch in read_batches(stock, (SIRET, STATE, SINCE), faults, progress):
        siret, day = _numbers(batch, SIRET), _days(batch)
        is_regular = _has_regular_keys(siret)
        regular.append(_pack(_twelve(siret[is_regular]), day[is_regular]))
        irregular.append(_pack(siret[~is_regular], day[~is_regular]))
    faults.raise_if_any()
    return _sorted_once(regular, stock), _sorted_once(irregular, stock)


def _read_successions(path: Path) -> bytes:
    """The section of successors; a SIRET that has several keeps the last of the list."""
    import numpy as np  # noqa: PLC0415 - an extra

    faults = Faults(path)
    found: dict[int, int] = {}
    for batch in read_batches(path, (BEFORE, AFTER), faults, lambda _: None):
        found.update(zip(_numbers(batch, BEFORE).tolist(), _numbers(batch, AFTER).tolist(), strict=True))
    faults.raise_if_any()
    before = np.fromiter(sorted(found), dtype=np.uint64, count=len(found))
    after = np.fromiter((found[int(each)] for each in before), dtype=np.uint64, count=len(found))
    return np.concatenate([_big_endian(before, 6), _big_endian(after, 6)], axis=1).tobytes()


def _numbers(batch: "pa.RecordBatch", column: Column) -> "Digits":
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.compute as pc  # noqa: PLC0415 - same

    numbers: Digits = pc.cast(batch.column(column.name), pa.int64()).to_numpy(zero_copy_only=False)
    return numbers


def _days(batch: "pa.RecordBatch") -> "Digits":
    """0 for an open establishment, else the day that its closing began; a day before 1900 or none counts as unknown."""
    import numpy as np  # noqa: PLC0415 - an extra
    import pyarrow as pa  # noqa: PLC0415 - same
    import pyarrow.compute as pc  # noqa: PLC0415 - same

    since = batch.column(SINCE.name)
    known = pc.if_else(pc.equal(since, ""), f"{EPOCH}", since)
    parsed = pc.strptime(known, format="%Y-%m-%d", unit="s", error_is_null=True)
    days = pc.fill_null(pc.cast(pc.cast(parsed, pa.date32()), pa.int32()), 0).to_numpy(zero_copy_only=False)
    counted = days.astype(np.int64) + (date(1970, 1, 1) - EPOCH).days
    closed = pc.equal(batch.column(STATE.name), "F").to_numpy(zero_copy_only=False)
    return np.where(closed, np.clip(counted, UNKNOWN_DAY, LAST_DAY), 0)


def _has_regular_keys(siret: "Digits") -> "Flags":
    """True where both Luhn sums are multiples of ten."""
    fits: Flags = (_luhn(siret // 10**5, 9) % 10 == 0) & (_luhn(siret, 14) % 10 == 0)
    return fits


def _luhn(numbers: "Digits", digits: int) -> "Digits":
    import numpy as np  # noqa: PLC0415 - an extra

    total = np.zeros_like(numbers)
    for place in range(digits):
        numbers, digit = np.divmod(numbers, 10)
        total += digit if place % 2 == 0 else np.where(digit > 4, 2 * digit - 9, 2 * digit)
    return total


def _twelve(siret: "Digits") -> "Digits":
    """The fourteen digits without the ninth and the last."""
    return siret // 10**6 * 10**4 + siret // 10 % 10**4


def _pack(key: "Digits", day: "Digits") -> "Keys":
    import numpy as np  # noqa: PLC0415 - an extra

    return (key.astype(np.uint64) << np.uint64(_DAY_BITS)) | day.astype(np.uint64)


def _sorted_once(parts: "list[Keys]", stock: Path) -> "Keys":
    """All parts in one array, sorted; the parts are let go as they are taken. Raises RegisterError for a SIRET that comes twice."""
    import numpy as np  # noqa: PLC0415 - an extra

    whole = np.empty(sum(map(len, parts)), dtype=np.uint64)
    end = len(whole)
    while parts:
        part = parts.pop()
        whole[end - len(part) : end] = part
        end -= len(part)
    whole.sort()
    keys = whole >> np.uint64(_DAY_BITS)
    twice = int(np.count_nonzero(keys[1:] == keys[:-1]))
    if twice:
        raise RegisterError(f"{stock}: {twice} establishments come twice; a stock has each once, nothing was imported")
    return whole


def _write(
    regular: "Keys", irregular: "Keys", successors: bytes, *, target: Path, version: str, imported_at: datetime
) -> SireneSummary:
    records = {
        Section.INDEX: BUCKETS + 1,
        Section.REGULAR: len(regular),
        Section.IRREGULAR: len(irregular),
        Section.SUCCESSORS: len(successors) // Section.SUCCESSORS.width,
    }
    digest = hashlib.sha256()
    for piece in _sections(regular, irregular, successors):
        digest.update(piece)
    closed = _count_closed(regular) + _count_closed(irregular)
    heading = Heading(
        version=version,
        imported_at=imported_at,
        open_count=len(regular) + len(irregular) - closed,
        closed_count=closed,
        records=records,
        sha256=digest.hexdigest(),
    )
    with _replacing(target) as file:
        file.write(write_heading(heading))
        for piece in _sections(regular, irregular, successors):
            file.write(piece)
    return SireneSummary(
        version=version,
        rows=heading.row_count,
        open=heading.open_count,
        closed=closed,
        successions=records[Section.SUCCESSORS],
        size_bytes=target.stat().st_size,
    )


def _count_closed(packed: "Keys") -> int:
    import numpy as np  # noqa: PLC0415 - an extra

    return int(np.count_nonzero(packed & np.uint64(LAST_DAY)))


def _sections(regular: "Keys", irregular: "Keys", successors: bytes) -> Iterator[bytes]:
    """The bytes of every section in the order of the layout, a million records at a time."""
    import numpy as np  # noqa: PLC0415 - an extra

    edges = np.arange(BUCKETS + 1, dtype=np.uint64) << np.uint64(LOW_BITS + _DAY_BITS)
    yield np.searchsorted(regular, edges).astype(">u4").tobytes()
    for packed, section in ((regular, Section.REGULAR), (irregular, Section.IRREGULAR)):
        for start in range(0, len(packed), _WRITTEN_ROWS):
            yield _big_endian(packed[start : start + _WRITTEN_ROWS], section.width).tobytes()
    yield successors


def _big_endian(numbers: "Keys", width: int) -> "np.ndarray[tuple[int, int], np.dtype[np.uint8]]":
    """The last bytes of each number, the most significant first: of a packed regular key just its low bits and its day."""
    import numpy as np  # noqa: PLC0415 - an extra

    return numbers.astype(">u8").view(np.uint8).reshape(-1, 8)[:, 8 - width :]


@contextmanager
def _replacing(target: Path) -> Iterator[IO[bytes]]:
    """A file that takes the place of `target` at once when it is whole and on the disk; one that fails leaves no trace."""
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)  # noqa: PTH101 - a public register, made under the umask of mkstemp
        os.replace(name, target)  # noqa: PTH105 - the file has no Path yet
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
