"""The register as workers ask it: read only, and remembered as long as nothing was imported or changed.

Each process has its own. At most once a second it asks whether there is an act that it has not seen, or another SIRENE
file; in between, an answer that it gave before costs no statement.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Protocol

from sqlalchemy import inspect

from flux.model.register import Establishment, RegisterSource, SourceState, Structure, StructureId
from flux.register.acts import Act, last_act, last_imports
from flux.register.ages import in_order, judge_age
from flux.register.database import Database, file_of, read_database
from flux.register.looking import read_structure
from flux.register.settings import RegisterSettings
from flux.register.tables import acts

# A thousand of them are a few megabytes; an entity with thousands of services is one of many.
REMEMBERED_STRUCTURES = 2048
REMEMBERED_ESTABLISHMENTS = 16_384
CHECK_SECONDS = 1.0


class SireneState(Protocol):
    """Which SIRENE it is."""

    @property
    def version(self) -> str:
        """As its import names it."""
        ...

    @property
    def imported_at(self) -> datetime:
        """When it was imported."""
        ...


class SireneLookup(Protocol):
    """The establishments of SIRENE, opened when they are there and again when they are replaced."""

    def establishment(self, siret: str) -> Establishment | None:
        """What it says of a SIRET."""
        ...

    def state(self) -> SireneState | None:
        """Which SIRENE it is, None where there is none."""
        ...


class RegisterReader:
    """The register of an installation; one that was never filled knows nothing. Raises RegisterError.

    `clock` in seconds, from any moment on.
    """

    def __init__(self, settings: RegisterSettings, sirene: SireneLookup, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._sirene = sirene
        self._clock = clock
        self._next_check = float("-inf")
        self._database: Database | None = None
        self._inode: int | None = None
        self._act = 0
        self._imports: dict[RegisterSource, Act] = {}
        self._sirene_state: SireneState | None = None
        self._judged: tuple[date, tuple[SourceState, ...]] | None = None
        self._structure = lru_cache(REMEMBERED_STRUCTURES)(self._read_structure)
        self._establishment = lru_cache(REMEMBERED_ESTABLISHMENTS)(sirene.establishment)

    def sources(self, today: date) -> tuple[SourceState, ...]:
        """The sources that were imported, each with its age judged on that day."""
        self._refresh()
        if self._judged is None or self._judged[0] != today:
            self._judged = (today, self._judge_sources(today))
        return self._judged[1]

    def structure(self, identifier: StructureId) -> Structure | None:
        """A supplier or a public entity with its whole history, None where it is unknown."""
        self._refresh()
        return self._structure(identifier)

    def establishment(self, siret: str) -> Establishment | None:
        """What SIRENE says of a SIRET, None where it does not know it or was never imported."""
        self._refresh()
        return self._establishment(siret)

    def close(self) -> None:
        """Let the database go."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _refresh(self) -> None:
        now = self._clock()
        if now < self._next_check:
            return
        self._refresh_structures()
        self._refresh_sirene()
        self._next_check = now + CHECK_SECONDS

    def _refresh_structures(self) -> None:
        inode = _inode_of(self._settings.url)
        if inode != self._inode:
            self._forget_database()
            self._inode = inode
        if self._database is None:
            self._database = _open(self._settings.url)
        if self._database is None:
            return
        with self._database.read() as connection:
            act = last_act(connection)
            if act == self._act:
                return
            self._imports = last_imports(connection)
        self._act = act
        self._judged = None
        self._structure.cache_clear()

    def _forget_database(self) -> None:
        """The file was put back from a copy, or made anew: its acts may bear the numbers of others."""
        self.close()
        self._act = 0
        self._imports = {}
        self._judged = None
        self._structure.cache_clear()

    def _refresh_sirene(self) -> None:
        state = self._sirene.state()
        if state != self._sirene_state:
            self._sirene_state = state
            self._judged = None
            self._establishment.cache_clear()

    def _judge_sources(self, today: date) -> tuple[SourceState, ...]:
        states = [
            judge_age(source, act.version, act.at, self._settings, today)
            for source, act in self._imports.items()
            if source is not RegisterSource.SIRENE
        ]
        held = self._sirene_state
        if held is not None:
            states.append(judge_age(RegisterSource.SIRENE, held.version, held.imported_at, self._settings, today))
        return in_order(states)

    def _read_structure(self, identifier: StructureId) -> Structure | None:
        if self._database is None:
            return None
        with self._database.read() as connection:
            return read_structure(connection, identifier, self._act)


def _open(url: str) -> Database | None:
    """The database, None where nothing was ever imported."""
    file = file_of(url)
    if file is not None and not file.exists():
        return None
    database = read_database(url)
    with database.read() as connection:
        is_made = inspect(connection).has_table(acts.name)
    if is_made:
        return database
    database.close()
    return None


def _inode_of(url: str) -> int | None:
    """What tells the file of a register from another one of its name, None where there is no file."""
    file = file_of(url)
    try:
        return file.stat().st_ino if file is not None else None
    except FileNotFoundError:
        return None
