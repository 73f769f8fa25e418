"""What the French extension keeps of EN 16931: every case of the norm once more, under its rules."""

from flux.model.interface import Syntax
from flux.rules.sets import rule_set
from tests.official.ours import fired
from tests.unit.rules.changes import Case, every
from tests.unit.rules.en16931 import test_code_lists, test_consistency, test_decimals, test_presence, test_vat

SET = "extended-ctc-fr"
IDS = {
    syntax: {code for rule in rule_set(SET, syntax).rules for code in rule.speaks_for}
    for syntax in (Syntax.UBL, Syntax.CII)
}
NORM = [
    case
    for module in (test_presence, test_consistency, test_decimals, test_code_lists, test_vat)
    for case in module.CASES
]
# In CII the rules of the nine categories take the place of these, which are left for other groups.
OF_OTHER_GROUPS = frozenset({"BR-45", "BR-46", "BR-48", "BR-CO-03", "BR-DEC-19", "BR-DEC-20"})
ELSEWHERE = [case for case in NORM if case.syntax is Syntax.CII and case.row.rule in OF_OTHER_GROUPS]
# Rules that elements are judged by, not the model.
BOUND = frozenset({"BR-49", "BR-52", "BR-65", "BR-CO-19", "BR-CO-20"})
KEPT = [case for case in NORM if case.row.rule in IDS[case.syntax] | BOUND and case not in ELSEWHERE]
DROPPED = [case for case in NORM if case.row.rule not in IDS[case.syntax] | BOUND]


@every(KEPT)
def test_a_rule_that_is_kept_is_broken_as_often(case: Case) -> None:
    assert fired(case.refused, SET)[case.row.rule] == case.row.times


@every(KEPT)
def test_a_rule_that_is_kept_accepts_the_same(case: Case) -> None:
    assert case.row.rule not in fired(case.accepted, SET)


@every(DROPPED)
def test_a_rule_that_is_taken_back_is_broken_by_nothing(case: Case) -> None:
    assert case.row.rule not in fired(case.refused, SET)


@every(ELSEWHERE)
def test_a_group_of_the_nine_categories_has_rules_of_its_own_in_cii(case: Case) -> None:
    assert case.row.rule not in fired(case.refused, SET)
