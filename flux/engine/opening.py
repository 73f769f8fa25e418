"""The members of a flow once it is open: what their envelopes make of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from flux.intake.unpack import MemberRef
from flux.model.finding import Finding, Observation

Weigh = Callable[[Sequence[Observation]], Iterator[Finding]]


def weigh_members(members: Iterable[MemberRef], weigh: Weigh) -> tuple[tuple[MemberRef, ...], tuple[Finding, ...]]:
    """The members as they are to be judged, and the remarks on their envelopes, which concern the flow.

    A member whose opening found a fatal fault is refused once, as a whole: its invoices are not judged.
    """
    kept: list[MemberRef] = []
    remarks: list[Finding] = []
    for member in members:
        findings = tuple(weigh(member.observations)) if member.observations else ()
        if any(finding.is_fatal for finding in findings):
            kept.append(replace(member, units=None))
        else:
            kept.append(replace(member, observations=()) if member.observations else member)
            remarks.extend(findings)
    return tuple(kept), tuple(remarks)


def count_invoices(members: Iterable[MemberRef]) -> int:
    """How many invoices the members seem to hold."""
    return sum(member.invoice_count for member in members)
