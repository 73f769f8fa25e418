"""Public entities and their services: our columns, and the export of the directory."""

from pathlib import Path

import pytest

from flux.errors import RegisterError
from flux.model.register import RecipientFlags
from flux.register.directory_file import read_directory
from flux.register.given import StatedStructure
from flux.register.read_file import ReadFile
from flux.register.table_file import TableFile
from tests.unit.register.tables import table

HEAD = ("identifier", "name", "state", "requires_service", "requires_engagement", "requires_service_or_engagement")
SERVICE_HEAD = ("identifier", "service_code", "service_label", "state", "requires_engagement")
SIRET = "11000201100044"
ENTITY = (SIRET, "Commune", "", "", "", "")


def read(entities: TableFile, services: TableFile | None = None, *, is_full: bool = True, **names: str) -> ReadFile:
    return read_directory([entities], services, is_full=is_full, renamed=names, services_renamed={})


def with_services(folder: Path, *rows: tuple[str, ...]) -> ReadFile:
    services = table(folder, SERVICE_HEAD, *rows, name="services.csv")
    return read(table(folder, HEAD, ENTITY), services)


def only(found: ReadFile) -> StatedStructure:
    assert found.faults == ()
    (structure,) = found.stated.structures
    return structure


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("oui", "non", ""), RecipientFlags(service=True)),
        (("false", "TRUE", "0"), RecipientFlags(engagement=True)),
        (("0", "0", "1"), RecipientFlags(service_or_engagement=True)),
    ],
)
def test_an_entity_has_its_demands(tmp_path: Path, cells: tuple[str, ...], expected: RecipientFlags) -> None:
    assert only(read(table(tmp_path, HEAD, (SIRET, "Commune", "ACTIVE", *cells)))).flags == expected


def test_services_go_to_their_entity(tmp_path: Path) -> None:
    found = only(with_services(tmp_path, (SIRET, "ACHATS", "Achats", "1", "oui"), (SIRET, "VOIRIE", "", "INACTIF", "")))
    assert [(each.code, each.label, each.requires_engagement, each.state.is_active) for each in found.services] == [
        ("ACHATS", "Achats", True, True),
        ("VOIRIE", "", False, False),
    ]


def test_the_pseudo_service_of_entities_among_themselves_is_skipped_and_told(tmp_path: Path) -> None:
    found = with_services(tmp_path, (SIRET, "FACTURES_PUBLIQUES", "", "", ""), (SIRET, "ACHATS", "", "", ""))
    assert [each.code for each in only(found).services] == ["ACHATS"]
    assert any("FACTURES_PUBLIQUES" in remark for remark in found.remarks)


def test_headings_of_an_export_are_found_and_the_others_named(tmp_path: Path) -> None:
    head = ("Type identifiant", "SIRET", "Raison sociale", "Statut", "Code service doit être renseigné",
            "Numéro EJ doit être renseigné", "Gestion numéro EJ ou code service", "Ville")  # fmt: skip
    found = read(
        table(tmp_path, head, ("SIRET", "542000500000", "Commune", "ACTIVE", "true", "false", "false", "Vire"))
    )
    assert (only(found).id.value, only(found).flags) == ("00542000500000", RecipientFlags(service=True))
    assert "file.csv: columns not read: Ville" in found.remarks


def test_headings_are_named_in_the_configuration_where_they_differ(tmp_path: Path) -> None:
    head = ("identifier", "name", "Svc ?", "requires_engagement")
    file = table(tmp_path, head, (SIRET, "Commune", "oui", ""))
    assert only(read(file, requires_service="Svc ?")).flags == RecipientFlags(service=True)
    with pytest.raises(RegisterError) as caught:
        read(file)
    assert "requires_service: no column is headed requires_service or" in str(caught.value)
    assert "found: identifier, name, Svc ?, requires_engagement" in str(caught.value)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ((SIRET, "", "", "", ""), "service_code"),
        ((SIRET, "x" * 101, "", "", ""), "service_code"),
        ((SIRET, "ACHATS", "", "perhaps", ""), "state"),
        ((SIRET, "ACHATS", "", "", "perhaps"), "requires_engagement"),
        (("81034732800017", "ACHATS", "", "", ""), "identifier"),
        (("1.3E+13", "ACHATS", "", "", ""), "identifier"),
    ],
)
def test_a_bad_line_of_services_is_told(tmp_path: Path, row: tuple[str, ...], column: str) -> None:
    faults = with_services(tmp_path, row).faults
    assert [(fault.file, fault.line, fault.column) for fault in faults] == [("services.csv", 2, column)]


def test_an_entity_and_each_of_its_services_stand_once(tmp_path: Path) -> None:
    entities = table(tmp_path, HEAD, ENTITY, ENTITY)
    services = table(tmp_path, SERVICE_HEAD, *2 * [(SIRET, "ACHATS", "", "", "")], name="services.csv")
    faults = read(entities, services).faults
    assert [(fault.file, fault.line) for fault in faults] == [("file.csv", 3), ("services.csv", 3)]


@pytest.mark.parametrize(("is_full", "expected"), [(True, True), (False, False)])
def test_a_full_directory_without_services_says_that_they_stay(
    tmp_path: Path, *, is_full: bool, expected: bool
) -> None:
    found = read(table(tmp_path, HEAD, ENTITY), is_full=is_full)
    assert any("services known stay" in remark for remark in found.remarks) is expected
    assert not found.stated.has_services
