"""`flux register`, as an operator types it."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.acceptance.installation import Installation

SIRET, OTHER_SIRET, ENTITY = "73282932000074", "81034732800017", "11000201100044"
IBAN, OTHER_IBAN = "FR1420041010050500013M02606", "FR7630006000011234567890189"
INDIVIDUAL = "1850175056DUPONTJEAN"
SUPPLIERS = f"""identifier;identifier_type;name;iban;account_from;account_holder
{SIRET};;ACME;{IBAN};2020-01-01;
{INDIVIDUAL};7;DUPONT Jean;{OTHER_IBAN};;DUPONT Jean
"""
ENTITIES = f"identifier,name,requires_service,requires_engagement\n{ENTITY},Commune,oui,non\n"
SERVICES = f"identifier,service_code,service_label,requires_engagement\n{ENTITY},ACHATS,Achats,1\n"
FOUR_EYES = """
[gateway]
application_code = "FLX001"
[register]
four_eyes = true
suppliers_max_age_days = 30
"""


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    for name, content in (("suppliers.csv", SUPPLIERS), ("entities.csv", ENTITIES), ("services.csv", SERVICES)):
        (tmp_path / name).write_text(content, encoding="utf-8")
    return Installation(tmp_path, gateway=FOUR_EYES)


def told(installation: Installation, *arguments: str, code: int = 0) -> list[dict[str, object]]:
    done = installation.flux("register", *arguments, "--json")
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def load(installation: Installation, *more: str, file: str = "suppliers.csv", by: str = "marie") -> None:
    told(installation, "import", file, "--source", "suppliers", "--by", by, *more)


def pick(rows: Sequence[dict[str, object]], *names: str) -> list[tuple[object, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


def test_a_supplier_is_imported_and_shown_with_its_account_masked(installation: Installation) -> None:
    load(installation)
    (shown,) = told(installation, "show", SIRET)
    assert isinstance(shown["structure"], dict)
    assert isinstance(shown["accounts"], list)
    assert (shown["structure"]["name"], shown["structure"]["is_active"]) == ("ACME", True)
    assert pick(shown["accounts"], "account", "state") == [("FR…2606", "waits for approval")]


def test_no_output_holds_an_account_or_who_a_person_is(installation: Installation) -> None:
    load(installation)
    outputs = [
        installation.flux("register", *arguments, *form).stdout
        for arguments in (("show", SIRET), ("show", INDIVIDUAL), ("accounts", "list"))
        for form in ((), ("--json",))
    ]
    assert all(outputs)
    assert not [word for word in (IBAN, OTHER_IBAN, INDIVIDUAL, "DUPONT") for output in outputs if word in output]


def test_an_account_counts_once_a_second_person_approved_it(installation: Installation) -> None:
    load(installation)
    ((number, *_), *_) = pick(told(installation, "accounts", "list", SIRET), "number")
    refused = installation.flux("register", "accounts", "approve", str(number), "--by", "marie")
    assert (refused.returncode, "somebody else must approve it" in refused.stderr) == (2, True)
    (approved,) = told(installation, "accounts", "approve", str(number), "--by", "paul")
    assert (approved["state"], approved["approved_by"]) == ("counts", "paul")
    assert pick(told(installation, "accounts", "list", "--pending"), "supplier") == [("…JEAN",)]


def test_an_account_is_declared_and_closed_by_a_date(installation: Installation) -> None:
    load(installation)
    (declared,) = told(installation, "accounts", "declare", SIRET, OTHER_IBAN, "--from", "2026-12-01", "--by", "marie")
    (closed,) = told(installation, "accounts", "close", str(declared["number"]), "--on", "2027-01-31")
    assert (closed["account"], closed["from"], closed["until"]) == ("FR…0189", "2026-12-01", "2027-01-31")


def test_all_that_waits_of_an_import_is_approved_at_once(installation: Installation) -> None:
    load(installation)
    assert len(told(installation, "accounts", "approve", "--import", "1", "--by", "paul")) == 2
    assert told(installation, "accounts", "list", "--pending") == []


def test_a_public_entity_is_shown_with_its_demands_and_services(installation: Installation) -> None:
    told(installation, "import", "entities.csv", "--services", "services.csv", "--source", "directory")
    (shown,) = told(installation, "show", ENTITY)
    assert isinstance(shown["structure"], dict)
    assert shown["structure"]["requires"] == {"service": True, "engagement": False, "service_or_engagement": False}
    assert pick(shown["structure"]["services"], "code", "is_active", "requires_engagement") == [("ACHATS", True, True)]


def test_a_file_with_bad_lines_is_refused_whole_and_each_is_named(installation: Installation) -> None:
    (installation.root / "bad.csv").write_text(f"identifier;name\n{SIRET};ACME\nx;\n", encoding="utf-8")
    faults = told(installation, "import", "bad.csv", "--source", "suppliers", code=2)
    assert pick(faults, "file", "line", "column", "found") == [
        ("bad.csv", 3, "identifier", "x"),
    ]
    told(installation, "show", SIRET, code=1)


def test_a_dry_run_changes_nothing(installation: Installation) -> None:
    load(installation, "--dry-run")
    assert not (installation.root / "var" / "register.db").exists()
    told(installation, "show", SIRET, code=1)


def test_a_file_that_closes_much_is_taken_with_yes_only(installation: Installation) -> None:
    load(installation)
    (installation.root / "cut.csv").write_text(f"identifier;name\n{OTHER_SIRET};AUTRE\n", encoding="utf-8")
    refused = installation.flux("register", "import", "cut.csv", "--source", "suppliers")
    assert (refused.returncode, "close 2 of 2 structures" in refused.stderr) == (2, True)
    load(installation, "--yes", file="cut.csv")
    (shown,) = told(installation, "show", SIRET)
    assert isinstance(shown["structure"], dict)
    assert not shown["structure"]["is_active"]


def test_sirene_explains_a_closed_siret(installation: Installation) -> None:
    (installation.root / "stock.csv").write_text(
        f"siret,etatAdministratifEtablissement,dateDebut\n{SIRET},F,2026-03-01\n{OTHER_SIRET},A,2010-01-01\n",
        encoding="utf-8",
    )
    told(installation, "import", "stock.csv", "--source", "sirene", "--version", "2026-11")
    (shown,) = told(installation, "show", SIRET, "--at", "2026-03-01")
    assert shown["sirene"] == {"is_open": False, "closed_on": "2026-03-01", "successor": None}
    assert pick(told(installation, "status"), "source", "version", "stale") == [("sirene", "2026-11", False)]


def test_doctor_says_what_each_source_holds(installation: Installation) -> None:
    load(installation, "--version", "novembre")
    lines = [json.loads(line) for line in installation.flux("doctor", "--json").stdout.splitlines()]
    states = {line["subject"]: line["state"].partition(",")[0] for line in lines if "register" in line["subject"]}
    assert states == {
        "register suppliers": "novembre",
        "register directory": "never imported",
        "register sirene": "never imported",
    }


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("show", "nobody"), "neither a SIRET nor an identifier of the register"),
        (("show", SIRET, "--type", "SIREN"), "--type SIREN: one of SIRET"),
        (("accounts", "declare", SIRET, "FR00"), "neither an IBAN"),
        (("accounts", "approve"), "name accounts by their numbers"),
        (("accounts", "approve", "1"), "flux register import` fills it"),
        (("import", "suppliers.csv", "--source", "suppliers", "--services", "services.csv"), "--services belongs to"),
        (("import", "suppliers.csv", "--source", "sirene", "--dry-run"), "--source sirene takes one whole stock"),
        (("import", "absent.csv", "--source", "suppliers"), "absent.csv: cannot be read"),
    ],
)
def test_wrong_use_is_said_in_a_sentence(installation: Installation, arguments: tuple[str, ...], expected: str) -> None:
    done = installation.flux("register", *arguments)
    assert (done.returncode, expected in done.stderr) == (2, True), done.stderr
