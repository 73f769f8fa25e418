"""What makes two findings one cause."""

from dataclasses import replace

import pytest

from flux.model.causes import group_by_cause
from flux.model.finding import Audience, Finding, LayerName, Severity

RULE = Finding(
    code="BR-CL-23",
    severity=Severity.FATAL,
    layer=LayerName.RULES,
    ruleset="en16931",
    audience=(Audience.SENDER,),
    term="BT-130",
    line=105,
    xpath="/Invoice/cac:InvoiceLine[1]/cbc:InvoicedQuantity[1]",
)
TYPE = replace(RULE, code="XSD_INVALID", layer=LayerName.SCHEMA, term=None, facts=(("kind", "type"),))


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        (
            RULE,
            replace(RULE, line=123, found="CARTON", xpath="/Invoice/cac:InvoiceLine[2]/cbc:InvoicedQuantity[1]"),
            True,
        ),
        (RULE, replace(RULE, code="BR-CL-24"), False),
        (RULE, replace(RULE, term="BT-150"), False),
        (TYPE, replace(TYPE, xpath="/Invoice/cac:InvoiceLine[2]/cbc:InvoicedQuantity[1]"), True),
        (TYPE, replace(TYPE, xpath="/Invoice/cbc:IssueDate[1]"), False),  # of a schema, every field has the same code
        (TYPE, replace(TYPE, facts=(("kind", "missing_element"),)), False),
    ],
)
def test_the_same_code_for_the_same_term_is_one_cause(first: Finding, second: Finding, *, is_one: bool) -> None:
    assert (len(group_by_cause((first, second))) == 1) is is_one


def test_causes_come_in_the_order_in_which_they_came_up() -> None:
    other = replace(RULE, code="BR-CO-15")
    assert group_by_cause((RULE, other, RULE)) == ((RULE, RULE), (other,))
