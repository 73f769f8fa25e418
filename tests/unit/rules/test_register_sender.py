"""Whether a sender may deposit for the supplier of an invoice."""

import pytest

from flux.model.finding import Observation
from flux.model.invoice import Party
from flux.model.partner import Language
from flux.model.term import Term
from flux.model.words import describe, words_of
from flux.rules import register_sender
from tests.fakes.register import FakeRegister
from tests.unit.rules.register_cases import SUPPLIER_SIRET, context, invoice, party

OTHER_SIRET = "35600000000048"


def seen_of(seller: Party, *sirets: str) -> tuple[Observation, ...]:
    subject = invoice(seller=seller)
    known = context(FakeRegister.of(), subject, sender_sirets=frozenset(sirets))
    return tuple(register_sender.check(subject, known))


@pytest.mark.parametrize(
    ("seller", "sirets", "is_entitled"),
    [
        (party(Term(SUPPLIER_SIRET, "0009")), (), True),  # any
        (party(Term(SUPPLIER_SIRET, "0009")), (SUPPLIER_SIRET,), True),
        (party(Term(SUPPLIER_SIRET)), (OTHER_SIRET, SUPPLIER_SIRET), True),
        (party(Term("732 829 320 00074", "1")), (SUPPLIER_SIRET,), True),  # its form is judged elsewhere
        (party(Term(SUPPLIER_SIRET, "0009")), (OTHER_SIRET,), False),
        # another supplier hidden behind one's own
        (party(Term(SUPPLIER_SIRET, "0009"), Term(OTHER_SIRET, "0009")), (SUPPLIER_SIRET,), False),
        (party(Term("732829320", "0002")), (SUPPLIER_SIRET,), False),
        (party(), (SUPPLIER_SIRET,), False),
    ],
)
def test_a_limited_sender_deposits_for_its_own_suppliers_only(
    seller: Party, sirets: tuple[str, ...], *, is_entitled: bool
) -> None:
    assert [seen.code for seen in seen_of(seller, *sirets)] == ([] if is_entitled else ["SENDER_NOT_ENTITLED"])


@pytest.mark.parametrize("language", Language)
def test_the_answer_is_neutral(language: Language) -> None:
    (seen,) = seen_of(party(Term(SUPPLIER_SIRET, "0009")), OTHER_SIRET)
    said = describe(seen, language)
    assert OTHER_SIRET not in said.title + said.message + said.fix + said.expected
    words = words_of("SENDER_NOT_ENTITLED", language)
    assert "{" not in words.title + words.message + words.fix + words.expected
