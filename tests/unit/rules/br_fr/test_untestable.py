"""BR-FR: the rules that no invoice alone can be judged by."""

from flux.model.codes import CODES
from flux.model.codes.official.untestable import UNTESTABLE
from flux.rules.br_fr import RULES

JUDGED = {code for rule in RULES for code in rule.speaks_for}


def test_a_rule_is_judged_or_said_to_be_untestable_never_both() -> None:
    assert JUDGED.isdisjoint(rule.code for rule in UNTESTABLE)


def test_every_rule_of_the_first_thirty_two_is_the_one_or_the_other() -> None:
    bound = {"BR-FR-29", "BR-FR-32"}
    every = {f"BR-FR-{number:02}" for number in range(1, 33)}
    assert every == {code for code in JUDGED | bound | {rule.code for rule in UNTESTABLE} if code in every}


def test_every_judged_rule_has_its_words() -> None:
    assert CODES.keys() >= JUDGED


def test_each_reason_is_given_in_both_languages() -> None:
    assert all(rule.fr and rule.en for rule in UNTESTABLE)
