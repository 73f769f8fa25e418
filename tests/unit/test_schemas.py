"""The closed catalogue of schemas."""

import sys
from pathlib import Path

import pytest
from lxml import etree

from flux.errors import SchemaCatalogueError
from flux.formats import cii, mixte, pivot, ubl
from flux.formats.cdar import CDAR_ROOT
from flux.schemas import SchemaCatalogue, SchemaState, digest_of_set

SCHEMA = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{}<xs:element name="a" type="xs:string"/></xs:schema>'

SHIPPED = [
    ("ubl-2.1", ubl.INVOICE_ROOT),
    ("ubl-2.1", ubl.CREDIT_NOTE_ROOT),
    ("cii-d22b", cii.INVOICE_ROOT),
    ("facturx-minimum", cii.INVOICE_ROOT),
    ("facturx-basicwl", cii.INVOICE_ROOT),
    ("facturx-basic", cii.INVOICE_ROOT),
    ("facturx-en16931", cii.INVOICE_ROOT),
    ("facturx-extended", cii.INVOICE_ROOT),
    ("cdar-d22b", CDAR_ROOT),
    ("cpp-statut-1.19", "CPPStatut"),
    ("cpp-pivot-2.02", pivot.ROOT),
    ("cpp-pivot-1.21", pivot.ROOT),
    ("cpp-pivot-1.20", pivot.ROOT),
    ("cpp-mixte", mixte.ROOT),
]


@pytest.mark.parametrize(("schema_id", "root"), SHIPPED)
def test_every_schema_that_we_name_is_there_as_pinned_and_compiles(schema_id: str, root: str) -> None:
    assert SchemaCatalogue().compiled(schema_id, root).id == schema_id


def test_the_catalogue_lists_nothing_else_and_finds_all() -> None:
    catalogue = SchemaCatalogue()
    assert [entry.id for entry in catalogue.entries()] == list(dict.fromkeys(schema_id for schema_id, _ in SHIPPED))
    assert {catalogue.state(entry) for entry in catalogue.entries()} == {SchemaState.FOUND}


def test_every_entry_of_a_package_is_pinned() -> None:
    packaged = [entry for entry in SchemaCatalogue().entries() if entry.package]
    assert all(entry.set_sha256 and all(file.sha256 for file in entry.files) for entry in packaged)


def test_a_schema_is_compiled_once() -> None:
    catalogue = SchemaCatalogue()
    assert catalogue.compiled("cpp-statut-1.19", "CPPStatut") is catalogue.compiled("cpp-statut-1.19", "CPPStatut")


def test_packages_are_located_without_being_imported() -> None:
    before = set(sys.modules)
    catalogue = SchemaCatalogue()
    catalogue.compiled("facturx-minimum", cii.INVOICE_ROOT)
    catalogue.compiled("cdar-d22b", CDAR_ROOT)
    assert not {"facturx", "pyfrctc"} & (set(sys.modules) - before)


def write_catalogue(folder: Path, **pins: str) -> SchemaCatalogue:
    (folder / "main.xsd").write_text(SCHEMA.format('<xs:include schemaLocation="part.xsd"/>'))
    (folder / "part.xsd").write_text('<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>')
    pinned = "".join(f'{key} = "{value}"\n' for key, value in pins.items())
    files = 'files = [{ root = "a", path = "main.xsd" }]'
    (folder / "catalogue.toml").write_text(f'[[schema]]\nid = "mine"\nversion = "1"\n{pinned}{files}\n')
    return SchemaCatalogue(folder)


def test_a_set_that_is_as_pinned_is_found(tmp_path: Path) -> None:
    write_catalogue(tmp_path)
    digest = digest_of_set([tmp_path / "main.xsd"], tmp_path)
    assert write_catalogue(tmp_path, set_sha256=digest).compiled("mine", "a").version == "1"


def test_a_change_in_an_included_file_is_seen(tmp_path: Path) -> None:
    write_catalogue(tmp_path)
    catalogue = write_catalogue(tmp_path, set_sha256=digest_of_set([tmp_path / "main.xsd"], tmp_path))
    (tmp_path / "part.xsd").write_text('<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" version="2"/>')
    with pytest.raises(SchemaCatalogueError, match=r"schema mine: altered; install flux again"):
        catalogue.compiled("mine", "a")


def test_a_missing_file_is_named_with_the_remedy(tmp_path: Path) -> None:
    catalogue = write_catalogue(tmp_path)
    (tmp_path / "main.xsd").unlink()
    with pytest.raises(SchemaCatalogueError, match="schema mine: absent"):
        catalogue.compiled("mine", "a")


def test_a_missing_package_is_named_with_its_version(tmp_path: Path) -> None:
    (tmp_path / "catalogue.toml").write_text(
        '[package.no_such_package]\ndistribution = "no-such"\nversion = "7"\nfolder = "x"\n'
        '[[schema]]\nid = "theirs"\nversion = "1"\npackage = "no_such_package"\nfiles = [{ root = "a", path = "a.xsd" }]\n'
    )
    with pytest.raises(SchemaCatalogueError, match=r"schema theirs: absent; install no-such==7"):
        SchemaCatalogue(tmp_path).compiled("theirs", "a")


# What is asked of the catalogue, and what it answers.
WRONG = [("unheard-of", "a", "not in the catalogue"), ("ubl-2.1", "{urn:x}Invoice", "no root element")]


@pytest.mark.parametrize(("schema_id", "root", "message"), WRONG)
def test_a_schema_that_is_not_listed_is_refused(schema_id: str, root: str, message: str) -> None:
    with pytest.raises(SchemaCatalogueError, match=message):
        SchemaCatalogue().compiled(schema_id, root)


@pytest.mark.parametrize("text", [None, "not = [toml", "[[schema]]\nid = 'x'"])
def test_a_catalogue_that_cannot_be_read_is_our_failure(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "catalogue.toml").write_text(text)
    with pytest.raises(SchemaCatalogueError, match=r"catalogue\.toml"):
        SchemaCatalogue(tmp_path)


def test_a_file_that_is_no_schema_is_our_failure(tmp_path: Path) -> None:
    catalogue = write_catalogue(tmp_path)
    (tmp_path / "main.xsd").write_text("<a/>")
    with pytest.raises(SchemaCatalogueError, match=r"main\.xsd cannot be compiled"):
        catalogue.compiled("mine", "a")


OTHER = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a" type="xs:integer"/></xs:schema>'


def test_a_file_of_the_preferred_folder_takes_the_place_of_ours_and_says_so(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.mkdir()
    theirs.mkdir()
    write_catalogue(ours)
    document = etree.fromstring("<a>x</a>")
    for is_there, verdict, version in ((False, True, "1"), (True, False, "1+local")):
        if is_there:
            (theirs / "main.xsd").write_text(OTHER)
        compiled = SchemaCatalogue(ours, preferred=theirs).compiled("mine", "a")
        assert (compiled.validator.validate(document), compiled.version) == (verdict, version)


def test_no_file_takes_the_place_of_a_schema_of_a_package(tmp_path: Path) -> None:
    catalogue = SchemaCatalogue(preferred=tmp_path)
    entry = next(entry for entry in catalogue.entries() if entry.id == "ubl-2.1")
    for file in entry.files:
        (tmp_path / file.path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file.path).write_text(OTHER)
    assert not catalogue.is_replaced(entry)
