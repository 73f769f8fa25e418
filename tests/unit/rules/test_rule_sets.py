"""The rule sets: every rule is broken by a case, has its words in both languages, and says where the fault stands."""

from collections.abc import Iterable

import pytest

from flux.formats.reader import TreeReader
from flux.formats.syntax import syntax_of
from flux.model.codes import CODES
from flux.model.finding import Observation
from flux.model.interface import Syntax
from flux.model.limits import Limits
from flux.model.partner import Language
from flux.model.words import describe
from flux.rules.sets import PUBLICATIONS, rule_set
from tests.official.ours import observations
from tests.unit.rules.changes import Case, changed
from tests.unit.rules.en16931 import test_code_lists, test_consistency, test_decimals, test_presence, test_vat
from tests.unit.rules.extended import test_kept, test_own

EN16931, EXTENDED = "en16931", "extended-ctc-fr"
BOUND = (Syntax.UBL, Syntax.CII)
NORM: list[Case] = [
    case
    for module in (test_presence, test_consistency, test_decimals, test_code_lists, test_vat)
    for case in module.CASES
]
TABLES = {EN16931: NORM, EXTENDED: [*test_kept.KEPT, *test_own.CASES]}

# What no document breaks: the artefact looks for the rate of these groups where it never stands.
UNBREAKABLE = {
    Syntax.UBL: frozenset[str](),
    Syntax.CII: frozenset({"BR-AF-08", "BR-AF-09", "BR-AG-08", "BR-AG-09"}),
}
# Rules that speak for both syntaxes, and spell their ids by the syntax.
OTHER_SPELLING = {Syntax.UBL: "BR-FXEXT-", Syntax.CII: "BR-FREXT-"}


def ids(ruleset: str, syntax: Syntax) -> set[str]:
    return {code for rule in rule_set(ruleset, syntax).rules for code in rule.speaks_for}


def is_of_the_other_syntax(code: str, syntax: Syntax) -> bool:
    return code.startswith(OTHER_SPELLING[syntax]) and ("-08" in code or code.endswith("-S-09"))


@pytest.mark.parametrize("syntax", BOUND)
@pytest.mark.parametrize("ruleset", TABLES)
def test_every_rule_is_broken_by_some_case(ruleset: str, syntax: Syntax) -> None:
    broken = {case.row.rule for case in TABLES[ruleset] if case.syntax is syntax}
    asked = {code for code in ids(ruleset, syntax) if not is_of_the_other_syntax(code, syntax)}
    assert asked - broken == UNBREAKABLE[syntax] & asked


@pytest.mark.parametrize("name", PUBLICATIONS)
def test_every_rule_has_a_row_of_its_own(name: str) -> None:
    spoken = {code for rule in PUBLICATIONS[name].rules for code in rule.speaks_for}
    assert spoken <= set(CODES)


def sentences(ruleset: str) -> Iterable[str]:
    """What a reader of each language is told of every case."""
    for case in TABLES[ruleset]:
        for seen in observations(case.refused, ruleset):
            if seen.code == case.row.rule and seen.found is not None:
                yield from (describe(seen, language).message for language in Language)


@pytest.mark.parametrize("ruleset", TABLES)
def test_the_sentence_of_a_rule_holds_every_value_that_it_names(ruleset: str) -> None:
    assert [message for message in sentences(ruleset) if "« absent »" in message or "“absent”" in message] == []


def seen_at(syntax: Syntax, changes: str, rule: str, ruleset: str) -> tuple[Observation, str, str]:
    """What a rule says of a changed base, the XPath of the place, and the text of the line."""
    document = changed(ruleset, syntax, "S", changes)
    (seen,) = (each for each in observations(document, ruleset) if each.code == rule)
    root = TreeReader(Limits()).read(document).root
    assert root is not None
    form = syntax_of(root)
    assert form is not None
    position = form.locate(root, seen.place)
    assert position.line is not None
    return seen, position.xpath, document.decode().splitlines()[position.line - 1].strip()


_C = "/ubl:Invoice/cac"
_T = "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction[1]"
_S = f"{_T}/ram:ApplicableHeaderTradeSettlement[1]"
_SUMS = f"{_S}/ram:SpecifiedTradeSettlementHeaderMonetarySummation[1]"
_LINES = f"{_T}/ram:IncludedSupplyChainTradeLineItem"


@pytest.mark.parametrize(
    ("syntax", "ruleset", "changes", "rule", "told"),
    [
        (Syntax.UBL, EN16931, "-DocumentCurrencyCode", "BR-05", (None, None, "/ubl:Invoice")),
        (
            Syntax.UBL,
            EN16931,
            "Line[2]/Price/PriceAmount = -1",
            "BR-27",
            ("-1", "≥ 0", f"{_C}:InvoiceLine[2]/cac:Price[1]/cbc:PriceAmount[1]"),
        ),
        (
            Syntax.UBL,
            EN16931,
            "Totals/PayableAmount = 300.01",
            "BR-CO-16",
            ("300.01", "300.00", f"{_C}:LegalMonetaryTotal[1]/cbc:PayableAmount[1]"),
        ),
        (
            Syntax.UBL,
            EN16931,
            "Totals/TaxInclusiveAmount = 348.01",
            "BR-CO-15",
            ("348.01", "348.00", f"{_C}:LegalMonetaryTotal[1]/cbc:TaxInclusiveAmount[1]"),
        ),
        (
            Syntax.UBL,
            EN16931,
            "TaxSubtotal/TaxableAmount = 280.00",
            "BR-S-08",
            ("280.00", "290.00", f"{_C}:TaxTotal[1]/cac:TaxSubtotal[1]/cbc:TaxableAmount[1]"),
        ),
        (
            Syntax.UBL,
            EN16931,
            "Line[2]/Item/ClassifiedTaxCategory/Percent = 0",
            "BR-S-05",
            ("0", "> 0", f"{_C}:InvoiceLine[2]/cac:Item[1]/cac:ClassifiedTaxCategory[1]/cbc:Percent[1]"),
        ),
        (
            Syntax.UBL,
            EN16931,
            "Line[2]/AllowanceCharge[2]/Amount = 5.001",
            "BR-DEC-27",
            ("5.001", None, f"{_C}:InvoiceLine[2]/cac:AllowanceCharge[2]/cbc:Amount[1]"),
        ),
        (
            Syntax.UBL,
            EN16931,
            "Line[2]/InvoicedQuantity@unitCode = PIECE",
            "BR-CL-23",
            ("PIECE", None, f"{_C}:InvoiceLine[2]/cbc:InvoicedQuantity[1]"),
        ),
        (
            Syntax.UBL,
            EXTENDED,
            "Totals/TaxExclusiveAmount = 280.00",
            "BR-FREXT-CO-13",
            ("280.00", "290.00", f"{_C}:LegalMonetaryTotal[1]/cbc:TaxExclusiveAmount[1]"),
        ),
        (Syntax.CII, EN16931, "-InvoiceCurrencyCode", "BR-05", (None, None, "/rsm:CrossIndustryInvoice")),
        (
            Syntax.CII,
            EN16931,
            "Totals/DuePayableAmount = 300.01",
            "BR-CO-16",
            ("300.01", "300.00", f"{_SUMS}/ram:DuePayableAmount[1]"),
        ),
        (
            Syntax.CII,
            EN16931,
            "Totals/TaxTotalAmount = 60",
            "BR-CO-14",
            ("60", "58.00", f"{_SUMS}/ram:TaxTotalAmount[1]"),
        ),
        (
            Syntax.CII,
            EN16931,
            "Line[2]/SpecifiedLineTradeDelivery/BilledQuantity@unitCode = PIECE",
            "BR-CL-23",
            ("PIECE", None, f"{_LINES}[2]/ram:SpecifiedLineTradeDelivery[1]/ram:BilledQuantity[1]"),
        ),
        (
            Syntax.CII,
            EXTENDED,
            "Totals/LineTotalAmount = 299",
            "BR-FREXT-CO-10",
            ("299", "300.00", f"{_SUMS}/ram:LineTotalAmount[1]"),
        ),
    ],
)
def test_a_rule_says_what_it_found_what_it_expected_and_where(
    syntax: Syntax, ruleset: str, changes: str, rule: str, told: tuple[str | None, str | None, str]
) -> None:
    seen, at, line = seen_at(syntax, changes, rule, ruleset)
    assert (seen.found, seen.expected, at) == told
    assert line.startswith(f"<{at.rpartition('/')[2].partition('[')[0].removeprefix('ubl:')}")


@pytest.mark.parametrize("syntax", BOUND)
@pytest.mark.parametrize("ruleset", TABLES)
def test_an_id_stands_once_on_a_group_of_a_set(ruleset: str, syntax: Syntax) -> None:
    rules = rule_set(ruleset, syntax).rules
    assert len({(rule.code, rule.on, rule.detail) for rule in rules}) == len(rules)


def test_a_set_that_nobody_publishes_is_none() -> None:
    with pytest.raises(KeyError):
        rule_set("en16932", Syntax.UBL)
