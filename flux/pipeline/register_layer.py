"""The register layer: who may send for whom, then what each source of the register says of the parties of an invoice."""

from collections.abc import Iterator
from datetime import date

from flux.model.finding import LayerName, Observation
from flux.model.interface import Family
from flux.model.invoice import Invoice
from flux.model.ports import Register
from flux.model.register import RegisterSource, SourceState
from flux.model.verdict import NotRunReason
from flux.pipeline.consultation import Consultation, consult
from flux.pipeline.scales import Scales
from flux.pipeline.step import Step, not_run
from flux.pipeline.subject import Held
from flux.rules import register_sender
from flux.rules.context import RuleContext
from flux.rules.register import SUBJECTS, SUPPLIER_TERMS, check_source

_ABSENT = not_run(LayerName.REGISTER, NotRunReason.REGISTER_ABSENT)


class RegisterLayer:
    """The checks of a register; `register` is None where the installation has none."""

    def __init__(self, register: Register | None, scales: Scales) -> None:
        self._register = register
        self._scales = scales

    def consult(self, invoice: Invoice, today: date) -> Consultation | None:
        """What the register knows of the parties, None where there is no register."""
        return consult(self._register, invoice, today) if self._register is not None else None

    def run(self, held: Held, context: RuleContext, consulted: Consultation | None, identities: Step) -> Iterator[Step]:
        """Who may send for whom, then what each source says; of whom identity or that refused nothing more is asked."""
        refused = frozenset(finding.term for finding in identities.findings if finding.is_fatal and finding.term)
        if context.sender_sirets:
            sender = self._check_sender(held, context)
            refused |= SUPPLIER_TERMS if sender.refuses else frozenset()
            yield sender
        if consulted is None:
            yield _ABSENT
        elif context.register is None:
            yield self._tell_failure(consulted.failure, context.family)
        elif not context.register.sources:  # nothing was ever imported
            yield _ABSENT
        else:
            for source in RegisterSource:
                state = context.register.source(source)
                if state is None:
                    yield not_run(LayerName.REGISTER, NotRunReason.REGISTER_ABSENT, source.value)
                elif state.is_stale:
                    yield not_run(LayerName.REGISTER, NotRunReason.REGISTER_STALE, source.value, state.version)
                elif refused & SUBJECTS[source]:
                    yield not_run(LayerName.REGISTER, NotRunReason.EARLIER_LAYER_FAILED, source.value, state.version)
                else:
                    yield self._check_source(state, held, context)

    def _check_sender(self, held: Held, context: RuleContext) -> Step:
        observations = tuple(register_sender.check(held.invoice, context))
        return self._scales.check(
            LayerName.REGISTER, register_sender.RULESET, register_sender.VERSION, observations, held
        )

    def _check_source(self, state: SourceState, held: Held, context: RuleContext) -> Step:
        observations = check_source(state.source, held.invoice, context)
        return self._scales.check(LayerName.REGISTER, state.source.value, state.version, observations, held)

    def _tell_failure(self, failure: str, family: Family) -> Step:
        """A register that cannot be read is told to operators: it says nothing of the invoice."""
        observations = (Observation(code="ENGINE_FAILED", detail=failure),)
        findings = tuple(self._scales.weigh(observations, family, LayerName.REGISTER, ""))
        return Step(not_run(LayerName.REGISTER, NotRunReason.ENGINE_FAILED).layers, findings)

    def skip(self) -> tuple[Step, ...]:
        """The layer where an earlier one refused."""
        if self._register is None:
            return (_ABSENT,)
        return (not_run(LayerName.REGISTER, NotRunReason.EARLIER_LAYER_FAILED),)
