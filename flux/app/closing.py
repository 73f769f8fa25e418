"""The one line that says everything about a flow once it is over."""

from collections import Counter

from flux.ledger.queries import FlowHistory
from flux.model.settlement import Outcome


def describe_flow(history: FlowHistory) -> dict[str, str]:
    """The canonical facts of a flow, for its closing line in the log."""
    flow, case = history.line.flow, history.case
    outcomes = Counter(case.outcomes.values())
    codes = Counter(
        finding.code
        for finding in (*case.findings, *(each for judgment in case.judgments for each in judgment.findings))
        if finding.is_fatal
    )
    return {
        "flow": f"{flow.number:06d}",
        "partner": flow.partner,
        "name": flow.name,
        "sha256": flow.sha256,
        "bytes": str(flow.size_bytes),
        "verdict": history.line.verdict.value if history.line.verdict else "",
        "status": history.line.status.value if history.line.status else "",
        "accepted": str(outcomes[Outcome.ACCEPTED]),
        "rejected": str(outcomes[Outcome.REJECTED]),
        "not_taken": str(outcomes[Outcome.NOT_TAKEN]),
        "codes": " ".join(f"{code}:{count}" for code, count in codes.most_common(10)),
        "outputs": str(len(history.deliveries)),
        "seconds": f"{(history.events[-1].at - flow.received_at).total_seconds():.3f}",
    }
