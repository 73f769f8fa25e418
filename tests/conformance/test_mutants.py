"""Mutants can be made again: from their seed, and from the steps that are written down."""

from dataclasses import replace
from functools import cache

import pytest
from lxml import etree

from flux.model.interface import Syntax
from tests.official.draft import Draft, Step
from tests.official.mutants import Breeder
from tests.official.parity import Schema, Subject, breed, breeder
from tests.official.shrink import shrink

SYNTAXES = (Syntax.UBL, Syntax.CII)


@cache
def breeder_of(syntax: Syntax) -> Breeder:
    return breeder("en16931", syntax)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_the_same_seed_makes_the_same_documents(syntax: Syntax) -> None:
    first, again = ([*breed(breeder_of(syntax), 20, 1)] for _ in range(2))

    assert first == again
    assert [each.document for each in breed(breeder_of(syntax), 20, 2)] != [each.document for each in first]


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_the_steps_from_the_base_make_the_document_again(syntax: Syntax) -> None:
    for mutant in breed(breeder_of(syntax), 40, 3):
        assert mutant.base is not None
        assert Draft(mutant.base).do_all(mutant.steps).written() == mutant.document


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_the_schema_accepts_every_mutant_that_is_to_be_valid(syntax: Syntax) -> None:
    schema = Schema(syntax)

    assert all(schema.accepts(etree.fromstring(each.document)) for each in breed(breeder_of(syntax), 40, 4))


def test_each_single_change_is_made_once() -> None:
    of_one = replace(breeder_of(Syntax.CII), bases={"cii-S": breeder_of(Syntax.CII).bases["cii-S"]})
    changes = [mutant.steps for mutant in of_one.sweep()]

    assert len(changes) == len(set(changes))


def without_payee(document: bytes) -> bool:
    return b"PayeeParty" not in document


def test_a_disagreement_is_brought_down_to_the_steps_that_it_needs() -> None:
    base = breeder_of(Syntax.UBL).bases["ubl-S"].written()
    steps: tuple[Step, ...] = (
        ("text", "Invoice/ID", "2"),
        ("text", "Invoice/PayeeParty/PartyName/Name", "Autre"),
        ("drop", "Invoice/PayeeParty"),
        ("drop", "Invoice/Delivery"),
    )
    mutant = Subject(name="mutant", document=Draft(base).do_all(steps).written(), steps=steps, base=base)

    assert shrink(mutant, without_payee).steps == (("drop", "Invoice/PayeeParty"),)


def test_what_is_no_mutant_stays_as_it_is() -> None:
    found = Subject(name="found", document=b"<Invoice/>")

    assert shrink(found, without_payee) is found
