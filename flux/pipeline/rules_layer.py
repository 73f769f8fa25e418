"""The rules layer: the official rule sets that an invoice asks for, one after the other."""

from collections.abc import Iterator

from flux.formats.ubl import is_credit_note
from flux.model.finding import LayerName, Observation
from flux.model.verdict import NotRunReason
from flux.pipeline.scales import Scales
from flux.pipeline.settings import JudgeSettings
from flux.pipeline.step import Step, not_run
from flux.pipeline.subject import Held
from flux.rules.context import RuleContext
from flux.rules.rule import Matter
from flux.rules.selection import choose
from flux.rules.sets import RuleSet

_NOT_REQUESTED = not_run(LayerName.RULES, NotRunReason.NOT_REQUESTED)
_NO_SET = not_run(LayerName.RULES, NotRunReason.NOT_AVAILABLE)
_SKIPPED = not_run(LayerName.RULES, NotRunReason.EARLIER_LAYER_FAILED)


class RulesLayer:
    """Runs the rule sets of an invoice, where the installation asks for rules."""

    def __init__(self, settings: JudgeSettings, scales: Scales) -> None:
        self._is_requested = LayerName.RULES in settings.layers
        self._scales = scales

    def run(self, held: Held, context: RuleContext) -> tuple[Step, ...]:
        """One step for each rule set that applies."""
        if not self._is_requested:
            return (_NOT_REQUESTED,)
        syntax = held.document.format.syntax
        sets = choose(held.profile, held.family, syntax)
        matter = Matter(held.invoice, syntax, context, is_credit_note=is_credit_note(held.document.root))
        return tuple(self._check(rules, matter, held) for rules in sets) or (_NO_SET,)

    def _check(self, rules: RuleSet, matter: Matter, held: Held) -> Step:
        observations = (*_judge(rules, matter, held),)
        return self._scales.check(LayerName.RULES, rules.name, rules.version, observations, held)

    def skip(self) -> tuple[Step, ...]:
        """The layer where an earlier one refused."""
        return (_SKIPPED if self._is_requested else _NOT_REQUESTED,)


def _judge(rules: RuleSet, matter: Matter, held: Held) -> Iterator[Observation]:
    yield from rules.check(matter)
    yield from held.document.format.bound_rules(held.holder, rules.name, held.invoice)
