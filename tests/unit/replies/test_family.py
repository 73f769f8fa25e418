"""In which family a flow is answered."""

from dataclasses import replace

import pytest

from flux.model.interface import Family
from flux.model.partner import Naming, Partner, PartnerRole, ReplyFamily
from flux.model.settlement import Outcome
from flux.model.verdict import Judgment
from flux.replies.family import reply_family, state_outcome
from tests.unit.replies.cases import FLOW, SENDER, fatal, judged, settled
from tests.unit.replies.cdar_flows import AFNOR_FLOW, DUPONT, FREE_FLOW, G2B_FLOW, PLATFORM, TOWN, read

FREE = replace(DUPONT, replies=ReplyFamily.AUTO)
UNREAD = replace(read(1, fatal("XML_SYNTAX")), summary=None)


@pytest.mark.parametrize(
    ("name", "partner", "family"),
    [
        (FLOW.name, SENDER, Family.LEGACY),
        (AFNOR_FLOW.name, PLATFORM, Family.AFNOR),
        (G2B_FLOW.name, TOWN, Family.AFNOR),
        # The name wins over the main interface, what the table states over both.
        (AFNOR_FLOW.name, SENDER, Family.AFNOR),
        (AFNOR_FLOW.name, replace(PLATFORM, replies=ReplyFamily.CPP), Family.LEGACY),
        (FREE_FLOW.name, DUPONT, Family.AFNOR),
        # A name that tells nothing: the main interface.
        ("factures.xml", SENDER, Family.LEGACY),
        ("factures.xml", PLATFORM, Family.AFNOR),
        (FREE_FLOW.name, replace(FREE, interfaces=("FSO1150A", "FSO1100A")), Family.AFNOR),
    ],
)
def test_a_flow_is_answered_as_the_table_or_the_interface_says(name: str, partner: Partner, family: Family) -> None:
    case = settled(judged(0), flow=replace(FLOW, name=name))

    assert reply_family(case, partner) is family


@pytest.mark.parametrize(
    ("judgments", "family"),
    [
        ((judged(0), judged(1)), Family.LEGACY),
        ((read(0), read(1)), Family.AFNOR),
        ((judged(0), UNREAD), Family.LEGACY),  # a file that cannot be read says nothing of the others
        ((judged(0), read(1)), Family.AFNOR),  # its messages refuse any invoice
        ((read(0), UNREAD), Family.AFNOR),
        ((UNREAD,), Family.LEGACY),
        ((), Family.LEGACY),  # a name that is refused, as of an entity that sends no invoices
    ],
)
def test_a_free_name_of_a_partner_without_interface_is_answered_as_its_invoices_are_judged(
    judgments: tuple[Judgment, ...], family: Family
) -> None:
    assert reply_family(settled(*judgments, flow=FREE_FLOW), FREE) is family


@pytest.mark.parametrize(
    ("partner", "name", "status"),
    [
        (PLATFORM, AFNOR_FLOW.name, "202"),
        (PLATFORM, "factures.xml", "202"),
        (TOWN, G2B_FLOW.name, "200"),
        (TOWN, "factures.xml", "200"),  # its main interface is one of issuers
        (DUPONT, FREE_FLOW.name, "200"),
        (replace(DUPONT, role=PartnerRole.ENTITY), FREE_FLOW.name, "202"),
        (replace(PLATFORM, naming=Naming.FREE, role=PartnerRole.ENTITY), FREE_FLOW.name, "202"),
    ],
)
def test_an_accepted_invoice_is_deposited_by_its_issuer_and_received_from_anybody_else(
    partner: Partner, name: str, status: str
) -> None:
    assert state_outcome(Outcome.ACCEPTED, name, partner) == status


@pytest.mark.parametrize("partner", [PLATFORM, TOWN, DUPONT])
def test_a_rejected_invoice_is_rejected_towards_anybody(partner: Partner) -> None:
    assert state_outcome(Outcome.REJECTED, AFNOR_FLOW.name, partner) == "213"
