"""The rule sets: which rules each holds, in which version, from which source."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from flux.model.finding import Observation
from flux.model.interface import Syntax
from flux.rules import br_fr, chorus, cpro, en16931, extended, facturx
from flux.rules.rule import BOTH, CII, AnyRule, Matter
from flux.rules.walk import Stop, plan


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """A set of rules as one syntax binds it. `source` says who publishes it."""

    name: str
    version: str
    source: str
    syntax: Syntax
    rules: tuple[AnyRule, ...]
    walk: Stop

    def check(self, matter: Matter) -> tuple[Observation, ...]:
        """What the rules see in an invoice, in the order of the document."""
        seen: list[Observation] = []
        self.walk.visit(matter.invoice, matter, (), seen)
        return tuple(seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A version of a set of rules, for every syntax that it knows.

    `register_codes` are rules that need the register and are asked in its layer, `untestable` those that no machine can judge.
    """

    name: str
    version: str
    source: str
    rules: tuple[AnyRule, ...]
    syntaxes: frozenset[Syntax]
    register_codes: tuple[str, ...] = ()
    untestable: tuple[str, ...] = ()


PUBLICATIONS: Mapping[str, Publication] = {
    publication.name: publication
    for publication in (
        Publication(
            name="en16931",
            version=en16931.VERSION,
            source=en16931.SOURCE,
            rules=en16931.RULES,
            syntaxes=BOTH,
        ),
        Publication(
            name="extended-ctc-fr",
            version=extended.VERSION,
            source=extended.SOURCE,
            rules=extended.RULES,
            syntaxes=BOTH,
        ),
        Publication(
            name="br-fr",
            version=br_fr.VERSION,
            source=br_fr.SOURCE,
            rules=br_fr.RULES,
            syntaxes=BOTH,
            untestable=br_fr.UNTESTABLE,
        ),
        Publication(
            name="br-fr-cpro",
            version=cpro.VERSION,
            source=cpro.SOURCE,
            rules=cpro.RULES,
            syntaxes=BOTH,
            register_codes=cpro.REGISTER_CODES,
        ),
        Publication(
            name="chorus",
            version=chorus.VERSION,
            source=chorus.SOURCE,
            rules=chorus.RULES,
            syntaxes=frozenset(Syntax),
        ),
        *(
            Publication(
                name=profile,
                version=facturx.VERSION,
                source=facturx.SOURCE,
                rules=rules,
                syntaxes=CII,
            )
            for profile, rules in facturx.RULES.items()
        ),
    )
}


@cache
def rule_set(name: str, syntax: Syntax) -> RuleSet:
    """A set of rules by its name. Raises KeyError for a name that is none."""
    publication = PUBLICATIONS[name]
    rules = tuple(rule for rule in publication.rules if syntax in rule.syntaxes)
    return RuleSet(
        name=name,
        version=publication.version,
        source=publication.source,
        syntax=syntax,
        rules=rules,
        walk=plan(rules, syntax),
    )
