"""The invoices that mutations start from are right: a mutation of one is what the rules say of the mutation."""

import pytest
from lxml import etree

from flux.engine.official import Judged
from flux.engine.official_catalogue import OFFICIAL
from flux.model.interface import Syntax
from tests.official.bases import bases
from tests.official.oracle import oracle
from tests.official.parity import Schema


@pytest.mark.parametrize(("ruleset", "syntax"), OFFICIAL)
def test_no_base_breaks_a_fatal_rule_of_its_set(ruleset: str, syntax: Syntax) -> None:
    wrong = {}
    with oracle(ruleset, syntax) as official:
        documents = bases(ruleset, syntax)
        for name, verdict in zip(documents, official.judge_all(documents.values()), strict=True):
            assert isinstance(verdict, Judged)
            fatal = {each.code for each in verdict.fired if each.is_fatal}
            if fatal:
                wrong[name] = fatal
    assert wrong == {}


@pytest.mark.parametrize(("ruleset", "syntax"), OFFICIAL)
def test_every_base_is_valid_against_the_schema(ruleset: str, syntax: Syntax) -> None:
    schema = Schema(syntax)

    assert [
        name for name, document in bases(ruleset, syntax).items() if not schema.accepts(etree.fromstring(document))
    ] == []
