"""A wrong key gives way to a register that knows the identifier."""

from dataclasses import replace

import pytest

from flux.model.register import Establishment, RegisterSource
from flux.model.term import Term
from flux.rules.identity import check_identity
from tests.fakes.register import FakeRegister, source
from tests.unit.rules.register_cases import ENTITY, SUPPLIER, context, invoice, party, siret_id

WRONG_KEY = "73282932000075"
# Both keys are wrong, that of the SIRET and that of the SIREN in it.
WRONG_KEYS = "12345678900001"
KNOWN = replace(SUPPLIER, id=siret_id(WRONG_KEY))


def codes_of(register: FakeRegister, siret: str = WRONG_KEY, *others: Term, buyer: str = "11000201100044") -> list[str]:
    subject = invoice(seller=party(Term(siret, "0009"), *others), buyer=buyer)
    return [seen.code for seen in check_identity(subject, context(register, subject))]


def test_a_wrong_key_refuses_where_the_register_does_not_know_the_siret() -> None:
    assert codes_of(FakeRegister.of(SUPPLIER)) == ["SIRET_CHECKSUM"]


def test_a_wrong_key_only_informs_where_a_sheet_knows_the_siret() -> None:
    assert codes_of(FakeRegister.of(KNOWN)) == ["SIRET_CHECKSUM_KNOWN"]


def test_sirene_knows_as_well() -> None:
    assert codes_of(FakeRegister.of(Establishment(siret=WRONG_KEY))) == ["SIRET_CHECKSUM_KNOWN"]


def test_a_stale_sheet_still_knows_what_exists() -> None:
    stale = (source(RegisterSource.SUPPLIERS, is_stale=True),)
    assert codes_of(FakeRegister.of(KNOWN, states=stale)) == ["SIRET_CHECKSUM_KNOWN"]


def test_a_register_of_nothing_knows_nothing() -> None:
    assert codes_of(FakeRegister.of(KNOWN, states=())) == ["SIRET_CHECKSUM"]


def test_the_siren_of_a_known_siret_is_known() -> None:
    register = FakeRegister.of(replace(SUPPLIER, id=siret_id(WRONG_KEYS)))
    siren = Term(WRONG_KEYS[:9], "0002")
    assert codes_of(register, WRONG_KEYS, siren) == ["SIRET_CHECKSUM_KNOWN", "SIREN_CHECKSUM_KNOWN"]
    assert codes_of(FakeRegister.of(), WRONG_KEYS, siren) == ["SIRET_CHECKSUM", "SIREN_CHECKSUM"]


def test_a_recipient_of_the_directory_may_have_a_wrong_key() -> None:
    entity = replace(ENTITY, id=siret_id("00000000000727"))
    assert codes_of(FakeRegister.of(SUPPLIER, entity), "73282932000074", buyer="00000000000727") == [
        "SIRET_CHECKSUM_KNOWN"
    ]


@pytest.mark.parametrize("text", ["7328293200007", "00000000000000"])
def test_form_and_zeros_never_give_way(text: str) -> None:
    register = FakeRegister.of(replace(SUPPLIER, id=siret_id(text)))
    assert not any(code.endswith("_KNOWN") for code in codes_of(register, text))
