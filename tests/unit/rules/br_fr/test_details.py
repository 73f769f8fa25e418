"""BR-FR: what a finding says beside its rule."""

import pytest

from flux.model.codes import CODES
from tests.official.ours import observations
from tests.unit.rules.br_fr.cases import ADDRESSES, LONG, UBL_NUMBER, number
from tests.unit.rules.br_fr.documents import MAIN, Edit, cii, cii_groups, edited, ubl, ubl_groups

RULESET = "br-fr"


def details(document: bytes) -> list[tuple[str, str | None]]:
    return [(seen.code, seen.detail) for seen in observations(document, RULESET)]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (ubl(number(UBL_NUMBER, LONG)), [("BR-FR-01", "BT-1-1")]),
        (ubl(number(UBL_NUMBER, "F.1")), [("BR-FR-02", "BT-1"), ("BR-FR-01", "BT-1-2")]),
        (cii(Edit(">20261120<", ">2026112<")), [("BR-FR-03", "BT-2")]),
        (ubl(Edit("#PMD#", "")), [("BR-FR-05", "BT-22-2")]),
        (cii(Edit(">PMD<", ">XXX<")), [("BR-FR-05", "BT-22_PMD")]),
        (ubl(Edit('schemeID="0224"', 'schemeID="0009"')), [("BR-FR-CO-10", "BT-46-2")]),
        (cii_groups(MAIN._replace(net="9")), [("BR-FR-MV-05", "EXT-FR-FE-BG-12")]),
    ],
)
def test_the_suffix_of_the_official_assert_is_the_detail(document: bytes, said: list[tuple[str, str | None]]) -> None:
    assert details(document) == said


def test_a_finding_of_a_line_points_at_it() -> None:
    (seen,) = observations(ubl_groups(MAIN, edits=(Edit('"AVV">S1<', '"AVV">S8<'),)), RULESET)
    assert (seen.code, seen.place) == ("BR-FR-MV-03", ("lines", 0))


def test_a_finding_of_the_tree_says_where_it_stands() -> None:
    document = edited(ubl(), Edit('"0002">110002011<', '"0002">X<'))
    (seen,) = [each for each in observations(document, RULESET) if each.code == "BR-FR-32"]
    assert seen.xpath is not None
    assert seen.xpath.endswith("/cac:PartyLegalEntity[1]/cbc:CompanyID[1]")


def test_what_was_found_and_what_was_expected_are_said() -> None:
    (seen,) = observations(ubl_groups(MAIN._replace(net="160.00")), RULESET)
    assert (seen.found, seen.expected) == ("160.00", "150.00")


@pytest.mark.parametrize("rule", sorted({case.rule for case in ADDRESSES}))
def test_an_electronic_address_has_a_motif_of_its_own(rule: str) -> None:
    assert CODES[rule].motif == "ADR_ERR"
