"""Every life-cycle message that we put out, against its schema and BR-FR-CDV: each code of our table, each trap."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from flux.formats.cdar import CDAR_ROOT
from flux.model.codes import CODES
from flux.model.finding import Finding, LayerName, Severity
from flux.model.flow import Flow
from flux.model.partner import IrrecevableMember, Partner
from flux.model.settlement import FlowCase, Outcome
from flux.model.verdict import InvoiceSummary, Judgment, PartySummary
from flux.replies.cdar_flow import build_flow_message
from flux.replies.cdar_invoices import build_invoice_message, build_invoice_messages
from tests.official.cdv import cdv_rules
from tests.official.saxon import OfficialRules
from tests.schemas import our_schemas
from tests.unit.replies.cases import SECRET, SIRET_FAULT, answering, fatal, settled
from tests.unit.replies.cdar_flows import (
    AFNOR_FLOW,
    CSO,
    DUPONT,
    FEN,
    FREE_FLOW,
    G2B_FLOW,
    PLATFORM,
    REUSED,
    RIB_KEY,
    SELLER,
    TOWN,
    VAT_TOTAL,
    invoice,
    read,
)

SCHEMA = our_schemas().compiled("cdar-d22b", CDAR_ROOT).validator
ISOLATING = replace(PLATFORM, irrecevable_member=IrrecevableMember.ISOLATE)
NOBODY = PartySummary(identifier="", scheme="", name="", country="")
REFUSING = [row for row in CODES.values() if row.motif is not None]


@pytest.fixture(scope="module")
def rules() -> Iterator[OfficialRules]:
    with cdv_rules() as official:
        yield official


def messages(case: FlowCase, partner: Partner = PLATFORM) -> Iterator[bytes]:
    """All that a flow owes to its sender in the messages of the reform."""
    on_flow = build_flow_message(answering(case, partner=partner, name=CSO))
    if on_flow is not None:
        yield on_flow
    for _, message in build_invoice_messages(answering(case, partner=partner, name=FEN)):
        yield message


def flow_of(*judgments: Judgment, findings: tuple[Finding, ...] = (), flow: Flow = AFNOR_FLOW) -> FlowCase:
    return settled(*judgments, findings=findings, flow=flow)


def is_valid(message: bytes) -> bool:
    return SCHEMA.validate(etree.fromstring(message))


def found(code: str, **changes: object) -> Finding:
    """A fatal finding of a code of the table, in its layer, with every fact that a check could know."""
    row = CODES[code]
    facts = {"term": row.term, "found": "trouvé", "expected": "attendu", "line": 42, "xpath": "/Invoice/cbc:ID"}
    return fatal(code, layer=row.layer, audience=row.audience, **(facts | changes))


@pytest.mark.parametrize("row", REFUSING, ids=lambda row: row.code)
def test_a_refusal_for_any_code_of_the_table_breaks_no_rule(rules: OfficialRules, row: object) -> None:
    code = row.code  # type: ignore[attr-defined]  # a row of the table
    told = list(messages(flow_of(read(0, found(code)))))

    assert told
    assert all(map(is_valid, told)), SCHEMA.error_log
    assert [rules.fired(message) for message in told] == [()] * len(told)


@pytest.mark.parametrize("row", REFUSING, ids=lambda row: row.code)
def test_a_warning_of_any_code_of_the_table_breaks_no_rule(rules: OfficialRules, row: object) -> None:
    code = row.code  # type: ignore[attr-defined]  # a row of the table
    for partner, flow in ((PLATFORM, AFNOR_FLOW), (TOWN, G2B_FLOW)):
        for message in messages(flow_of(read(0, found(code, severity=Severity.WARNING)), flow=flow), partner):
            assert is_valid(message), SCHEMA.error_log
            assert rules.fired(message) == ()


FALLEN = settled(read(0), read(1, SIRET_FAULT), flow=AFNOR_FLOW, outcomes={(0, 0): Outcome.NOT_TAKEN})


@pytest.mark.parametrize(
    ("case", "partner", "count"),
    [
        (flow_of(read(0), read(1)), PLATFORM, 3),
        (flow_of(read(0), flow=G2B_FLOW), TOWN, 1),
        (flow_of(read(0, VAT_TOTAL), flow=G2B_FLOW), TOWN, 1),
        (flow_of(read(0, RIB_KEY), flow=FREE_FLOW), DUPONT, 2),
        (flow_of(), PLATFORM, 1),  # nothing is wrong and nothing is there
        (flow_of(findings=(REUSED,)), PLATFORM, 1),
        (flow_of(findings=(replace(SECRET, severity=Severity.FATAL),)), PLATFORM, 1),
        (flow_of(read(0, replace(SECRET, severity=Severity.FATAL))), PLATFORM, 2),
        (flow_of(read(0), read(1, VAT_TOTAL)), ISOLATING, 2),
        (flow_of(read(0, VAT_TOTAL), read(1, SIRET_FAULT)), PLATFORM, 1),
        (flow_of(read(0, *[VAT_TOTAL] * 1_200)), PLATFORM, 1),
        (flow_of(read(0, *[SIRET_FAULT] * 1_200)), PLATFORM, 2),
        (FALLEN, PLATFORM, 2),
        (flow_of(read(0, fatal("BR-FR-04", layer=LayerName.RULES, term="BT-3"))), PLATFORM, 2),
        (flow_of(read(0, SIRET_FAULT, of=invoice("", type_code="", issue_date=None, supplier=NOBODY))), PLATFORM, 2),
        (flow_of(read(0, of=invoice(supplier=NOBODY, type_code="999"))), PLATFORM, 2),
        (flow_of(read(0, of=invoice(supplier=replace(SELLER, address="")))), PLATFORM, 2),
        (flow_of(read(0, of=invoice(supplier=replace(SELLER, siren="", scheme="0227")))), PLATFORM, 2),
    ],
)
def test_the_messages_of_every_kind_of_flow_break_no_rule(
    rules: OfficialRules, case: FlowCase, partner: Partner, count: int
) -> None:
    told = list(messages(case, partner))

    assert len(told) == count
    assert all(map(is_valid, told)), SCHEMA.error_log
    assert [rules.fired(message) for message in told] == [()] * count


def test_a_message_under_a_name_of_our_own_breaks_no_rule(rules: OfficialRules) -> None:
    case = flow_of(read(0, RIB_KEY, of=invoice("F2026/0117")), flow=FREE_FLOW)
    message = build_invoice_message(
        answering(case, partner=DUPONT, name="CDV_000231_F2026_0117_200.xml", invoices=((0, 0),))
    )

    assert (is_valid(message), rules.fired(message)) == (True, ())


# Anything that a sender can write, lone surrogates of a broken archive name included.
ODD_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=60) | st.sampled_from(
    ["", " ", "\x00", "\x1b[31m", "\ud800", "\ufffe", "]]>", "<a>&amp;", "é" * 300, "x" * 3_000, "\r\n\t"]
)
PARTIES = st.builds(
    PartySummary,
    identifier=ODD_TEXT,
    scheme=ODD_TEXT | st.sampled_from(["0009", "0223"]),
    name=ODD_TEXT,
    country=ODD_TEXT,
    siren=st.sampled_from(["", "732829320"]),
    address=ODD_TEXT,
    address_scheme=ODD_TEXT,
)
SUMMARIES = st.builds(
    InvoiceSummary,
    number=ODD_TEXT,
    type_code=ODD_TEXT | st.just("380"),
    issue_date=st.none() | st.dates(),
    issue_date_text=ODD_TEXT,
    cadre=ODD_TEXT,
    currency=ODD_TEXT,
    total_due=ODD_TEXT,
    supplier=PARTIES,
    buyer=PARTIES,
    code_service=ODD_TEXT,
    numero_engagement=ODD_TEXT,
)
FINDINGS = st.builds(
    fatal,
    st.sampled_from(["SIRET_CHECKSUM", "XSD_INVALID", "IBAN_CHECKSUM", "BR-CO-15"]) | ODD_TEXT,
    severity=st.sampled_from([Severity.FATAL, Severity.WARNING]),
    layer=st.sampled_from(LayerName),
    term=st.none() | st.sampled_from(["BT-3", "BT-34", "BT-84"]) | ODD_TEXT,
    found=st.none() | ODD_TEXT,
    expected=st.none() | ODD_TEXT,
    detail=st.none() | ODD_TEXT,
    line=st.none() | st.integers(min_value=1, max_value=10**9),
    xpath=st.none() | ODD_TEXT,
    facts=st.just(()) | st.builds(lambda text: (("reason_fr", text), ("reason_en", text)), ODD_TEXT),
)


@given(
    findings=st.lists(FINDINGS, max_size=4),
    of_flow=st.lists(FINDINGS, max_size=2),
    of=SUMMARIES,
    names=st.tuples(ODD_TEXT, ODD_TEXT),
    partner=st.sampled_from([PLATFORM, ISOLATING, TOWN, DUPONT]),
)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_messages_are_good_whatever_was_found_and_whatever_the_invoices_hold(
    rules: OfficialRules,
    *,
    findings: list[Finding],
    of_flow: list[Finding],
    of: InvoiceSummary,
    names: tuple[str, str],
    partner: Partner,
) -> None:
    flow_name, member = names
    case = settled(
        replace(read(0, *findings, of=of), member=member or None),
        read(1),
        findings=tuple(of_flow),
        flow=replace(AFNOR_FLOW, name=flow_name),
    )
    for message in messages(case, partner):
        assert is_valid(message), SCHEMA.error_log
        assert rules.fatal(message) == frozenset()
