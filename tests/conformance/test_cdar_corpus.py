"""Every life-cycle message of the reference corpus: valid as its manifest says, read, and written again without loss."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from flux.formats.cdar import CDAR_ROOT, read_cdar
from flux.formats.reader import TreeReader
from flux.model.limits import Limits
from flux.replies.cdar_message import write_cdar
from tests.schemas import our_schemas

CORPUS = Path(__file__).resolve().parents[2] / ".." / "shared" / "corpus"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the reference corpus is not on this machine")

READER = TreeReader(Limits())
SCHEMA = our_schemas().compiled("cdar-d22b", CDAR_ROOT).validator


def rows() -> list[dict[str, Any]]:
    path = CORPUS / "manifest.jsonl"
    listed = map(json.loads, path.read_text(encoding="utf-8").splitlines()) if path.is_file() else ()
    return [row for row in listed if row.get("root") == CDAR_ROOT]


def tree(data: bytes) -> etree._Element:
    root = READER.read(data).root
    assert root is not None
    return root


def leaves(root: etree._Element) -> Counter[tuple[str, str, tuple[tuple[str, str], ...]]]:
    """Path, text and attributes of every element that holds no other."""
    return Counter(
        (
            "/".join(str(step.tag) for step in (element, *element.iterancestors())),
            element.text or "",
            tuple(sorted((str(name), str(value)) for name, value in element.attrib.items())),
        )
        for element in root.iter()
        if not len(element)
    )


def test_the_corpus_holds_the_samples_of_annex_b() -> None:
    assert len([row for row in rows() if row["source"] == "afnor-v12"]) == 59


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["file"])
def test_a_sample_is_read_and_written_again_without_loss(row: dict[str, Any]) -> None:
    root = tree((CORPUS / row["file"]).read_bytes())

    message, observations = read_cdar(root)

    assert observations == ()
    assert message is not None
    assert leaves(tree(write_cdar(message))) == leaves(root)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["file"])
def test_the_schema_says_of_a_sample_what_the_manifest_says(row: dict[str, Any]) -> None:
    assert SCHEMA.validate(tree((CORPUS / row["file"]).read_bytes())) == row["xsd"]["ok"]
