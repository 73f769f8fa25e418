"""What our own rules say of a document, told as the official artefacts tell it: ids, with the number of times each fired."""

from collections import Counter
from datetime import date

from flux.formats.reader import TreeReader
from flux.formats.syntax import syntax_of
from flux.formats.ubl import is_credit_note
from flux.model.finding import Observation
from flux.model.interface import Family
from flux.model.limits import Limits
from flux.model.partner import Environment
from flux.rules.context import RuleContext
from flux.rules.rule import Matter
from flux.rules.sets import rule_set

CONTEXT = RuleContext(family=Family.AFNOR, environment=Environment.PRODUCTION, today=date(2026, 11, 28))


def observations(document: bytes, ruleset: str, context: RuleContext = CONTEXT) -> tuple[Observation, ...]:
    """All that the rules of a set see in a document, whatever set its profile asks for."""
    root = TreeReader(Limits()).read(document).root
    assert root is not None
    syntax = syntax_of(root)
    assert syntax is not None, f"no syntax of ours: {root.tag}"
    matter = Matter(syntax.read_one(root, root), syntax.syntax, context, is_credit_note=is_credit_note(root))
    return (*rule_set(ruleset, syntax.syntax).check(matter), *syntax.bound_rules(root, ruleset, matter.invoice))


def fired(document: bytes, ruleset: str) -> Counter[str]:
    """The ids that fire, and how often."""
    return Counter(observation.code for observation in observations(document, ruleset))
