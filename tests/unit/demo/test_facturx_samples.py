"""Our own Factur-X: a page that people read, and the same invoice inside, as Factur-X 1.09 §6 wants it carried."""

import io
from dataclasses import replace
from functools import cache
from typing import cast

import pytest
from lxml import etree
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

from flux.demo.afnor_samples import AFNOR_SAMPLE
from flux.demo.facturx_samples import PROFILES, write_facturx, write_facturx_xml
from flux.demo.samples import Sample
from flux.schemas import SchemaCatalogue
from tests.schemas import our_schemas

LEVELS = dict(zip(PROFILES, ("MINIMUM", "BASIC WL", "BASIC", "EN 16931", "EXTENDED"), strict=True))


def opened(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data), strict=True)


@cache
def catalogue() -> SchemaCatalogue:
    return our_schemas()


@pytest.mark.parametrize("schema", ["cii-d22b", "facturx-{}"])
@pytest.mark.parametrize("profile", PROFILES)
def test_the_invoice_is_valid_against_the_subset_of_its_profile(profile: str, schema: str) -> None:
    root = etree.fromstring(write_facturx_xml(profile=profile))
    assert catalogue().compiled(schema.format(profile), str(root.tag)).validator.validate(root)


@pytest.mark.parametrize(
    ("sample", "words"),
    [
        (AFNOR_SAMPLE, ("Facture F2026-0117", "Papeterie du Centre SAS", "5\xa0618,16\xa0€", "11000201100044")),
        (replace(AFNOR_SAMPLE, type_code="381"), ("Avoir F2026-0117",)),
        (replace(AFNOR_SAMPLE, line_count=25), ("et 5 lignes de plus, dans le fichier joint",)),
        (replace(AFNOR_SAMPLE, buyer_name="Régie (eau) \\ gaz"), ("Régie (eau) \\ gaz",)),
    ],
)
def test_one_page_says_what_the_invoice_says(sample: Sample, words: tuple[str, ...]) -> None:
    (page,) = opened(write_facturx(sample)).pages
    text = page.extract_text()
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize("profile", PROFILES)
def test_the_metadata_names_the_file_and_its_level(profile: str) -> None:
    metadata = cast("StreamObject", opened(write_facturx(profile=profile)).root_object["/Metadata"])
    facts = etree.fromstring(metadata.get_data())
    assert facts.findtext(".//{*}ConformanceLevel") == LEVELS[profile]
    assert facts.findtext(".//{*}DocumentFileName") == "factur-x.xml"


def test_the_invoice_is_named_and_associated_with_the_whole_document() -> None:
    reader = opened(write_facturx())
    (associated,) = cast("ArrayObject", reader.root_object["/AF"])
    specification = cast("DictionaryObject", associated.get_object())
    assert [str(specification[key]) for key in ("/F", "/AFRelationship")] == ["factur-x.xml", "/Alternative"]
    assert list(reader.attachments) == ["factur-x.xml"]
