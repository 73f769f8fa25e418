"""An installation's own word on how much a rule weighs: with a reason, and until a day.

What is overridden keeps saying so: the finding bears the reason and the day. A rule that is switched off still informs
operators. Technical faults, of bytes and schema, are no rules and cannot be overridden.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from flux.model.finding import Audience, Finding, Severity

REASON, UNTIL = "override_reason", "override_until"


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What a rule weighs here until the end of a day; `partner` is the name of the only one it holds for, empty for all."""

    rule: str
    severity: Severity
    reason: str
    until: date
    partner: str = ""

    def holds(self, day: date, partner: str) -> bool:
        """True where it counts for a flow of that partner on that day."""
        return day <= self.until and self.partner in ("", partner)

    def apply(self, finding: Finding) -> Finding:
        """The finding as it weighs here, marked; what is off is left to operators as an information."""
        marks = ((REASON, self.reason), (UNTIL, self.until.isoformat()))
        marked = replace(finding, severity=self.severity, facts=(*finding.facts, *marks))
        if self.severity is not Severity.OFF:
            return marked
        return replace(marked, severity=Severity.INFO, audience=(Audience.OPERATORS,))


InForce = Mapping[str, Override]
NONE_IN_FORCE: InForce = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """All that an installation overrides."""

    entries: tuple[Override, ...] = ()

    def in_force(self, day: date, partner: str) -> InForce:
        """The overrides that count for a flow of that partner on that day, by rule; the partner's own wins."""
        if not self.entries:
            return NONE_IN_FORCE
        held = sorted((each for each in self.entries if each.holds(day, partner)), key=lambda each: each.partner)
        return {each.rule: each for each in held}

    def ended(self, day: date) -> tuple[Override, ...]:
        """Those that no longer hold on that day."""
        return tuple(each for each in self.entries if each.until < day)


NO_OVERRIDES = Overrides()


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideMark:
    """What a finding says of the override that it was weighed by: why, and the last day."""

    reason: str
    until: str


def mark_of(finding: Finding) -> OverrideMark | None:
    """The mark of an overridden finding, None for any other."""
    facts = dict(finding.facts)
    return OverrideMark(reason=facts[REASON], until=facts[UNTIL]) if REASON in facts and UNTIL in facts else None
