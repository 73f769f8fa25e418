"""Filling the register of an installation from files."""

import gc
import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flux.app.register import closing, name_of, open_existing, tell_time
from flux.config import Settings
from flux.errors import ConfigError, RegisterError
from flux.model.register import RegisterSource
from flux.register.acts import Act, ActKind, FileMark, write_act
from flux.register.cells import BadCell
from flux.register.database import file_of, prepare_database
from flux.register.directory_file import read_directory
from flux.register.importing import ImportOrder, import_file, preview_import
from flux.register.read_file import ReadFile
from flux.register.settings import RegisterSettings
from flux.register.sirene_import import import_sirene
from flux.register.suppliers_file import read_suppliers
from flux.register.table_file import read_table


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """What the operator asks for: which files of which source, how they are to be taken, and who asks."""

    source: RegisterSource
    files: tuple[Path, ...]
    services: Path | None = None
    successions: Path | None = None
    version: str = ""
    by: str = ""
    is_full: bool = True
    is_dry: bool = False
    may_close_many: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What came of an import. With `faults`, nothing did. `act` is its number, 0 where nothing was written."""

    source: RegisterSource
    version: str = ""
    act: int = 0
    counts: Mapping[str, int]
    remarks: tuple[str, ...] = ()
    faults: tuple[BadCell, ...] = ()


def import_files(settings: Settings, request: ImportRequest, progress: Callable[[float], None]) -> ImportResult:
    """Bring the register to what files say. Raises ConfigError for a wrong request, RegisterError for a wrong file.

    `progress` is told a share from 0 to 1 where the work is long.
    """
    _refuse_contradictions(settings, request)
    if request.source is RegisterSource.SIRENE:
        return _import_establishments(settings.register, request, progress)
    with _collector_at_rest():
        return _import_structures(settings.register, request)


def _refuse_contradictions(settings: Settings, request: ImportRequest) -> None:
    if not settings.register.url:
        raise ConfigError("[register] url is empty: this installation has no register")
    if request.services is not None and request.source is not RegisterSource.DIRECTORY:
        raise ConfigError("--services belongs to --source directory")
    if request.successions is not None and request.source is not RegisterSource.SIRENE:
        raise ConfigError("--successions belongs to --source sirene")
    if request.source is RegisterSource.SIRENE and (len(request.files) > 1 or request.is_dry or not request.is_full):
        raise ConfigError("--source sirene takes one whole stock, and has no --dry-run")


def _import_establishments(
    settings: RegisterSettings, request: ImportRequest, progress: Callable[[float], None]
) -> ImportResult:
    """Make the file of establishments, and write down who imported what."""
    files = (*request.files, *((request.successions,) if request.successions is not None else ()))
    marks = tuple(map(_mark, files))
    at = tell_time()
    summary = import_sirene(
        request.files[0],
        settings.sirene,
        successions=request.successions,
        version=request.version or None,
        imported_at=at,
        progress=progress,
    )
    counts = {
        "establishments": summary.rows,
        "open": summary.open,
        "closed": summary.closed,
        "successions": summary.successions,
    }
    act = Act(
        kind=ActKind.IMPORT,
        source=RegisterSource.SIRENE,
        version=summary.version,
        files=marks,
        counts=counts,
        at=at,
        by=name_of(request.by),
    )
    with closing(prepare_database(settings.url)) as database, database.write() as connection:
        number = write_act(connection, act)
    return ImportResult(source=RegisterSource.SIRENE, version=summary.version, act=number, counts=counts)


def _mark(path: Path) -> FileMark:
    try:
        with path.open("rb") as file:
            return FileMark(path.name, hashlib.file_digest(file, "sha256").hexdigest())
    except OSError as error:
        raise RegisterError(f"{path}: cannot be read: {error.strerror}") from error


def _import_structures(settings: RegisterSettings, request: ImportRequest) -> ImportResult:
    by = name_of(request.by)
    read = _read(settings, request, by)
    version = request.version or _version_of(read)
    if read.faults:
        return ImportResult(source=request.source, version=version, counts={}, remarks=read.remarks, faults=read.faults)
    order = ImportOrder(
        version=version,
        files=read.marks,
        by=by,
        at=tell_time(),
        four_eyes=settings.four_eyes,
        largest_closing_percent=settings.largest_closing_percent,
        may_close_many=request.may_close_many,
    )
    act, counts = _write(settings, request, read, order)
    return ImportResult(source=request.source, version=version, act=act, counts=counts, remarks=read.remarks)


def _read(settings: RegisterSettings, request: ImportRequest, by: str) -> ReadFile:
    tables = [read_table(path) for path in request.files]
    if request.source is RegisterSource.SUPPLIERS:
        return read_suppliers(tables, importer=by, four_eyes=settings.four_eyes, is_full=request.is_full)
    return read_directory(
        tables,
        read_table(request.services) if request.services is not None else None,
        is_full=request.is_full,
        renamed=settings.columns,
        services_renamed=settings.service_columns,
    )


def _write(
    settings: RegisterSettings, request: ImportRequest, read: ReadFile, order: ImportOrder
) -> tuple[int, Mapping[str, int]]:
    if not request.is_dry:
        with closing(prepare_database(settings.url)) as database:
            return import_file(database, read.stated, order)
    file = file_of(settings.url)
    is_new = file is not None and not file.exists()
    with closing(prepare_database("sqlite://") if is_new else open_existing(settings)) as database:
        return 0, preview_import(database, read.stated, order)


def _version_of(read: ReadFile) -> str:
    """The name of the first file and the beginning of its hash: files keep their names from week to week."""
    return f"{read.marks[0].name} {read.marks[0].sha256[:8]}"


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Millions of values without a cycle are made: looking for cycles among them takes a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
