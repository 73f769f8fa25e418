"""`flux rules`: every rule in plain words, official or ours."""

import json

import pytest
from click.testing import CliRunner, Result

from flux.app.rule_catalogue import OURS, RuleState, find_rule, list_rules, rule_sets
from flux.cli.rules import command
from flux.errors import ConfigError
from flux.model.codes import CODES
from flux.model.partner import Language
from flux.rules.sets import PUBLICATIONS

KEYS = {
    "code", "sets", "terms", "statement", "statement_en", "fix", "fix_en", "motif", "who", "audience",
}  # fmt: skip


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, catch_exceptions=False)


@pytest.mark.parametrize("ruleset", PUBLICATIONS)
def test_every_rule_of_a_set_is_listed_once(ruleset: str) -> None:
    publication = PUBLICATIONS[ruleset]
    answered = {code for rule in publication.rules for code in rule.speaks_for}
    listed = [rule.code for rule in list_rules(ruleset)]
    assert sorted(listed) == sorted(answered | {*publication.register_codes} | {*publication.untestable})


def test_the_whole_list_holds_every_set_and_our_own_codes() -> None:
    listed = [rule.code for rule in list_rules()]
    assert len(listed) == len(set(listed))
    assert {code for code in CODES if "-" not in code} <= set(listed)


@pytest.mark.parametrize("ruleset", rule_sets())
def test_every_rule_says_what_must_hold_and_what_to_do_in_both_languages(ruleset: str) -> None:
    for rule in list_rules(ruleset):
        for language in Language:
            assert rule.statement(language)
            assert rule.fix(language)


def test_rules_stand_in_the_order_of_their_numbers() -> None:
    numbers = [rule.code.removeprefix("BR-FR-CPRO-") for rule in list_rules("br-fr-cpro")]
    assert numbers == [f"{number:02}" for number in range(1, 45)]


@pytest.mark.parametrize(
    ("code", "ruleset", "state"),
    [
        ("BR-FR-CPRO-10", "br-fr-cpro", RuleState.TESTED),
        ("BR-FR-CPRO-05", "br-fr-cpro", RuleState.TESTED),  # one check speaks for five rules
        ("BR-FR-CPRO-11", "br-fr-cpro", RuleState.REGISTER),
        ("CHORUS_NUMBER", "chorus", RuleState.TESTED),
        ("CHORUS_DATE_FUTURE", "chorus", RuleState.TESTED),
        ("BR-02", "en16931", RuleState.TESTED),
        ("SIRET_CHECKSUM", OURS, RuleState.TESTED),
        ("UBL-CR-145", "", RuleState.SYNTAX),
    ],
)
def test_a_rule_tells_its_set_and_how_it_is_judged(code: str, ruleset: str, state: RuleState) -> None:
    assert (ruleset, state) in [(entry.ruleset, entry.state) for entry in find_rule(code).entries]


def test_a_rule_names_the_terms_that_it_reads() -> None:
    assert find_rule("BR-FR-CPRO-02").terms == ("BT-1", "BT-25", "EXT-FR-FE-136")
    assert dict(find_rule("BR-FR-CPRO-15").named_terms())["BT-13"].en


def test_capitals_do_not_matter_and_a_slip_is_helped() -> None:
    assert find_rule("br-fr-cpro-10").code == "BR-FR-CPRO-10"
    with pytest.raises(ConfigError, match="did you mean CHORUS_NUMBER"):
        find_rule("CHORUS_NUMBR")
    with pytest.raises(ConfigError, match="known: en16931"):
        list(list_rules("nowhere"))


def test_a_rule_is_shown_in_either_language() -> None:
    shown = {lang: run("show", "BR-FR-CPRO-11", "--lang", lang).output for lang in ("fr", "en")}
    assert "couche « register »" in shown["fr"]
    assert "register layer" in shown["en"]
    assert all("REJ_CONT_B2G" in text and "BT-46" in text for text in shown.values())


def test_json_has_one_object_for_each_rule() -> None:
    lines = [json.loads(line) for line in run("list", "--set", "br-fr-cpro", "--json").output.splitlines()]
    assert len(lines) == 44
    assert all(set(line) == KEYS for line in lines)
    assert json.loads(run("show", "BR-FR-CPRO-24", "--json").output)["sets"] == [
        {
            "ruleset": "br-fr-cpro",
            "version": PUBLICATIONS["br-fr-cpro"].version,
            "source": PUBLICATIONS["br-fr-cpro"].source,
            "state": "tested",
            "legacy": "off",
            "afnor": "fatal",
            "syntaxes": ["cii", "facturx", "ubl"],
        }
    ]


def test_the_list_shows_a_row_for_each_rule_of_a_set() -> None:
    assert len(run("list", "--set", "chorus").output.splitlines()) == 1 + len(list(list_rules("chorus")))
