"""The rules layer: the official rule sets that an invoice asks for, one after the other."""

from collections.abc import Iterator

from lxml import etree

from flux.formats.ubl import is_credit_note
from flux.model.finding import LayerName, Observation
from flux.model.verdict import NotRunReason
from flux.pipeline.scales import Scales
from flux.pipeline.second_opinion import SecondOpinion, weigh
from flux.pipeline.settings import JudgeSettings
from flux.pipeline.step import Step, not_run
from flux.pipeline.subject import Held
from flux.rules.context import RuleContext
from flux.rules.identity import bound
from flux.rules.rule import Matter
from flux.rules.selection import RULESET, VERSION, Question, choose
from flux.rules.sets import PUBLICATIONS, RuleSet, rule_set

# A rule that fires n times gives n findings, up to this: a document may repeat one fault a million times.
TOLD_PER_RULE = 1000

_NOT_REQUESTED = not_run(LayerName.RULES, NotRunReason.NOT_REQUESTED)
_SKIPPED = not_run(LayerName.RULES, NotRunReason.EARLIER_LAYER_FAILED)


class RulesLayer:
    """Runs the rule sets of an invoice, where the installation asks for rules."""

    def __init__(self, settings: JudgeSettings, scales: Scales, second: SecondOpinion | None = None) -> None:
        """`second` is another engine for the same rules, None where the installation has none."""
        self._second = second
        self._is_requested = LayerName.RULES in settings.layers
        self._scales = scales

    def run(self, held: Held, context: RuleContext) -> tuple[Step, ...]:
        """One step for each rule set that applies; one that is not there is said not to have run."""
        if not self._is_requested:
            return (_NOT_REQUESTED,)
        syntax = held.document.format.syntax
        choice = choose(
            Question(
                invoice=held.invoice,
                profile=held.profile,
                family=held.family,
                syntax=syntax,
                interface=held.deposit.interface,
                register=context.register,
            )
        )
        if choice.observations:
            return (self._scales.check(LayerName.RULES, RULESET, VERSION, choice.observations, held),)
        matter = Matter(held.invoice, syntax, context, is_credit_note=is_credit_note(held.document.root))
        return tuple(self._run_set(name, matter, held) for name in choice.sets)

    def _run_set(self, name: str, matter: Matter, held: Held) -> Step:
        publication = PUBLICATIONS.get(name)
        if publication is None or matter.syntax not in publication.syntaxes:
            return not_run(LayerName.RULES, NotRunReason.NOT_AVAILABLE, name)
        rules = rule_set(name, matter.syntax)
        observations = bound((*_judge(rules, matter, held),), TOLD_PER_RULE)
        if self._second is None:
            return self._scales.check(LayerName.RULES, rules.name, rules.version, observations, held)
        return self._compare(self._second, rules, observations, held)

    def _compare(self, second: SecondOpinion, rules: RuleSet, ours: tuple[Observation, ...], held: Held) -> Step:
        opinion = second.ask(etree.tostring(held.document.root, encoding="UTF-8"), rules.name, rules.syntax)
        if opinion is None:
            return self._scales.check(LayerName.RULES, rules.name, rules.version, ours, held)
        weighed = weigh(ours, opinion, second.decider)
        step = self._scales.check(LayerName.RULES, rules.name, rules.version, weighed.observations, held)
        if weighed.is_judged:
            return step
        failed = not_run(LayerName.RULES, NotRunReason.ENGINE_FAILED, rules.name, rules.version)
        return Step(failed.layers, step.findings)

    def skip(self) -> tuple[Step, ...]:
        """The layer where an earlier one refused."""
        return (_SKIPPED if self._is_requested else _NOT_REQUESTED,)


def _judge(rules: RuleSet, matter: Matter, held: Held) -> Iterator[Observation]:
    yield from rules.check(matter)
    yield from held.document.format.bound_rules(held.holder, rules.name, held.invoice)
