"""Reading public entities and their services: our own columns, or the public export of Chorus Pro's directory.

The export keeps a SIRET as a number, whose zeros before it are lost: they are restored. Columns that say nothing to us
are left aside, and named.
"""

from collections.abc import Mapping
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
    table: TableFile,
    services: TableFile | None,
    *,
    is_full: bool,
    renamed: Mapping[str, str],
    services_renamed: Mapping[str, str],
) -> ReadFile:
    """What a file of entities says, and the file of their services. Raises RegisterError for columns that are missing."""
    entities = _Entities(table, renamed)
    remarks = [*entities.remarks]
    faults = [*entities.faults]
    structures = entities.structures
    if services is not None:
        listed = _Services(services, entities.lines, services_renamed)
        remarks += listed.remarks
        faults += listed.faults
        structures = {
            identifier: replace(stated, services=tuple(listed.services.get(identifier, {}).values()))
            for identifier, stated in structures.items()
        }
    elif is_full:
        remarks.append("no --services: the services known stay as they are")
    return ReadFile(
        stated=StatedFile(
            source=RegisterSource.DIRECTORY,
            structures=tuple(structures.values()),
            is_full=is_full,
            has_services=services is not None,
        ),
        marks=(table.mark, *((services.mark,) if services is not None else ())),
        faults=tuple(faults),
        remarks=tuple(remarks),
    )


class _Entities:
    """The public entities of a file, with the line of each."""

    def __init__(self, table: TableFile, renamed: Mapping[str, str]) -> None:
        layout = find_columns(table, DIRECTORY_COLUMNS, renamed)
        self.structures: dict[StructureId, StatedStructure] = {}
        self.lines: dict[StructureId, int] = {}
        self.faults: list[BadCell] = []
        self._restored = 0
        for line in table.lines:
            self._read(Cells(file=table.name, line=line.number, cells=line.cells, layout=layout))
        self.remarks = (*_remarks(table, layout.unread), *tell_restored(self._restored, table.name))

    def _read(self, cells: Cells) -> None:
        identifier, is_restored = read_identifier(cells)
        self._restored += is_restored
        flags = RecipientFlags(
            service=cells.flag("requires_service"),
            engagement=cells.flag("requires_engagement"),
            service_or_engagement=cells.flag("requires_service_or_engagement"),
        )
        state = cells.state("state", "active_from", "active_until")
        name = cells.text("name")
        if identifier is not None:
            if identifier in self.lines:
                cells.refuse("identifier", f"each structure once: it stands in line {self.lines[identifier]}")
            self.lines.setdefault(identifier, cells.line)
            stated = StatedStructure(id=identifier, name=name, country="FR", flags=flags, state=state)
            self.structures.setdefault(identifier, stated)
        self.faults += cells.faults


class _Services:
    """The services of a file, by entity and code."""

    def __init__(self, table: TableFile, entities: Mapping[StructureId, int], renamed: Mapping[str, str]) -> None:
        layout = find_columns(table, SERVICE_COLUMNS, renamed)
        self.services: dict[StructureId, dict[str, StatedService]] = {}
        self.faults: list[BadCell] = []
        self._entities = entities
        self._restored = 0
        self._skipped = 0
        for line in table.lines:
            self._read(Cells(file=table.name, line=line.number, cells=line.cells, layout=layout))
        self.remarks = (
            *_remarks(table, layout.unread),
            *tell_restored(self._restored, table.name),
            *self._tell_skipped(),
        )

    def _read(self, cells: Cells) -> None:
        code = cells.text("service_code", longest=100)
        if code == PSEUDO_SERVICE:
            self._skipped += 1
            return
        if not code:
            cells.refuse("service_code", "a code of 1 to 100 characters")
        identifier, is_restored = read_identifier(cells)
        self._restored += is_restored
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

    def _tell_skipped(self) -> tuple[str, ...]:
        return (f"{self._skipped} lines of the pseudo-service {PSEUDO_SERVICE} were skipped",) if self._skipped else ()


def _remarks(table: TableFile, unread: tuple[str, ...]) -> tuple[str, ...]:
    told = (table.remark,) if table.remark else ()
    return (*told, f"{table.name}: columns not read: {', '.join(unread)}") if unread else told
