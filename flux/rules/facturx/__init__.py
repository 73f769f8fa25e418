"""Factur-X 1.09: the business rules of its profiles, most of them those of EN 16931 as the artefact of the profile holds them.

Profile EN 16931 has none of its own. MINIMUM and BASIC WL have no lines, and yet rules that ask for them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from flux.rules import en16931
from flux.rules.facturx import additions, own
from flux.rules.facturx.held import HELD
from flux.rules.rule import CII, Answer, AnyCheck, AnyRule, Hit, Matter, as_any_tax

VERSION = "1.09"
SOURCE = "FNFE-MPE and FeRD, Factur-X 1.09"

# The rules of a category of VAT, which Factur-X asks whatever the scheme of the tax says.
_OF_ANY_TAX = re.compile(r"BR-(?:AE|AF|AG|E|G|IC|O|S|Z)-\d\d")
_BY_WORD = {
    "allowances": "worded_allowances",
    "charges": "worded_charges",
}
# Bound to elements in Factur-X (`flux.formats.facturx_rules`), for which the model is too coarse.
_BOUND = frozenset({"BR-17", "BR-49", "BR-52", "BR-65", "BR-B-01", "BR-B-02", "BR-CO-03", "BR-CO-18"})
_REPLACED = _BOUND.union(*(rule.speaks_for for rule in own.RULES))


def _rules_of(held: frozenset[str]) -> Iterable[AnyRule]:
    """The rules of a profile, out of all that it may hold."""
    of_norm = ((rule, _REPLACED) for rule in en16931.RULES if rule.syntaxes & CII)
    of_profiles = ((rule, frozenset[str]()) for rule in (*own.RULES, *additions.RULES))
    for rule, replaced in (*of_norm, *of_profiles):
        left = tuple(code for code in rule.speaks_for if code in held and code not in replaced)
        if left:
            yield replace(
                rule,
                check=_checking(rule, left),
                on=".".join(_BY_WORD.get(step, step) for step in rule.on.split(".")),
                syntaxes=CII,
                code=left[0],
                codes=left if rule.codes else (),
            )


def _checking(rule: AnyRule, left: tuple[str, ...]) -> AnyCheck:
    check = rule.check if left == rule.speaks_for else _only(rule.check, frozenset(left))
    return _of_any_tax(check) if _OF_ANY_TAX.fullmatch(left[0]) else check


def _only(check: AnyCheck, codes: frozenset[str]) -> AnyCheck:
    """Without the answers under other codes."""

    def kept(group: object, matter: Matter) -> Answer:
        answer = check(group, matter)
        if isinstance(answer, Hit):
            return answer if answer.code is None or answer.code in codes else None
        return answer and [hit for hit in answer if hit.code in codes]

    return kept


def _of_any_tax(check: AnyCheck) -> AnyCheck:
    def check_any(group: object, matter: Matter) -> Answer:
        return check(group, matter.once(as_any_tax))

    return check_any


RULES: Mapping[str, tuple[AnyRule, ...]] = {profile: tuple(_rules_of(held)) for profile, held in HELD.items()}
