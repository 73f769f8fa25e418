"""The one line that says everything about a flow once it is over."""

from flux.ledger.queries import FlowTotals
from flux.model.settlement import Outcome

CODES_SHOWN = 10


def describe_flow(totals: FlowTotals) -> dict[str, str]:
    """The canonical facts of a flow, for its closing line in the log."""
    line, flow = totals.line, totals.line.flow
    codes = list(totals.fatal_codes.items())[:CODES_SHOWN]
    return {
        "flow": f"{flow.number:06d}",
        "partner": flow.partner,
        "name": flow.name,
        "sha256": flow.sha256,
        "bytes": str(flow.size_bytes),
        "verdict": line.verdict.value if line.verdict else "",
        "status": line.status.value if line.status else "",
        "accepted": str(totals.outcomes.get(Outcome.ACCEPTED, 0)),
        "rejected": str(totals.outcomes.get(Outcome.REJECTED, 0)),
        "not_taken": str(totals.outcomes.get(Outcome.NOT_TAKEN, 0)),
        "codes": " ".join(f"{code}:{count}" for code, count in codes),
        "outputs": str(totals.outputs),
        "seconds": f"{(totals.last_event_at - flow.received_at).total_seconds():.3f}",
    }
