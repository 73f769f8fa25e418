"""The members of a flow once it is open: what their envelopes make of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from flux.intake.unpack import MemberRef
from flux.model.finding import Finding, Observation

Weigh = Callable[[Sequence[Observation]], Iterator[Finding]]


def weigh_members(members: Iterable[MemberRef], weigh: Weigh) -> tuple[tuple[MemberRef, ...], tuple[Finding, ...]]:
    """The members as they are to be judged, and what was found that concerns the flow.

    The envelope of a document that is the whole flow concerns the flow: its invoices are judged all the same, so that
    every fault is told at once. In an archive, a member of which the opening saw a fatal fault is refused as a whole.
    """
    kept: list[MemberRef] = []
    concerning_flow: list[Finding] = []
    for member in members:
        findings = tuple(weigh(member.observations)) if member.observations else ()
        is_whole_flow = member.units is not None and not member.archived
        if any(finding.is_fatal for finding in findings) and not is_whole_flow:
            kept.append(replace(member, units=None))
        else:
            kept.append(replace(member, observations=()) if member.observations else member)
            concerning_flow.extend(findings)
    return tuple(kept), tuple(concerning_flow)


def count_invoices(members: Iterable[MemberRef]) -> int:
    """How many invoices the members seem to hold."""
    return sum(member.invoice_count for member in members)
