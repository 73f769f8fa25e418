"""Making the file of establishments out of SIRENE's stock: tens of millions of rows, in any order, in under a gibibyte.

The file that is there stays until the other is whole and on the disk. What reads and sorts the stock needs the extra
`sirene`, and is imported when it is asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flux.errors import RegisterError
from flux.model.paris import in_paris

# Of the whole work as a person waits for it: where the list of successions and the stock are read.
_SUCCESSIONS_END = 0.1
_STOCK_END = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class SireneSummary:
    """What an import made: rows taken, how many of them open and closed, how many SIRETs have a successor, and the size of the file."""

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
    try:
        from flux.register import sirene_gather, sirene_successions, sirene_write  # noqa: PLC0415 - needs the extra
    except ModuleNotFoundError as error:
        raise RegisterError(
            f"SIRENE needs the extra `sirene` of flux-gateway ({error.name} is not installed)"
        ) from error
    named = version or _day_of(stock)
    with sirene_write.replacing(target) as file:
        links = sirene_successions.no_successions()
        if successions is not None:
            links = sirene_successions.read_successions(successions, _between(progress, 0.0, _SUCCESSIONS_END))
        establishments = sirene_gather.read_stock(stock, _between(progress, _SUCCESSIONS_END, _STOCK_END))
        heading = sirene_write.write_file(
            file,
            establishments,
            links,
            version=named,
            imported_at=imported_at,
            progress=_between(progress, _STOCK_END, 1.0),
        )
    return SireneSummary(
        version=named,
        rows=len(establishments),
        open=heading.open_count,
        closed=heading.closed_count,
        successions=len(links),
        size_bytes=target.stat().st_size,
    )


def _between(progress: Callable[[float], None], start: float, end: float) -> Callable[[float], None]:
    """The progress of a part of the work."""
    return lambda share: progress(start + (end - start) * share)


def _day_of(stock: Path) -> str:
    try:
        return in_paris(datetime.fromtimestamp(stock.stat().st_mtime, UTC)).date().isoformat()
    except OSError as error:
        raise RegisterError(f"{stock}: cannot be read: {error.strerror}") from error
