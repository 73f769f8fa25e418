"""The register of an installation: opened for workers, shown to operators, and told how old it is."""

import getpass
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from datetime import time as midnight

from flux.config import Settings
from flux.errors import ConfigError, RegisterError
from flux.model.masking import mask_account
from flux.model.paris import PARIS, in_paris
from flux.model.ports import Register
from flux.model.register import Establishment, IdentifierType, SourceState, StructureId
from flux.register.account_key import read_account_key
from flux.register.database import MIGRATIONS, Database, file_of, open_database, prepare_database
from flux.register.history import StructureRecord, identifiers_of, show_structure
from flux.register.identifiers import EXPECTED, parse_identifier, parse_type
from flux.register.reader import RegisterReader
from flux.register.settings import RegisterSettings
from flux.register.sirene_file import SireneFile

# Of a text that identifies nobody; a SIRET is as long.
_LONGEST_SHOWN = 14


@dataclass(frozen=True, slots=True)
class RegisterFactory:
    """Opens the register in a worker process; travels there by pickle."""

    settings: RegisterSettings

    def __call__(self) -> Register | None:
        """The register for this process, None where the configuration has none."""
        if not self.settings.url:
            return None
        return RegisterReader(self.settings, SireneFile(self.settings.sirene), time.monotonic)


def open_register(settings: Settings) -> Register | None:
    """The register of an installation, to be read; None where it has none."""
    return RegisterFactory(settings.register)()


def prepare_register(settings: Settings) -> None:
    """Bring a register that exists to the tables of this version: workers only read. Raises RegisterError."""
    url = settings.register.url
    file = file_of(url)
    if url and (file is None or file.exists()):
        prepare_database(url).close()


def account_key(settings: Settings) -> bytes:
    """The key of account hashes, made where there is none. Raises RegisterError."""
    return read_account_key(settings.register.account_key)


def source_states(settings: Settings) -> tuple[SourceState, ...]:
    """The sources that were imported, judged today."""
    register = open_register(settings)
    return register.sources(tell_today()) if register is not None else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStructure:
    """What is known of an identifier: by the register, None where it is unknown there, and by SIRENE."""

    identifier: StructureId
    record: StructureRecord | None
    establishment: Establishment | None
    sources: tuple[SourceState, ...]


def show(settings: Settings, identifier: StructureId, *, known_on: date | None = None) -> ShownStructure:
    """All that is known of a structure, or all that was known at the end of a day. Raises RegisterError."""
    before = datetime.combine(known_on, midnight.max, PARIS) if known_on else None
    record = None
    if is_made(settings.register):
        with closing(open_existing(settings.register)) as database:
            record = show_structure(database, identifier, before)
    is_siret = identifier.type is IdentifierType.SIRET
    return ShownStructure(
        identifier=identifier,
        record=record,
        establishment=SireneFile(settings.register.sirene).establishment(identifier.value) if is_siret else None,
        sources=source_states(settings),
    )


def find_identifier(settings: Settings, text: str, kind: str = "") -> StructureId:
    """The structure that an operator names: of the kind given, else a SIRET by its form, else whatever the register has.

    Raises ConfigError where it is none, or several.
    """
    chosen = parse_type(kind) if kind else None
    if kind and chosen is None:
        raise ConfigError(f"--type {kind}: one of {', '.join(each.name for each in IdentifierType)} expected")
    if chosen is not None:
        return parse_as(chosen, text)
    siret = parse_identifier(IdentifierType.SIRET, text)
    if siret is not None:
        return siret
    found = _look_up(settings.register, text)
    if len(found) != 1:
        what = "several structures bear it" if found else "neither a SIRET nor an identifier of the register"
        raise ConfigError(f"{_shown(text)}: {what}; --type says which kind it is")
    return found[0]


def parse_as(kind: IdentifierType, text: str) -> StructureId:
    """An identifier of a kind. Raises ConfigError."""
    found = parse_identifier(kind, text)
    if found is None:
        raise ConfigError(f"{_shown(text)}: {EXPECTED[kind]} expected")
    return found


def _look_up(settings: RegisterSettings, text: str) -> tuple[StructureId, ...]:
    if not is_made(settings):
        return ()
    with closing(open_existing(settings)) as database:
        return identifiers_of(database, text)


def _shown(text: str) -> str:
    """A text that may be a person's identifier or an account."""
    return text if len(text) <= _LONGEST_SHOWN else mask_account(text)


def is_made(settings: RegisterSettings) -> bool:
    """True where there is a database to open."""
    file = file_of(settings.url)
    return bool(settings.url) and (file is None or file.exists())


def open_existing(settings: RegisterSettings) -> Database:
    """The database, to be read or changed. Raises RegisterError where it is not there, or of another version."""
    if not is_made(settings):
        raise RegisterError("the register is empty: `flux register import` fills it")
    database = open_database(settings.url)
    if not MIGRATIONS.is_current(database):
        database.close()
        raise RegisterError("the register is empty or of another version; `flux register import` brings it up to date")
    return database


@contextmanager
def closing(database: Database) -> Iterator[Database]:
    """The database for the length of the block."""
    try:
        yield database
    finally:
        database.close()


def name_of(by: str) -> str:
    """Who acts: the name that is given, else the system's user."""
    return by.strip() or getpass.getuser()


def tell_time() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def tell_today() -> date:
    """The day in Paris."""
    return in_paris(tell_time()).date()
