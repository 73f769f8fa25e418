"""The schemas of the catalogue judge the reference corpus as the official artefacts do."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flux.formats.profile import profile_of
from flux.formats.reader import TreeReader
from flux.formats.recognition import recognise
from flux.formats.schema import check_schema
from flux.model.finding import Observation
from flux.model.interface import Syntax
from flux.model.limits import Limits
from flux.model.term import text_of
from flux.schemas import SchemaCatalogue
from tests.schemas import our_schemas

CORPUS = Path(__file__).resolve().parents[2] / ".." / "shared" / "corpus"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the reference corpus is not on this machine")

LIMITS = Limits()
SYNTAXES = {"UBL 2.x": Syntax.UBL, "UN/CEFACT CII": Syntax.CII}
CPP_INVOICES = {"CPPFacturePivot": Syntax.PIVOT, "CPPFactureMixte": Syntax.MIXTE}


def manifest() -> list[dict[str, Any]]:
    path = CORPUS / "manifest.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []


def rows_of(source: str) -> list[dict[str, Any]]:
    return [row for row in manifest() if row["source"] == source]


def invoices(source: str) -> Iterator[dict[str, Any]]:
    return (row for row in rows_of(source) if row["container"] == "xml" and row["syntax"] in SYNTAXES)


@pytest.fixture(scope="module")
def catalogue() -> SchemaCatalogue:
    return our_schemas()


@pytest.fixture(scope="module")
def reader() -> TreeReader:
    return TreeReader(LIMITS)


def judge(path: Path, reader: TreeReader, catalogue: SchemaCatalogue) -> dict[str, tuple[Observation, ...]]:
    """What each schema that applies to a file says of it."""
    data = path.read_bytes()
    root = reader.read(data).root
    assert root is not None
    syntax = recognise(root).format
    assert syntax is not None
    (invoice,) = syntax.read(root)
    profile = profile_of(text_of(invoice.profile), text_of(invoice.cadre))
    schemas = [catalogue.compiled(schema, str(root.tag)) for schema in syntax.schemas(profile)]
    return {schema.id: check_schema(root, schema, LIMITS, len(data)) for schema in schemas}


def judge_all(path: Path, reader: TreeReader, catalogue: SchemaCatalogue) -> list[Observation]:
    return [seen for observations in judge(path, reader, catalogue).values() for seen in observations]


SOURCES = sorted({row["source"] for row in manifest()})


@pytest.mark.parametrize("source", SOURCES)
def test_each_schema_gives_the_official_verdict(source: str, reader: TreeReader, catalogue: SchemaCatalogue) -> None:
    wrong = []
    for row in invoices(source):
        judged = judge(CORPUS / row["file"], reader, catalogue)
        official = {"ubl-2.1": row["xsd"]["ok"], "cii-d22b": row.get("xsd_full", {}).get("ok")}
        expected = {schema: official.get(schema, row["xsd"]["ok"]) for schema in judged}
        if expected != {schema: not observations for schema, observations in judged.items()}:
            wrong.append(row["file"])
    assert wrong == []


@pytest.mark.parametrize("document_type", CPP_INVOICES)
def test_our_schemas_accept_what_its_consumers_do(
    document_type: str, reader: TreeReader, catalogue: SchemaCatalogue
) -> None:
    rows = [row for row in manifest() if row["document_type"] == document_type]
    assert rows
    assert all(not judge_all(CORPUS / row["file"], reader, catalogue) for row in rows)


@pytest.mark.parametrize("source", SOURCES)
def test_every_refusal_is_explained_on_a_line_and_a_path(
    source: str, reader: TreeReader, catalogue: SchemaCatalogue
) -> None:
    for row in invoices(source):
        for observations in judge(CORPUS / row["file"], reader, catalogue).values():
            assert all(seen.line and seen.xpath and dict(seen.facts)["reason_fr"] for seen in observations), row["file"]


@pytest.mark.parametrize("source", SOURCES)
def test_every_xml_file_is_read_or_refused_as_the_manifest_says(source: str, reader: TreeReader) -> None:
    for row in rows_of(source):
        reading = reader.read((CORPUS / row["file"]).read_bytes())
        is_document = row["container"] == "xml" and row["well_formed"] and not row["dtd"]
        assert (reading.root is not None) == is_document, row["file"]
        assert reading.root is not None or reading.observations, row["file"]


@pytest.mark.parametrize("source", SOURCES)
def test_every_document_is_recognised_as_what_it_is(source: str, reader: TreeReader) -> None:
    for row in rows_of(source):
        root = reader.read((CORPUS / row["file"]).read_bytes()).root
        if root is not None:
            recognised = recognise(root)
            found = recognised.format.syntax if recognised.format else None
            assert found is (SYNTAXES.get(row["syntax"]) or CPP_INVOICES.get(row["document_type"])), row["file"]
            assert found is not None or recognised.is_signature or recognised.observations, row["file"]
