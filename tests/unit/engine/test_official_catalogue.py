"""Where official stylesheets are found, and what their asserts are called."""

from pathlib import Path

import pytest

from flux.engine.official_catalogue import OFFICIAL, find_stylesheet
from flux.engine.official_ids import rule_name
from flux.model.interface import Syntax

SHIPPED = [each for each in OFFICIAL if each != ("en16931", Syntax.CII)]


@pytest.mark.parametrize(("ruleset", "syntax"), SHIPPED)
def test_the_package_of_the_schemas_ships_the_rules(ruleset: str, syntax: Syntax) -> None:
    found = find_stylesheet(ruleset, syntax)

    assert found is not None
    assert found.is_file()


def test_en16931_for_cii_is_there_once_an_installation_brings_it(tmp_path: Path) -> None:
    assert find_stylesheet("en16931", Syntax.CII, tmp_path) is None

    brought = tmp_path / "en16931-cii.xslt"
    brought.touch()

    assert find_stylesheet("en16931", Syntax.CII, tmp_path) == brought


def test_what_an_installation_brings_comes_before_what_a_package_ships(tmp_path: Path) -> None:
    brought = tmp_path / "br-fr-ubl.xslt"
    brought.touch()

    assert find_stylesheet("br-fr", Syntax.UBL, tmp_path) == brought


def test_the_rules_of_a_pdf_are_those_of_its_xml() -> None:
    assert find_stylesheet("br-fr", Syntax.FACTURX) == find_stylesheet("br-fr", Syntax.CII)


@pytest.mark.parametrize(("ruleset", "syntax"), [("br-fr-cpro", Syntax.UBL), ("facturx-basic", Syntax.UBL)])
def test_a_set_without_official_rules_has_no_stylesheet(ruleset: str, syntax: Syntax) -> None:
    assert find_stylesheet(ruleset, syntax) is None


@pytest.mark.parametrize(
    ("assert_id", "code", "detail"),
    [
        ("BR-CO-15", "BR-CO-15", ""),
        ("UBL-CR-001", "UBL-CR-001", ""),
        ("BR-FREXT-S-08ini", "BR-FREXT-S-08ini", ""),
        ("BR-FREXT-BR-22", "BR-FREXT-BR-22", ""),
        ("BR-FR-01_BT-1-1", "BR-FR-01", "BT-1-1"),
        ("BR-FR-32-LEGALID", "BR-FR-32", "LEGALID"),
        ("BR-FR-28-Value", "BR-FR-28", "Value"),
        ("BR-FR-DEC-01_BT-136_BT-141", "BR-FR-DEC-01", "BT-136_BT-141"),
        ("BR-FR-CO-10_EXT-FR-FE-06-1", "BR-FR-CO-10", "EXT-FR-FE-06-1"),
        ("BR-FR-MV-14-EXT-FR-FE-136", "BR-FR-MV-14", "EXT-FR-FE-136"),
        ("BR-FR-CDV-CL-09_MDT-113_210B2G", "BR-FR-CDV-CL-09", "MDT-113_210B2G"),
        # What the id says is not the rule that the text states.
        ("BR-FR-08_BT-151-2", "BR-FR-15", "BT-151-2"),
        ("BR-FR-30_BT-21", "BR-FR-31", "BT-21"),
        ("BR-FR-MV-BD_BT-3", "BR-FR-BD-13", "BT-3"),
        ("BR-FR-CO-04_BT-4", "BR-FR-CO-04", "BT-3"),
        ("BR-FR-03_EXT-FR-FE-134", "BR-FR-03", "BT-134"),
    ],
)
def test_an_assert_is_named_by_its_rule_and_its_field(assert_id: str, code: str, detail: str) -> None:
    assert rule_name(assert_id) == (code, detail)


@pytest.mark.parametrize(
    ("text", "code", "detail"),
    [
        ("[BR-FXEXT-04]-To ensure automated processing", "BR-FXEXT-04", ""),
        ("Element 'ram:Name' is marked as not used in the given context.", "FX-NOT-USED", "ram:Name"),
        (
            "Element variant 'ram:ID[ not(@x)]' is marked as not used in the given context.",
            "FX-NOT-USED",
            "ram:ID[ not(@x)]",
        ),
        ("Attribute @schemeID' marked as not used in the given context.", "FX-NOT-USED", "@schemeID"),
    ],
)
def test_an_assert_without_an_id_is_named_by_its_text(text: str, code: str, detail: str) -> None:
    assert rule_name("", text) == (code, detail)


@pytest.mark.parametrize(
    ("assert_id", "text", "code"),
    [
        ("FX-SCH-A-000002", "[BR-CO-09]-The Seller VAT identifier", "BR-CO-09"),
        ("FX-SCH-A-000019", "Element 'ram:ID' must occur exactly 1 times.", "FX-SCH-A-000019"),
        ("BR-CO-09", "[BR-CO-10]-Sum of Invoice line net amount", "BR-CO-09"),
    ],
)
def test_a_number_gives_way_to_the_rule_that_the_text_names(assert_id: str, text: str, code: str) -> None:
    assert rule_name(assert_id, text) == (code, "")
