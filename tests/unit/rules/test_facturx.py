"""Which business rules a profile of Factur-X holds."""

import pytest

from flux.formats.facturx_rules import RULESETS
from flux.rules import facturx


@pytest.mark.parametrize(
    ("ruleset", "count"),
    [("facturx-minimum", 68), ("facturx-basicwl", 130), ("facturx-basic", 202), ("facturx-extended", 210)],
)
def test_a_profile_holds_as_many_business_rules_as_its_artefact(ruleset: str, count: int) -> None:
    assert len(facturx.HELD[ruleset]) == count


def test_every_profile_with_rules_of_elements_has_business_rules_too() -> None:
    assert set(facturx.HELD) == set(facturx.OTHERWISE) == RULESETS


@pytest.mark.parametrize("ruleset", sorted(RULESETS))
def test_a_rule_that_answers_otherwise_is_held(ruleset: str) -> None:
    assert facturx.OTHERWISE[ruleset] <= facturx.HELD[ruleset]
