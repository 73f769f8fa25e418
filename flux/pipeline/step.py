"""What one step of the treatment says of an invoice, and the layers that stand for it.

A layer, and the step of one that found nothing, are values that millions of invoices share: each is made once.
"""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from flux.model.finding import Finding, LayerName
from flux.model.override import mark_of
from flux.model.verdict import Layer, LayerStatus, NotRunReason


class Step(NamedTuple):
    """What one step of the treatment says: the layers it stands for, and what it found."""

    layers: tuple[Layer, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def refuses(self) -> bool:
        """True where a finding is fatal: what comes after need not run."""
        return any(finding.is_fatal for finding in self.findings)


def join(steps: Sequence[Step]) -> Step:
    """Several steps as one."""
    return Step(
        tuple(layer for step in steps for layer in step.layers),
        tuple(finding for step in steps for finding in step.findings),
    )


def tell_once(step: Step, official: Sequence[Finding]) -> Step:
    """The step without what an official rule says of the same fault: a finding under its id, or with its id as detail.

    One that refuses gives way only to one that refuses, or that the installation weighs otherwise.
    """
    if not step.findings or not official:
        return step
    told = {each.code for each in official}
    deciding = {each.code for each in official if each.is_fatal or mark_of(each) is not None}
    kept = (each for each in step.findings if not {each.code, each.detail} & (deciding if each.is_fatal else told))
    return step._replace(findings=tuple(kept))


# The step of a rule set that does not apply.
NOTHING = Step(())


@cache
def layer_of(
    name: LayerName, ruleset: str, version: str, status: LayerStatus, reason: NotRunReason | None = None
) -> Layer:
    """A layer; one value serves every invoice that it is true of."""
    return Layer(name=name, ruleset=ruleset, version=version, status=status, reason=reason)


@cache
def share(layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """One value for all the invoices that met the same layers: what is shared is written and sent once."""
    return layers


@cache
def passed(name: LayerName, ruleset: str, version: str) -> Step:
    """The step of a layer that found nothing."""
    return Step((layer_of(name, ruleset, version, LayerStatus.PASSED),))


def not_run(name: LayerName, reason: NotRunReason, ruleset: str = "", version: str = "") -> Step:
    """The step of a layer that did not run."""
    return Step((layer_of(name, ruleset, version, LayerStatus.NOT_RUN, reason),))
