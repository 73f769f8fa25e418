"""Reading public entities and their services: our own columns, or the public export of Chorus Pro's directory.

The export keeps a SIRET as a number, whose zeros before it are lost: they are restored. Columns that say nothing to us
are left aside, and named.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

from flux.model.register import RecipientFlags, RegisterSource, StructureId
from flux.register.cells import BadCell, Cells
from flux.register.columns import DIRECTORY_COLUMNS, SERVICE_COLUMNS, find_columns
from flux.register.given import StatedFile, StatedService, StatedStructure
from flux.register.read_file import ReadFile, read_identifier, tell_restored
from flux.register.table_file import TableFile

# Chorus Pro's name for invoices of entities among themselves; no invoice bears it.
PSEUDO_SERVICE = "FACTURES_PUBLIQUES"


def read_directory(
    tables: Sequence[TableFile],
    services: TableFile | None,
    *,
    is_full: bool,
    renamed: Mapping[str, str],
    services_renamed: Mapping[str, str],
) -> ReadFile:
    """What files of entities say together, and the file of their services. Raises RegisterError for missing columns."""
    entities = _Entities()
    for table in tables:
        entities.read(table, renamed)
    listed = _Services(entities.places)
    if services is not None:
        listed.read(services, services_renamed)
    untouched = ("no --services: the services known stay as they are",) if services is None and is_full else ()
    return ReadFile(
        stated=StatedFile(
            source=RegisterSource.DIRECTORY,
            structures=tuple(
                replace(stated, services=tuple(listed.services.get(identifier, {}).values()))
                for identifier, stated in entities.structures.items()
            ),
            is_full=is_full,
            has_services=services is not None,
        ),
        marks=tuple(table.mark for table in (*tables, *((services,) if services is not None else ()))),
        faults=(*entities.faults, *listed.faults),
        remarks=(*entities.remarks, *tell_restored(entities.restored + listed.restored), *listed.tell(), *untouched),
    )


class _Entities:
    """The public entities of the lines read so far, with the place of each."""

    def __init__(self) -> None:
        self.structures: dict[StructureId, StatedStructure] = {}
        self.places: dict[StructureId, str] = {}
        self.faults: list[BadCell] = []
        self.remarks: list[str] = []
        self.restored = 0

    def read(self, table: TableFile, renamed: Mapping[str, str]) -> None:
        """Take a file in."""
        layout = find_columns(table, DIRECTORY_COLUMNS, renamed)
        self.remarks += _remarks(table, layout.unread)
        for line in table.lines:
            self._read_line(Cells(file=table.name, line=line.number, cells=line.cells, layout=layout))

    def _read_line(self, cells: Cells) -> None:
        identifier, is_restored = read_identifier(cells)
        self.restored += is_restored
        flags = RecipientFlags(
            service=cells.flag("requires_service"),
            engagement=cells.flag("requires_engagement"),
            service_or_engagement=cells.flag("requires_service_or_engagement"),
        )
        state = cells.state("state", "active_from", "active_until")
        name = cells.text("name")
        if identifier is not None:
            if identifier in self.places:
                cells.refuse("identifier", f"each structure once: it stands in {self.places[identifier]}")
            self.places.setdefault(identifier, cells.place)
            stated = StatedStructure(id=identifier, name=name, country="FR", flags=flags, state=state)
            self.structures.setdefault(identifier, stated)
        self.faults += cells.faults


class _Services:
    """The services of a file, by entity and code."""

    def __init__(self, entities: Container[StructureId]) -> None:
        self.services: dict[StructureId, dict[str, StatedService]] = {}
        self.faults: list[BadCell] = []
        self.restored = 0
        self._entities = entities
        self._skipped = 0
        self._remarks: tuple[str, ...] = ()

    def read(self, table: TableFile, renamed: Mapping[str, str]) -> None:
        """Take the file in."""
        layout = find_columns(table, SERVICE_COLUMNS, renamed)
        self._remarks = _remarks(table, layout.unread)
        for line in table.lines:
            self._read_line(Cells(file=table.name, line=line.number, cells=line.cells, layout=layout))

    def tell(self) -> tuple[str, ...]:
        """What whoever imports it should know."""
        skipped = f"{self._skipped} lines of the pseudo-service {PSEUDO_SERVICE} were skipped"
        return (*self._remarks, skipped) if self._skipped else self._remarks

    def _read_line(self, cells: Cells) -> None:
        code = cells.text("service_code", longest=100)
        if code == PSEUDO_SERVICE:
            self._skipped += 1
            return
        if not code:
            cells.refuse("service_code", "a code of 1 to 100 characters")
        identifier, is_restored = read_identifier(cells)
        self.restored += is_restored
        service = StatedService(
            code=code,
            label=cells.text("service_label"),
            requires_engagement=cells.flag("requires_engagement"),
            state=cells.state("state", "service_from", "service_until"),
        )
        if identifier is not None:
            self._add(cells, identifier, service)
        self.faults += cells.faults

    def _add(self, cells: Cells, identifier: StructureId, service: StatedService) -> None:
        if identifier not in self._entities:
            cells.refuse("identifier", "an entity of the file of structures")
        services = self.services.setdefault(identifier, {})
        if service.code in services:
            cells.refuse("service_code", "each service of an entity once")
        services.setdefault(service.code, service)


def _remarks(table: TableFile, unread: tuple[str, ...]) -> tuple[str, ...]:
    told = (table.remark,) if table.remark else ()
    return (*told, f"{table.name}: columns not read: {', '.join(unread)}") if unread else told
