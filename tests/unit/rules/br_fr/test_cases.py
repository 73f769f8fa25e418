"""BR-FR: every rule on what it refuses and on what it accepts."""

import pytest

from flux.model.interface import Syntax
from flux.rules.br_fr import RULES
from tests.official.ours import fired, observations
from tests.unit.rules.br_fr.cases import CASES, Case
from tests.unit.rules.br_fr.documents import MAIN, OTHER, cii, cii_groups, ubl, ubl_credit_note, ubl_groups

RULESET = "br-fr"
CLEAN = (ubl(), ubl_credit_note(), cii(), ubl_groups(MAIN, OTHER), cii_groups(MAIN, OTHER))


def name_of(case: Case) -> str:
    return f"{case.rule}-{'ubl' if b'CommonBasicComponents' in case.refused else 'cii'}"


@pytest.mark.parametrize("document", CLEAN)
def test_a_good_invoice_breaks_no_rule(document: bytes) -> None:
    assert not fired(document, RULESET)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_rule_refuses_what_breaks_it(case: Case) -> None:
    assert fired(case.refused, RULESET)[case.rule] == case.times


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_it_accepts_the_twin(case: Case) -> None:
    assert not fired(case.accepted, RULESET)[case.rule]


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_what_it_says_points_into_the_document(case: Case) -> None:
    seen = [each for each in observations(case.refused, RULESET) if each.code == case.rule]
    assert all(each.detail or each.place or each.xpath for each in seen)


@pytest.mark.parametrize("syntax", [Syntax.UBL, Syntax.CII])
def test_every_rule_has_a_case_in_every_syntax_that_binds_it(syntax: Syntax) -> None:
    wanted = {code for rule in RULES if syntax in rule.syntaxes for code in rule.speaks_for}
    # UBL 2.1 has no place for the amount with VAT of a line.
    asked = wanted - ({"BR-FR-MV-10"} if syntax is Syntax.UBL else set())
    assert asked <= {case.rule for case in CASES if name_of(case).endswith(syntax.value)}
