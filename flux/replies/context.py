"""All that a reply is made of: who we are, who reads it, what became of the flow, when, and the name it bears."""

from dataclasses import dataclass, field
from datetime import datetime

from flux.model.excerpt import Excerpts
from flux.model.flow import FlowName
from flux.model.interface import Family
from flux.model.partner import Gateway, Partner
from flux.model.settlement import FlowCase, InvoiceId, Outcome
from flux.model.verdict import Judgment
from flux.replies.family import reply_family


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyContext:
    """What every reply builder takes.

    `partner` reads the reply. `case` is the flow after its settlement. `moment` is when the reply is built, with its zone.
    `name` is that of the file put out; `invoices` are those that it carries, where the plan says so.
    `excerpts` are the lines around the faults, as far as they were looked for.
    """

    gateway: Gateway
    partner: Partner
    case: FlowCase
    moment: datetime
    name: str
    invoices: tuple[InvoiceId, ...] = ()
    excerpts: Excerpts = field(default_factory=dict)

    @property
    def identifier(self) -> str:
        """The 25-character id of a strict name, else the name itself."""
        return flow_id_of(self.name)

    @property
    def received_identifier(self) -> str:
        """The id of the flow that we answer: 25 characters of a strict name, else the name as received."""
        return flow_id_of(self.case.flow.name)

    @property
    def family(self) -> Family:
        """The family in which the flow is answered."""
        return reply_family(self.case, self.partner)

    def outcome_of(self, judgment: Judgment) -> Outcome:
        """What became of one invoice of the flow."""
        return self.case.outcomes[judgment.ordinal, judgment.unit]

    def judgments_with(self, outcome: Outcome) -> tuple[Judgment, ...]:
        """The invoices that met this outcome, in the order of the archive."""
        return tuple(each for each in self.case.judgments if self.outcome_of(each) is outcome)


def flow_id_of(name: str) -> str:
    """The 25-character id of a strict name, else the name itself."""
    parsed = FlowName.parse(name)
    return parsed.flow_id if parsed is not None else name
