"""The cases of BR-FR put before the official rules: they refuse and accept the same, rule by rule and as often."""

from collections import Counter

import pytest

from flux.engine.official import Judged, count_fired
from flux.model.interface import Syntax
from tests.official.oracle import oracle
from tests.official.ours import fired
from tests.unit.rules.br_fr.cases import CASES

RULESET = "br-fr"
# No artefact knows the day of the check.
OURS_ALONE = "BR-FR-CO-01"
_MARKS = {Syntax.UBL: b"CommonBasicComponents", Syntax.CII: b"CrossIndustryInvoice"}


@pytest.mark.parametrize("syntax", _MARKS)
def test_the_official_rules_say_the_same_of_every_case(syntax: Syntax) -> None:
    documents = {document for case in CASES for document in case[1:3] if _MARKS[syntax] in document}
    with oracle(RULESET, syntax) as official:
        for document, verdict in zip(documents, official.judge_all(documents), strict=True):
            assert isinstance(verdict, Judged), verdict
            assert count_fired(verdict.fired) == _ours(document), document.decode()


def _ours(document: bytes) -> "Counter[str]":
    return Counter({rule: count for rule, count in fired(document, RULESET).items() if rule != OURS_ALONE})
