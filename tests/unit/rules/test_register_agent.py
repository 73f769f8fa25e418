"""The seller's agent against the sheets, where an invoice waits for its word."""

from dataclasses import replace

import pytest

from flux.model.codes import CODES
from flux.model.finding import Audience
from flux.model.interface import Family
from flux.model.invoice import Invoice, Party
from flux.model.register import RegisterSource
from flux.model.term import Term
from tests.fakes.register import FakeRegister
from tests.unit.rules.register_cases import SUPPLIER, ask, codes, invoice, siret_id

AGENT = "35600000000048"
SHEET = replace(SUPPLIER, id=siret_id(AGENT))
SUPPLIERS = RegisterSource.SUPPLIERS


def waiting(cadre: str = "S3", siret: str = AGENT) -> Invoice:
    agent = Party(identifiers=(Term(siret, "0009"),))
    return replace(invoice(), cadre=(Term(cadre),), seller_agents=(agent,))


@pytest.mark.parametrize("cadre", ["S3", "S6"])
def test_an_agent_that_the_sheets_know_is_not_told(cadre: str) -> None:
    assert codes(SUPPLIERS, FakeRegister.of(SUPPLIER, SHEET), waiting(cadre)) == []


@pytest.mark.parametrize("cadre", ["S3", "S6"])
def test_an_agent_that_they_do_not_know_is_told(cadre: str) -> None:
    (seen,) = ask(SUPPLIERS, FakeRegister.of(SUPPLIER), waiting(cadre))
    assert (seen.code, seen.found, seen.place) == ("BR-FR-CPRO-22", AGENT, ("seller_agents", 0))


@pytest.mark.parametrize(
    ("subject", "family"),
    [
        (waiting("S1"), Family.AFNOR),  # nobody waits for it
        (waiting(siret="0123"), Family.AFNOR),  # BR-FR-CPRO-21 and BR-FR-09 say what is wrong
        (replace(waiting(), seller_agents=()), Family.AFNOR),
        (waiting(), Family.LEGACY),
    ],
)
def test_it_is_asked_of_a_waiting_invoice_of_the_reform_only(subject: Invoice, family: Family) -> None:
    assert codes(SUPPLIERS, FakeRegister.of(SUPPLIER), subject, family) == []


def test_the_sender_does_not_learn_which_structures_the_sheets_hold() -> None:
    assert Audience.SENDER not in CODES["BR-FR-CPRO-22"].audience
