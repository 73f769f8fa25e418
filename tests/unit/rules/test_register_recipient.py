"""The recipient against the directory, and what it demands of an invoice."""

from dataclasses import replace
from datetime import date

import pytest

from flux.model.interface import Family
from flux.model.invoice import Contact, Invoice
from flux.model.register import Establishment, RegisterSource, Structure, Validity
from flux.model.term import Term
from tests.fakes.register import FakeRegister
from tests.unit.rules.register_cases import (
    ALWAYS,
    DEMANDS_EITHER,
    DEMANDS_ENGAGEMENT,
    DEMANDS_SERVICE,
    ENTITY,
    ENTITY_SIRET,
    SINCE_YESTERDAY,
    SUCCESSOR,
    UNTIL_SUMMER,
    UNTIL_YESTERDAY,
    ask,
    codes,
    invoice,
)

DIRECTORY = RegisterSource.DIRECTORY


def found_of(entity: Structure | None, subject: Invoice, family: Family = Family.AFNOR) -> list[str]:
    return codes(DIRECTORY, FakeRegister.of(*((entity,) if entity else ())), subject, family)


@pytest.mark.parametrize("family", Family)
def test_a_public_entity_that_is_open_gives_nothing(family: Family) -> None:
    assert found_of(ENTITY, invoice(), family) == []


def test_who_is_not_in_the_directory_is_unknown_and_tells_its_place() -> None:
    (seen,) = ask(DIRECTORY, FakeRegister.of(), invoice())
    assert (seen.code, seen.term, seen.place) == ("RECIPIENT_UNKNOWN", "BT-46", ("buyers", 0, "identifiers", 0))
    assert seen.found == ENTITY_SIRET


def test_sirene_explains_an_unknown_recipient() -> None:
    gone = Establishment(siret=ENTITY_SIRET, closed_on=date(2026, 1, 1), successor=SUCCESSOR)
    (seen,) = ask(DIRECTORY, FakeRegister.of(gone), invoice())
    assert dict(seen.facts) == {"closed_on": "2026-01-01", "successor": SUCCESSOR}


def test_a_firm_is_no_public_recipient() -> None:
    assert found_of(replace(ENTITY, is_public=False), invoice()) == ["RECIPIENT_NOT_PUBLIC"]


@pytest.mark.parametrize(
    ("active", "found"),
    [
        (ALWAYS, []),
        (UNTIL_SUMMER, ["RECIPIENT_CLOSED"]),
        (UNTIL_YESTERDAY, ["RECIPIENT_CLOSED_SINCE"]),
        (SINCE_YESTERDAY, []),
        ((), ["RECIPIENT_CLOSED"]),
    ],
)
def test_a_closed_entity_receives_nothing(active: tuple[Validity, ...], found: list[str]) -> None:
    assert found_of(replace(ENTITY, active=active), invoice()) == found


@pytest.mark.parametrize(
    ("entity", "service", "found"),
    [
        # demanded
        (DEMANDS_SERVICE, "D2250", []),
        (DEMANDS_SERVICE, "", ["SERVICE_MISSING"]),
        (DEMANDS_SERVICE, "d2250", ["SERVICE_UNKNOWN"]),  # case matters
        (DEMANDS_SERVICE, "OLD", ["SERVICE_CLOSED"]),
        (DEMANDS_SERVICE, "GONE", []),  # open at the date of the invoice
        # not demanded
        (ENTITY, "D2250", []),
        (ENTITY, "", []),
        (ENTITY, "NOWHERE", ["SERVICE_UNLISTED"]),
        (ENTITY, "OLD", ["SERVICE_UNLISTED"]),
    ],
)
def test_a_service_that_is_demanded_must_be_there_known_and_open(
    entity: Structure, service: str, found: list[str]
) -> None:
    assert found_of(entity, invoice(service=service), Family.LEGACY) == found


@pytest.mark.parametrize(
    ("entity", "service", "engagement", "contract", "found"),
    [
        (DEMANDS_ENGAGEMENT, "D2250", "1400012345", "", []),
        (DEMANDS_ENGAGEMENT, "D2250", "", "2024M017", []),  # the number of an executable contract stands in for it
        (DEMANDS_ENGAGEMENT, "D2250", "", "", ["ENGAGEMENT_MISSING"]),
        (DEMANDS_ENGAGEMENT, "D2250", "anything at all", "", []),  # its truth is never judged
        # a service may demand it by itself
        (ENTITY, "STRICT", "", "", ["ENGAGEMENT_MISSING"]),
        (ENTITY, "STRICT", "1400012345", "", []),
        (ENTITY, "D2250", "", "", []),
        # either
        (DEMANDS_EITHER, "D2250", "", "", []),
        (DEMANDS_EITHER, "", "1400012345", "", []),
        (DEMANDS_EITHER, "", "", "", ["SERVICE_OR_ENGAGEMENT_MISSING"]),
    ],
)
def test_an_engagement_that_is_demanded_must_be_there(
    entity: Structure, service: str, engagement: str, contract: str, found: list[str]
) -> None:
    subject = invoice(service=service, engagement=engagement, contract=contract)
    assert found_of(entity, subject, Family.LEGACY) == found


@pytest.mark.parametrize(
    ("entity", "service", "official", "ours"),
    [
        (DEMANDS_SERVICE, "", "BR-FR-CPRO-11", "SERVICE_MISSING"),
        (DEMANDS_SERVICE, "d2250", "BR-FR-CPRO-11", "SERVICE_UNKNOWN"),
        (DEMANDS_SERVICE, "OLD", "BR-FR-CPRO-11", "SERVICE_CLOSED"),
        (DEMANDS_ENGAGEMENT, "", "BR-FR-CPRO-12", "ENGAGEMENT_MISSING"),
        (DEMANDS_EITHER, "", "BR-FR-CPRO-13", "SERVICE_OR_ENGAGEMENT_MISSING"),
    ],
)
def test_in_the_reform_the_official_rule_makes_the_demand(
    entity: Structure, service: str, official: str, ours: str
) -> None:
    for family, told in ((Family.AFNOR, (official, ours)), (Family.LEGACY, (ours, None))):
        (seen,) = ask(DIRECTORY, FakeRegister.of(entity), invoice(service=service), family)
        assert (seen.code, seen.detail) == told


def test_a_demand_of_one_service_alone_is_in_no_official_rule() -> None:
    (seen,) = ask(DIRECTORY, FakeRegister.of(ENTITY), invoice(service="STRICT"))
    assert (seen.code, seen.detail) == ("ENGAGEMENT_MISSING", None)


@pytest.mark.parametrize("entity", [None, replace(ENTITY, is_public=False)])
@pytest.mark.parametrize(("cadre", "official"), [("S3", "BR-FR-CPRO-23"), ("S1", None)])
def test_a_request_for_payment_goes_to_public_entities_only(
    entity: Structure | None, cadre: str, official: str | None
) -> None:
    register = FakeRegister.of(*((entity,) if entity else ()))
    (seen,) = ask(DIRECTORY, register, replace(invoice(), cadre=(Term(cadre),)))
    assert (seen.code.startswith("RECIPIENT_"), seen.detail) == (True, official)


def test_an_invoice_without_the_siret_of_its_recipient_cannot_be_addressed() -> None:
    (seen,) = ask(DIRECTORY, FakeRegister.of(ENTITY), invoice(buyer=""))
    assert (seen.code, seen.detail) == ("BR-FR-CPRO-10", "RECIPIENT_UNIDENTIFIED")


def test_zeros_beside_an_executing_service_are_not_looked_up() -> None:
    register = FakeRegister.of()
    subject = replace(invoice(buyer="0" * 14), cadre=(Term("A1"),))
    assert codes(DIRECTORY, register, subject, Family.LEGACY) == []
    assert "0" * 14 not in {each.value for each in register.asked}


@pytest.mark.parametrize(
    ("changes", "term", "place"),
    [
        ({}, "BT-46", ("buyers", 0, "identifiers", 1)),
        ({"contact": True}, "BG-9", ("buyers", 0, "contacts", 0, "identifier", 0)),  # legacy UBL
        ({"reference": True}, "BT-10", ("buyer_reference", 0)),  # legacy CII
    ],
)
def test_a_wrong_service_is_shown_where_its_syntax_keeps_it(
    changes: dict[str, bool], term: str, place: tuple[str | int, ...]
) -> None:
    subject = invoice(service="" if changes else "NOWHERE")
    if "contact" in changes:
        buyer = replace(subject.buyer, contacts=(Contact(identifier=(Term("NOWHERE"),)),))
        subject = replace(subject, buyers=(buyer,))
    if "reference" in changes:
        subject = replace(subject, cadre=(Term("A1"),), buyer_reference=(Term("NOWHERE"),))
    (seen,) = ask(DIRECTORY, FakeRegister.of(DEMANDS_SERVICE), subject, Family.LEGACY)
    assert (seen.code, seen.term, seen.place) == ("SERVICE_UNKNOWN", term, place)
