"""The walk: each group is put before the rules that look at it, once, and what they say bears its place."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from flux.demo.afnor_samples import AFNOR_SAMPLE, write_afnor_ubl
from flux.demo.facturx_samples import write_facturx_xml
from flux.formats.reader import TreeReader
from flux.formats.syntax import syntax_of
from flux.model.finding import Observation, Severity
from flux.model.interface import Syntax
from flux.model.invoice import AllowanceCharge, Invoice, Line, Period, TaxTotal, VatBreakdown
from flux.model.limits import Limits
from flux.model.term import Term
from flux.rules.rule import BOTH, BROKEN, CII, UBL, Answer, AnyRule, Hit, Matter, Rule
from flux.rules.sets import PUBLICATIONS
from flux.rules.walk import plan
from tests.official.ours import CONTEXT


def charge(indicator: str, amount: str = "1") -> AllowanceCharge:
    return AllowanceCharge(is_charge=(Term(indicator),), amount=(Term(amount),))


INVOICE = Invoice(
    number=(Term("F1"), Term("F2")),
    allowance_charges=(
        charge("false", "1"),
        charge(" true ", "2"),
        charge("1", "3"),
        charge("0", "4"),
        charge("x", "5"),
    ),
    tax_totals=(TaxTotal(breakdown=(VatBreakdown(), VatBreakdown())),),
    lines=(Line(), Line(periods=(Period(), Period()), allowance_charges=(charge("true"),))),
)


def say(_: object, __: Matter) -> Hit:
    return BROKEN


def seen_by(*rules: AnyRule, invoice: Invoice = INVOICE, syntax: Syntax = Syntax.UBL) -> list[Observation]:
    seen: list[Observation] = []
    plan(rules, syntax).visit(invoice, Matter(invoice, syntax, CONTEXT), (), seen)
    return seen


@pytest.mark.parametrize(
    ("on", "places"),
    [
        ("", [()]),
        ("number", [("number", 0), ("number", 1)]),
        ("lines", [("lines", 0), ("lines", 1)]),
        ("lines.periods", [("lines", 1, "periods", 0), ("lines", 1, "periods", 1)]),
        ("tax_totals.breakdown", [("tax_totals", 0, "breakdown", 0), ("tax_totals", 0, "breakdown", 1)]),
        ("allowances", [("allowance_charges", 0), ("allowance_charges", 3)]),
        ("charges", [("allowance_charges", 1), ("allowance_charges", 2)]),
        ("charges.amount", [("allowance_charges", 1, "amount", 0), ("allowance_charges", 2, "amount", 0)]),
        ("lines.charges", [("lines", 1, "allowance_charges", 0)]),
        ("allowance_charges", [("allowance_charges", index) for index in range(5)]),
        ("attachments", []),
    ],
)
def test_a_rule_looks_at_every_group_of_its_path(on: str, places: list[tuple[str | int, ...]]) -> None:
    assert [each.place for each in seen_by(Rule(code="X", on=on, check=say))] == places


def test_a_check_is_given_the_group_itself() -> None:
    def check(line: Line, matter: Matter) -> Hit:
        return Hit(found=str(matter.invoice.lines.index(line)))

    assert [each.found for each in seen_by(Rule(code="X", on="lines", check=check))] == ["0", "1"]


def test_a_rule_that_holds_says_nothing() -> None:
    assert seen_by(Rule(code="X", on="lines", check=lambda _, __: None)) == []


def test_what_a_hit_says_goes_before_what_its_rule_says() -> None:
    rule: AnyRule = Rule(
        code="X",
        on="lines",
        term="BT-1",
        detail="plain",
        codes=("X", "Y"),
        check=lambda _, __: [
            BROKEN,
            Hit(code="Y", term="BT-2", detail="other", severity=Severity.WARNING, place=("periods", 0), found="f"),
        ],
    )
    plain, other = seen_by(rule, invoice=Invoice(lines=(Line(),)))
    assert (plain.code, plain.term, plain.detail, plain.severity) == ("X", "BT-1", "plain", Severity.FATAL)
    assert (other.code, other.term, other.detail, other.severity) == ("Y", "BT-2", "other", Severity.WARNING)
    assert (plain.place, other.place) == (("lines", 0), ("lines", 0, "periods", 0))


@pytest.mark.parametrize(
    ("bound", "syntax", "count"),
    [(UBL, Syntax.UBL, 1), (UBL, Syntax.CII, 0), (CII, Syntax.FACTURX, 1), (CII, Syntax.UBL, 0), (BOTH, Syntax.CII, 1)],
)
def test_a_rule_is_asked_in_its_own_syntaxes_only(bound: frozenset[Syntax], syntax: Syntax, count: int) -> None:
    assert len(seen_by(Rule(code="X", check=say, syntaxes=bound), syntax=syntax)) == count


def test_what_several_rules_read_is_made_once() -> None:
    made = []

    def make(matter: Matter) -> int:
        made.append(matter)
        return len(matter.invoice.lines)

    def check(_: Line, matter: Matter) -> Hit | None:
        return Hit(found=str(matter.once(make)))

    rule: AnyRule = Rule(code="X", on="lines", check=check)
    assert [each.found for each in seen_by(rule, rule)] == ["2", "2", "2", "2"]
    assert len(made) == 1


def counted(rules: tuple[AnyRule, ...], calls: Counter[str]) -> Iterator[AnyRule]:
    """The rules, each of which counts how often it is asked."""
    for rule in rules:

        def check(group: object, matter: Matter, asked: AnyRule = rule) -> Answer:
            calls[asked.on.partition(".")[0]] += 1
            answer: Answer = asked.check(group, matter)
            return answer

        yield replace(rule, check=check)


def calls_for(ruleset: str, syntax: Syntax, lines: int) -> Counter[str]:
    """How often rules are asked about an invoice of so many lines, by the field that their path begins with."""
    sample = replace(AFNOR_SAMPLE, line_count=lines)
    root = (
        TreeReader(Limits()).read(write_afnor_ubl(sample) if syntax is Syntax.UBL else write_facturx_xml(sample)).root
    )
    assert root is not None
    form = syntax_of(root)
    assert form is not None
    calls: Counter[str] = Counter()
    invoice = form.read_one(root, root)
    walk = plan(counted(PUBLICATIONS[ruleset].rules, calls), syntax)
    walk.visit(invoice, Matter(invoice, syntax, CONTEXT), (), [])
    return calls


@pytest.mark.parametrize("syntax", [Syntax.UBL, Syntax.CII])
@pytest.mark.parametrize("ruleset", ["en16931", "extended-ctc-fr"])
def test_a_line_costs_the_same_number_of_questions_in_any_invoice(ruleset: str, syntax: Syntax) -> None:
    one, few, many = (calls_for(ruleset, syntax, lines) for lines in (1, 10, 200))
    assert (few["lines"], many["lines"]) == (10 * one["lines"], 200 * one["lines"])
    assert few - Counter(lines=few["lines"]) == many - Counter(lines=many["lines"])
    assert one["lines"] <= 20
