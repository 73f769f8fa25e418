"""The rules of Chorus Pro for its own formats: what it accepts, and the one change that it does not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from lxml import etree

from flux.demo.pivot_samples import PivotSample, write_mixte, write_pivot
from flux.demo.samples import Sample, write_cii, write_ubl
from flux.formats.syntax import syntax_of
from flux.model.codes import CODES
from flux.model.finding import Observation, Severity
from flux.model.interface import Family, Syntax
from flux.model.invoice import Invoice, Line, Party, PaymentMeans, PrecedingInvoice, Totals
from flux.model.partner import Environment
from flux.model.term import Term
from flux.rules.context import RuleContext
from flux.rules.rule import Matter
from flux.rules.sets import PUBLICATIONS, rule_set
from tests.unit.legacy_documents import CII_MINIMAL, UBL_MINIMAL

TODAY = date(2026, 11, 23)
CONTEXT = RuleContext(family=Family.LEGACY, environment=Environment.PRODUCTION, today=TODAY)
UBL, CII, FACTURX, PIVOT, MIXTE = Syntax.UBL, Syntax.CII, Syntax.FACTURX, Syntax.PIVOT, Syntax.MIXTE
EVERY = frozenset(Syntax)
DOCUMENTS = {
    "ubl": write_ubl(Sample()),
    "cii": write_cii(Sample()),
    "ubl minimal": UBL_MINIMAL,
    "cii minimal": CII_MINIMAL,
    "credit note": write_ubl(Sample(type_code="381")),
    "pivot": write_pivot([PivotSample()]),
    "mixte": write_mixte([PivotSample()]),
}


def read(document: bytes) -> tuple[Invoice, Syntax]:
    root = etree.fromstring(document)
    syntax = syntax_of(root)
    assert syntax is not None
    (invoice,) = syntax.read(root)
    return invoice, syntax.syntax


def judge(invoice: Invoice, syntax: Syntax = UBL) -> tuple[Observation, ...]:
    return rule_set("chorus", syntax).check(Matter(invoice, syntax, CONTEXT))


def base(syntax: Syntax) -> Invoice:
    name = {UBL: "ubl", CII: "cii", FACTURX: "cii", PIVOT: "pivot", MIXTE: "mixte"}[syntax]
    return read(DOCUMENTS[name])[0]


def terms(text: str) -> tuple[Term, ...]:
    return (Term(text),)


def line(**fields: str) -> Callable[[Invoice], Invoice]:
    held = {name: terms(text) for name, text in fields.items()}
    return lambda invoice: replace(invoice, lines=(replace(Line(), **held),))  # type: ignore[arg-type]  # fields by name


def field(**fields: str) -> Callable[[Invoice], Invoice]:
    held = {name: terms(text) for name, text in fields.items()}
    return lambda invoice: replace(invoice, **held)  # type: ignore[arg-type]  # fields by name


def service(code: str) -> Callable[[Invoice], Invoice]:
    return lambda invoice: replace(invoice, buyers=(Party(identifiers=(Term(code, "0224"),)),))


def total(cadre: str, due: str) -> Callable[[Invoice], Invoice]:
    return lambda invoice: replace(invoice, cadre=terms(cadre), totals=(Totals(due=terms(due)),), invoicees=(Party(),))


def origin(number: str) -> Callable[[Invoice], Invoice]:
    return lambda invoice: replace(invoice, preceding_invoices=(PrecedingInvoice(number=terms(number)),))


def pays(type_code: str, *means: PaymentMeans) -> Callable[[Invoice], Invoice]:
    return lambda invoice: replace(invoice, type_code=terms(type_code), payment_means=means)


def validated(cadre: str, *invoicees: Party) -> Callable[[Invoice], Invoice]:
    return lambda invoice: replace(invoice, cadre=terms(cadre), invoicees=invoicees)


CASH = PaymentMeans(code=terms("10"))
NO_CODE = PaymentMeans(text=terms("virement"))

# Rule: what keeps it, what breaks it, where it is bound.
CASES = {
    "CHORUS_NUMBER": (
        (field(number="F"), field(number="A-b_9/+" + "0" * 13), field(number=" F1 ")),
        (
            field(number="x" * 21),
            field(number="F 1"),
            field(number="Fé1"),
            field(number=""),
            lambda invoice: replace(invoice, number=()),
        ),
        EVERY,
    ),
    "CHORUS_DATE": (
        (field(issue_date="2026-11-23"), field(issue_date="20261123"), field(issue_date="2017-01-01")),
        (
            field(issue_date="2026-02-30"),
            field(issue_date="23/11/2026"),
            lambda invoice: replace(invoice, issue_date=()),
        ),
        EVERY,
    ),
    "CHORUS_DATE_FUTURE": (
        (field(issue_date="2026-11-23"), field(issue_date="2026-11-22")),
        (field(issue_date="2026-11-24"), field(issue_date="20991231")),
        EVERY,
    ),
    "CHORUS_TYPE": (
        (field(type_code="380"), field(type_code="381")),
        (field(type_code="386"), field(type_code="")),
        EVERY,
    ),
    "CHORUS_CADRE": (
        (field(cadre="A1"), field(cadre="A25"), lambda invoice: replace(invoice, cadre=())),
        (field(cadre="B1"), field(cadre="A26")),
        EVERY,
    ),
    "CHORUS_CURRENCY": (
        (field(currency="EUR"), field(currency="XPF")),
        (field(currency="eur"), field(currency="€")),
        EVERY,
    ),
    "CHORUS_SERVICE": ((service("D2250"), service("x" * 100)), (service("x" * 101), service("é" * 101)), EVERY),
    "CHORUS_ENGAGEMENT": (
        (field(order="x" * 50), field(order="1")),
        (field(order="x" * 51), field(order="é" * 60)),
        EVERY,
    ),
    "CHORUS_CONTRACT": (
        (field(contract="x" * 50), field(contract="1")),
        (field(contract="x" * 51), field(contract="é" * 60)),
        EVERY,
    ),
    "CHORUS_ORIGIN": ((origin("x" * 20), origin("")), (origin("x" * 21), origin("é" * 30)), EVERY),
    "CHORUS_AMOUNT": (
        (
            line(net_amount="-100.000000"),
            line(net_amount="1234567890123.123456"),
            line(net_price="0.123456000"),
            line(net_amount="+1"),
        ),
        (
            line(net_amount="1.1234567"),
            line(net_amount="12345678901234.123456"),
            line(net_price="2400,00"),
            line(gross_price=""),
            total("A1", "1e3"),
        ),
        EVERY,
    ),
    "CHORUS_QUANTITY": (
        (line(quantity="-1.000000"), line(quantity="1.1234")),
        (line(quantity="1.12345"), line(quantity="1,5")),
        EVERY,
    ),
    "CHORUS_PAID": (
        (total("A2", "0.00"), total("A2", "-0"), total("A1", "1")),
        (total("A2", "0.01"), total("A2", "-5")),
        EVERY,
    ),
    "CHORUS_MEANS": (
        (pays("380", CASH), pays("381"), pays("381", CASH)),
        (pays("380"), pays("380", NO_CODE), pays("381", NO_CODE)),
        EVERY,
    ),
    "CHORUS_VALIDATOR": (
        (validated("A9", Party()), validated("A1"), validated("A22", Party())),
        (validated("A9"), validated("A12"), validated("A4")),
        frozenset({CII, FACTURX}),
    ),
}


def cases(kind: int) -> list[object]:
    return [
        pytest.param(code, change, syntax, id=f"{code}-{place}-{syntax.value}")
        for code, case in CASES.items()
        for place, change in enumerate(case[kind])
        for syntax in sorted(case[2], key=lambda each: each.value)
    ]


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_what_suppliers_send_to_chorus_breaks_nothing(document: bytes) -> None:
    assert judge(*read(document)) == ()


@pytest.mark.parametrize(("code", "change", "syntax"), cases(0))
def test_what_keeps_a_rule_is_not_told(code: str, change: Callable[[Invoice], Invoice], syntax: Syntax) -> None:
    assert code not in [seen.code for seen in judge(change(base(syntax)), syntax)]


@pytest.mark.parametrize(("code", "change", "syntax"), cases(1))
def test_what_breaks_a_rule_is_told_once(code: str, change: Callable[[Invoice], Invoice], syntax: Syntax) -> None:
    assert [seen.code for seen in judge(change(base(syntax)), syntax)].count(code) == 1


def test_every_rule_has_its_cases_and_its_row() -> None:
    codes = {code for rule in PUBLICATIONS["chorus"].rules for code in rule.speaks_for}
    assert set(CASES) == codes
    assert all(CODES[code].afnor is Severity.OFF for code in codes)


def test_only_what_is_certain_refuses() -> None:
    remarks = {code for code in CASES if CODES[code].legacy is Severity.WARNING}
    assert remarks == {"CHORUS_TYPE", "CHORUS_CADRE"}


def test_only_cii_has_a_place_for_the_validator() -> None:
    assert judge(validated("A9")(base(UBL)), UBL) == ()


@pytest.mark.parametrize(
    ("change", "term", "place"),
    [
        (total("A1", "1,5"), "BT-115", ("totals", 0, "due", 0)),
        (line(net_price="1,5"), "BT-146", ("lines", 0, "net_price", 0)),
        (field(number="F 1"), "BT-1", ("number", 0)),
        (service("x" * 101), "BT-46", ("buyers", 0, "identifiers", 0)),
    ],
)
def test_a_fault_tells_its_term_and_where_it_stands(
    change: Callable[[Invoice], Invoice], term: str, place: tuple[str | int, ...]
) -> None:
    (seen,) = judge(change(base(UBL)))
    assert (seen.term, seen.place) == (term, place)
