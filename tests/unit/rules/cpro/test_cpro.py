"""BR-FR-CPRO 01 to 44: each rule with invoices that keep it and invoices that break it, in UBL and in CII."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from flux.model.codes import CODES
from flux.model.finding import Severity
from flux.model.interface import Syntax
from flux.model.invoice import Invoice, Line
from flux.model.readings import Readings
from flux.rules.cpro.counts import LINES_END, RULES
from flux.rules.rule import Matter, Rule
from flux.rules.sets import PUBLICATIONS, rule_set
from tests.official.ours import CONTEXT, fired, observations
from tests.unit.rules.cpro.drafts import SIREN, SIRET, Draft, Structure, write_cii, write_ubl

SET = "br-fr-cpro"
WRITERS = {"ubl": write_ubl, "cii": write_cii}
Write = Callable[[Draft], bytes]
Changes = Mapping[str, object]

OTHER_SIRET = "35600000000048"
IBAN = "FR7630006000011234567890189"
AGENT = Structure()
FOREIGN = Structure(ids=(("0227", "USACME"),), siren="")


def at_most(field: str, longest: int) -> tuple[tuple[Changes, ...], tuple[Changes, ...]]:
    """A text of at most so many characters: accented letters count as one."""
    good = ({field: "x" * longest}, {field: "é" * longest})
    return good, ({field: "x" * (longest + 1)}, {field: "é" * (longest * 2)})


def seller(scheme: str, text: str, **more: object) -> Changes:
    return {"seller_ids": ((scheme, text),), "seller_siren": "", **more}


def foreign_ids(scheme: str, good: tuple[str, ...], bad: tuple[str, ...]) -> tuple[tuple[Changes, ...], ...]:
    return tuple(seller(scheme, text) for text in good), tuple(seller(scheme, text) for text in bad)


def structure(field: str) -> tuple[tuple[Changes, ...], tuple[Changes, ...]]:
    """What payees and the seller's agent share."""
    good = (AGENT, FOREIGN, Structure(ids=(("0009", OTHER_SIRET), ("0009", SIRET))))
    bad = (
        Structure(ids=()),
        Structure(ids=(("0009", OTHER_SIRET),)),
        Structure(ids=(), siren=""),
        Structure(ids=(("0088", "1234567890128"),), siren=""),
    )
    return tuple({field: party} for party in good), tuple({field: party} for party in bad)


# Rule: the invoices that keep it, those that break it.
CASES: Mapping[str, tuple[tuple[Changes, ...], ...]] = {
    "01": (
        ({}, {"contract_type": "CONTRAT"}, {"contract_type": "MARCHE"}, {"contract_type": "CT"}),
        ({"contract_type": "BC"}, {"contract_type": "contrat"}),
    ),
    "02": (
        ({"number": "x" * 20}, {"preceding": ("x" * 20,)}, {"line_preceding": "x" * 20}),
        ({"number": "x" * 21}, {"preceding": ("x" * 21,)}, {"line_preceding": "x" * 21}),
    ),
    "03": (
        ({}, *(seller(scheme, "1234567890") for scheme in ("0223", "0226", "0227", "0228", "0229"))),
        ({"seller_ids": ()}, seller("0088", "1234567890128"), seller("0009", " ")),
    ),
    "04": foreign_ids("0223", ("DE123456789", "x" * 17), ("x" * 19, "x" * 40)),
    "05": foreign_ids("0227", ("USACME", "x" * 17), ("x" * 19, "x" * 40)),
    "06": foreign_ids("0228", ("123456789", "1234567890"), ("12345678", "12345678901")),
    "07": foreign_ids("0229", ("123456789", "1234567890"), ("12345678", "12345678901")),
    "08": foreign_ids(
        "0226", ("1850175056", "1850175056" + "x" * 70), ("185017505", "18501750A6", "1850175056" + "x" * 71)
    ),
    "09": (
        ({}, {"seller_siren": "", "seller_ids": (("0227", "USACME"),)}),
        ({"seller_ids": ()}, {"seller_ids": (("0227", "USACME"),)}),
    ),
    "10": (
        ({}, {"buyer_ids": (("0224", "D2250"), ("0009", OTHER_SIRET))}),
        ({"buyer_ids": ()}, {"buyer_ids": (("0224", "D2250"),)}, {"buyer_ids": (("0009", " "),)}),
    ),
    "14": at_most("contract", 50),
    "15": at_most("order", 50),
    "16": (({}, {"agent": AGENT}), ({"invoicee": AGENT}, {"buyer_agent": AGENT})),
    "17": structure("payee"),
    "18": structure("agent"),
    "20": (({}, {"preceding": ("A",)}), ({"preceding": ("A", "B")}, {"preceding": ("A", "A", "A")})),
    "21": (
        ({"cadre": "S3", "agent": AGENT}, {"cadre": "S6", "agent": AGENT}, {"cadre": "S1"}),
        (
            {"cadre": "S3"},
            {"cadre": "S6"},
            {"cadre": "S3", "agent": FOREIGN},
            {"cadre": "S6", "agent": Structure(siren="")},
            {"cadre": "S6", "agent": Structure(ids=())},
        ),
    ),
    "24": (({"cadre": "S3", "agent": AGENT}, {"cadre": "B1"}), ({"cadre": "S5"}, {"cadre": " S5 "})),
    "25": (({}, {"terms": ("30 jours",)}), ({"terms": ("30 jours", "net")}, {"terms": ("a", "a", "a")})),
    "26": (({"seller_contacts": 0}, {}), ({"seller_contacts": 2}, {"seller_contacts": 3})),
    "27": (({"buyer_contacts": 0}, {}), ({"buyer_contacts": 2}, {"buyer_contacts": 3})),
    "28": (
        ({"agent": AGENT}, {"agent": replace(AGENT, contacts=1)}),
        ({"agent": replace(AGENT, contacts=2)}, {"agent": replace(AGENT, contacts=3)}),
    ),
    "29": at_most("exemption", 1024),
    "30": at_most("reference", 50),
    "31": at_most("description", 1024),
    "32": at_most("street", 400),
    "33": at_most("city", 400),
    "34": at_most("buyer_trading_name", 99),
    "35": (({"terms": ("x" * 1024,)}, {"terms": ("é" * 1024,)}), ({"terms": ("x" * 1025,)}, {"terms": ("é" * 2048,)})),
    "36": at_most("seller_trading_name", 99),
    "37": (
        ({"payee": replace(AGENT, name="x" * 99)}, {"payee": replace(AGENT, name="é" * 99)}),
        ({"payee": replace(AGENT, name="x" * 100)}, {"payee": replace(AGENT, name="é" * 198)}),
    ),
    "38": at_most("place", 20),
    "39": (({"account": IBAN}, {"account": "x" * 27}), ({"account": "x" * 35}, {"account": "x" * 84})),
    "40": at_most("line_place", 20),
    "41": at_most("filename", 50),
    "42": (
        ({"notes": ("B2G", "x" * 1024)}, {"notes": ("é" * 1024,)}),
        ({"notes": ("B2G", "x" * 1025)}, {"notes": ("é" * 2048,)}),
    ),
    "43": at_most("seller_name", 99),
    "44": at_most("buyer_name", 99),
}

# The set's rules that an invoice alone cannot show here: a million lines, and what the register knows.
ELSEWHERE = {"19", "11", "12", "13", "22", "23"}


def cases(kind: int) -> list[object]:
    return [
        pytest.param(f"BR-FR-CPRO-{number}", changes, write, id=f"{number}-{place}-{syntax}")
        for number, both in CASES.items()
        for place, changes in enumerate(both[kind])
        for syntax, write in WRITERS.items()
    ]


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_an_invoice_in_order_breaks_nothing(write: Write) -> None:
    assert fired(write(Draft()), SET) == {}


@pytest.mark.parametrize(("code", "changes", "write"), cases(0))
def test_an_invoice_that_keeps_a_rule_does_not_break_it(code: str, changes: Changes, write: Write) -> None:
    assert code not in fired(write(replace(Draft(), **changes)), SET)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(("code", "changes", "write"), cases(1))
def test_an_invoice_that_breaks_a_rule_is_told_so_once(code: str, changes: Changes, write: Write) -> None:
    assert fired(write(replace(Draft(), **changes)), SET)[code] == 1  # type: ignore[arg-type]  # fields by name


def test_every_rule_has_its_cases_and_its_row() -> None:
    numbers = {f"{number:02}" for number in range(1, 45)}
    assert set(CASES) | ELSEWHERE == numbers
    assert {f"BR-FR-CPRO-{number}" for number in numbers} <= set(CODES)
    publication = PUBLICATIONS[SET]
    answered = {code for rule in publication.rules for code in rule.speaks_for} | set(publication.register_codes)
    assert answered == {f"BR-FR-CPRO-{number}" for number in numbers}


@pytest.mark.parametrize(("count", "refused"), [(LINES_END - 1, False), (LINES_END, True), (LINES_END + 1, True)])
def test_an_invoice_has_less_than_a_million_lines(count: int, *, refused: bool) -> None:
    rule: Rule[Invoice] = next(rule for rule in RULES if rule.code == "BR-FR-CPRO-19")
    invoice = Invoice(lines=(Line(),) * count)
    assert (rule.check(invoice, Matter(invoice, Syntax.UBL, CONTEXT)) is not None) is refused


WARNING, FATAL = Severity.WARNING, Severity.FATAL


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
@pytest.mark.parametrize(
    ("changes", "code", "severity"),
    [
        # "less than 18" in the text, 18 in the table of formats
        (seller("0223", "x" * 18), "BR-FR-CPRO-04", WARNING),
        (seller("0223", "x" * 19), "BR-FR-CPRO-04", FATAL),
        (seller("0227", "x" * 18), "BR-FR-CPRO-05", WARNING),
        (seller("0227", "x" * 19), "BR-FR-CPRO-05", FATAL),
        # the identifier should be the VAT number
        (seller("0223", "DE123456789", seller_vat="DE999999999"), "BR-FR-CPRO-04", WARNING),
        # 27 in the title; an IBAN has up to 34
        ({"account": "x" * 28}, "BR-FR-CPRO-39", WARNING),
        ({"account": "x" * 34}, "BR-FR-CPRO-39", WARNING),
        ({"account": "x" * 35}, "BR-FR-CPRO-39", FATAL),
        # ignored where filled in
        ({"invoicee": AGENT}, "BR-FR-CPRO-16", Severity.INFO),
    ],
)
def test_where_texts_differ_the_widest_refuses_and_the_narrowest_warns(
    changes: Changes, code: str, severity: Severity, write: Write
) -> None:
    (seen,) = observations(write(replace(Draft(), **changes)), SET)  # type: ignore[arg-type]  # fields by name
    assert (seen.code, seen.severity) == (code, severity)


def test_a_vat_number_that_the_identifier_repeats_is_no_remark() -> None:
    changes = seller("0223", "DE123456789", seller_vat="DE123456789")
    assert fired(write_ubl(replace(Draft(), **changes)), SET) == {}  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("readings", "changes", "severity"),
    [
        (Readings(foreign_id_characters=20), seller("0223", "x" * 20), WARNING),
        (Readings(foreign_id_characters=17), seller("0223", "x" * 18), FATAL),
        (Readings(account_characters=84), {"account": "x" * 84}, WARNING),
        (Readings(account_characters=27), {"account": "x" * 28}, FATAL),
    ],
)
def test_an_installation_reads_contradictions_its_own_way(
    readings: Readings, changes: Changes, severity: Severity
) -> None:
    draft = replace(Draft(), **changes)  # type: ignore[arg-type]  # fields by name
    (seen,) = observations(write_ubl(draft), SET, replace(CONTEXT, readings=readings))
    assert seen.severity is severity


@pytest.mark.parametrize(
    ("changes", "place", "found"),
    [
        ({"number": "x" * 21}, ("number", 0), "x" * 21),
        ({"preceding": ("A", "B")}, ("preceding_invoices", 1), "2"),
        ({"buyer_ids": ()}, ("buyers", 0), None),
        (seller("0226", "1850175056" + "x" * 71), ("sellers", 0, "identifiers", 0), "1…"),
        ({"account": "FR76" + "3" * 31}, ("payment_means", 0, "accounts", 0, "identifier", 0), "FR…3333"),
        ({"payee": Structure(ids=(("0009", OTHER_SIRET),))}, ("payees", 0), OTHER_SIRET),
    ],
)
def test_a_fault_tells_where_it_stands_and_what_was_found(
    changes: Changes, place: tuple[str | int, ...], found: str | None
) -> None:
    (seen,) = observations(write_ubl(replace(Draft(), **changes)), SET)  # type: ignore[arg-type]  # fields by name
    assert (seen.place, seen.found) == (place, found)


def test_a_payee_is_told_the_siren_that_its_siret_starts_with() -> None:
    draft = replace(Draft(), payee=Structure(ids=(("0009", OTHER_SIRET),)))
    (seen,) = observations(write_ubl(draft), SET)
    assert seen.expected == f"{SIREN}…"


def test_the_set_is_bound_to_every_syntax_of_the_reform() -> None:
    for syntax in (Syntax.UBL, Syntax.CII, Syntax.FACTURX):
        assert len(rule_set(SET, syntax).rules) == len(PUBLICATIONS[SET].rules)
