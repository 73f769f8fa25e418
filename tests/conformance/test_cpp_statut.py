"""Our CPPStatut schema against a message of the field, its invalid twins, and everything that we put out."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from flux.model.finding import Finding, LayerName
from flux.model.settlement import Outcome
from flux.model.verdict import InvoiceSummary, PartySummary
from flux.replies.cso import build_flow_report
from flux.replies.fen1200a import build_invoice_statuses
from tests.unit.replies.cases import FLOW, SIRET_FAULT, answering, fatal, judged, settled, summary

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / ".." / "shared" / "corpus" / "pastell-chorus" / "Example01-FactureStatut-ok.xml"
SCHEMA = etree.XMLSchema(etree.parse(ROOT / "schemas" / "cpp-statut-1.19.xsd"))

FLOW_MESSAGE = build_flow_report(answering(settled(judged(0), judged(1, SIRET_FAULT))))
INVOICE_MESSAGE = build_invoice_statuses(answering()) or b""


def is_valid(message: bytes) -> bool:
    return SCHEMA.validate(etree.fromstring(message))


@pytest.mark.skipif(not SAMPLE.exists(), reason="the corpus is not beside this checkout")
def test_a_status_flow_of_the_field_is_valid() -> None:
    assert is_valid(SAMPLE.read_bytes())


def test_the_messages_that_the_twins_start_from_are_valid() -> None:
    assert is_valid(FLOW_MESSAGE)
    assert is_valid(INVOICE_MESSAGE)


def write(path: str, text: str) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        found = root.find(path)
        assert found is not None
        found.text = text

    return change


def remove(path: str) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        found = root.find(path)
        assert found is not None
        parent = found.getparent()
        assert parent is not None
        parent.remove(found)

    return change


def unset(path: str, attribute: str) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        found = root.find(path)
        assert found is not None
        del found.attrib[attribute]

    return change


def repeat(path: str) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        found = root.find(path)
        assert found is not None
        found.addnext(etree.fromstring(etree.tostring(found)))

    return change


def swap(path: str) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        found = root.find(path)
        assert found is not None
        following = found.getnext()
        assert following is not None
        following.addnext(found)

    return change


@pytest.mark.parametrize(
    "break_it",
    [
        write(".//IdStatut", "89"),  # flow statuses are 90 to 96
        write(".//IdStatut", "97"),
        write(".//ComplementStatut", "x" * 41),  # 40 characters at most
        write(".//Horodatage", "2026-11-23"),  # a moment, not a day
        write(".//Code", "Date"),  # parameter codes have five characters
        write(".//Recepteur/Id", "AB"),  # partner codes have three to eight
        write(".//Recepteur/Id", "ABCDEFGHI"),
        remove(".//IdFlux"),
        remove(".//Horodatage"),
        remove(".//ParametreIndiv"),  # one parameter is left, two are demanded
        remove(".//Emetteur"),
        remove(".//NatureErreur"),
        remove(".//LigneErreurDetail"),  # Details is never empty
        unset(".//Details", "NbLignesErreur"),
        swap(".//Horodatage"),  # the order counts
        swap(".//CodeErreur"),
        repeat(".//DonneesStatut"),
        remove("CPPFluxStatuts"),  # an envelope alone says nothing
        repeat("CPPFluxStatuts"),  # one block, not two
    ],
)
def test_a_broken_flow_message_is_refused(break_it: Callable[[etree._Element], None]) -> None:
    root = etree.fromstring(FLOW_MESSAGE)

    break_it(root)

    assert not SCHEMA.validate(root)


@pytest.mark.parametrize(
    "break_it",
    [
        write(".//IdStatut", "0"),  # invoice statuses are 1 to 41
        write(".//IdStatut", "42"),
        write(".//Fournisseur/TypeIdentifiant", "8"),  # 1 to 7
        write(".//Debiteur/TypeIdentifiant", "2"),  # a public structure has a SIRET
        write(".//Debiteur/Identifiant", "1100020110004"),  # 14 characters
        write(".//CodePays", "FRA"),  # two letters
        write(".//CodeService", "x" * 101),  # 100 characters at most
        write(".//DateFacture", "20/11/2026"),
        remove(".//RaisonSociale"),
        remove(".//IdFacture"),
        remove(".//Debiteur"),
        swap(".//Fournisseur"),
        swap(".//TypeIdentifiant"),
    ],
)
def test_a_broken_invoice_message_is_refused(break_it: Callable[[etree._Element], None]) -> None:
    root = etree.fromstring(INVOICE_MESSAGE)

    break_it(root)

    assert not SCHEMA.validate(root)


@pytest.mark.parametrize("number", ["1", "07", "007"])
def test_a_status_is_a_number_however_many_zeros_open_it(number: str) -> None:
    root = etree.fromstring(INVOICE_MESSAGE)

    write(".//IdStatut", number)(root)

    assert SCHEMA.validate(root)


# Anything that a sender can write, lone surrogates of a broken archive name included.
ODD_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=60) | st.sampled_from(
    ["", " ", "\x00", "\x1b[31m", "\ud800", "\ufffe", "]]>", "<a>&amp;", "é" * 300, "; = ;", "\r\n\t"]
)
PARTIES = st.builds(PartySummary, identifier=ODD_TEXT, scheme=ODD_TEXT, name=ODD_TEXT, country=ODD_TEXT)
SUMMARIES = st.builds(
    InvoiceSummary,
    number=ODD_TEXT,
    type_code=ODD_TEXT,
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
FAULTS = st.builds(
    fatal,
    st.sampled_from(["SIRET_CHECKSUM", "XSD_INVALID", "IBAN_CHECKSUM", "BR-CO-15"]) | ODD_TEXT,
    layer=st.sampled_from(LayerName),
    term=st.none() | st.just("BT-84") | ODD_TEXT,
    found=st.none() | ODD_TEXT,
    expected=st.none() | ODD_TEXT,
    detail=st.none() | ODD_TEXT,
    line=st.none() | st.integers(min_value=1, max_value=10**9),
)


@given(summaries=st.lists(SUMMARIES, min_size=1, max_size=4), flow_name=ODD_TEXT)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_statuses_are_valid_whatever_the_accepted_invoices_hold(
    summaries: list[InvoiceSummary], flow_name: str
) -> None:
    judgments = (judged(order, invoice=each) for order, each in enumerate(summaries))
    message = build_invoice_statuses(answering(settled(*judgments, flow=replace(FLOW, name=flow_name))))

    assert message is not None
    assert is_valid(message), SCHEMA.error_log


@given(
    faults=st.lists(FAULTS, max_size=4), flow_faults=st.lists(FAULTS, max_size=2), invoice=SUMMARIES, flow_name=ODD_TEXT
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_a_flow_report_is_valid_whatever_was_found(
    faults: list[Finding], flow_faults: list[Finding], invoice: InvoiceSummary, flow_name: str
) -> None:
    judgments = (judged(0, *faults, invoice=invoice), judged(1))
    case = settled(*judgments, findings=tuple(flow_faults), flow=replace(FLOW, name=flow_name))

    assert is_valid(build_flow_report(answering(case))), SCHEMA.error_log


def test_a_flow_report_of_a_thousand_faults_is_valid_and_holds_them_all() -> None:
    faults = [replace(SIRET_FAULT, term=f"BT-{number}") for number in range(1_001)]
    message = build_flow_report(answering(settled(judged(0, *faults))))

    assert is_valid(message)
    assert len(etree.fromstring(message).findall(".//LigneErreurDetail")) == 1_001


def test_a_flow_report_of_good_invoices_that_fell_is_valid() -> None:
    fell = settled(judged(0), judged(1, SIRET_FAULT), outcomes={(0, 0): Outcome.NOT_TAKEN})

    assert is_valid(build_flow_report(answering(fell)))


def test_an_invoice_without_any_optional_value_is_valid() -> None:
    nobody = PartySummary(identifier="", scheme="", name="", country="")
    bare = summary("", issue_date=None, code_service="", supplier=nobody, buyer=nobody)

    message = build_invoice_statuses(answering(settled(judged(0, invoice=bare))))

    assert message is not None
    assert is_valid(message)
