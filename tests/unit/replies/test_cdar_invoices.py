"""FEN1214A, CSO311xA and messages of our own: 200, 202 or 213 on an invoice."""

from dataclasses import replace

import pytest

from flux.model.finding import Finding, LayerName, Severity
from flux.model.flow import Flow
from flux.model.partner import IrrecevableMember, Partner
from flux.model.settlement import Outcome
from flux.model.verdict import InvoiceSummary, Judgment
from flux.replies.cdar_invoices import build_invoice_message, build_invoice_messages
from tests.unit.replies.cases import SECRET, SIRET_FAULT, TO_SENDER, answering, fatal, settled
from tests.unit.replies.cdar_flows import (
    AFNOR_FLOW,
    DUPONT,
    FEN,
    FREE_FLOW,
    G2B_FLOW,
    PLATFORM,
    RIB_KEY,
    SELLER,
    TOWN,
    VAT_TOTAL,
    fields,
    invoice,
    read,
)


def messages(*judgments: Judgment, partner: Partner = PLATFORM, flow: Flow = AFNOR_FLOW) -> dict[str, bytes]:
    return dict(build_invoice_messages(answering(settled(*judgments, flow=flow), partner=partner, name=FEN)))


def message(*findings: Finding, of: InvoiceSummary | None = None, partner: Partner = PLATFORM) -> bytes:
    """The message on one invoice with these findings."""
    (only,) = messages(read(0, *findings, of=of), partner=partner).values()
    return only


ACCEPTED = message()


@pytest.mark.parametrize(
    ("mdt", "expected"),
    [
        ("2", ["REGULATED"]),
        ("3", ["urn.cpro.gouv.fr:1p0:CDV:invoice"]),
        ("4", ["FLX0011214000000000000006-0001"]),
        ("5", ["FLX0011214000000000000006-0001_F2026-0117_202.xml"]),
        ("8", ["20261123081502"]),
        ("21", ["WK"]),
        ("40", ["WK"]),
        ("57", ["732829320"]),
        ("58", ["Papeterie du Centre SAS"]),
        ("59", ["SE"]),
        ("73", ["732829320_STATUTS"]),
        ("74", ["false"]),
        ("77", ["305"]),
        ("78", ["20261123081502"]),
        ("87", ["F2026-0117"]),
        ("88", ["43"]),
        ("91", ["380"]),
        ("95", ["20261123081455"]),
        ("100", ["20261120"]),
        ("105", ["202"]),
        ("106", ["Reçue par la plateforme", "Received by the platform"]),
        ("113", []),
        ("124-2", []),
        ("129", ["732829320"]),
    ],
)
def test_the_worked_example_of_an_accepted_invoice_is_written_field_by_field(mdt: str, expected: list[str]) -> None:
    assert fields(ACCEPTED, mdt) == expected


DEPOSITED = build_invoice_message(
    answering(
        settled(read(0, RIB_KEY, SECRET, of=invoice("F2026/0117")), flow=FREE_FLOW),
        partner=DUPONT,
        name="CDV_000231_F2026_0117_200.xml",
        invoices=((0, 0),),
    )
)


@pytest.mark.parametrize(
    ("mdt", "expected"),
    [
        ("4", ["FLX001_CDV_000231.1-0001"]),
        ("5", ["CDV_000231_F2026_0117_200.xml"]),
        ("87", ["F2026/0117"]),
        ("88", ["10"]),
        ("105", ["200"]),
        ("106", ["Déposée", "Deposited"]),
        ("113", []),
        ("121", []),
        ("124-2", ["1"]),  # one detail: what the supplier's sheet holds is not the sender's
        ("125", ["IBAN_RIB_KEY"]),
        ("127", ["BT-84"]),
        ("206", ["BT-84"]),
        ("207", ["DIV"]),
        ("214", ["FR…2606"]),
    ],
)
def test_the_worked_example_of_a_free_name_is_written_field_by_field(mdt: str, expected: list[str]) -> None:
    assert fields(DEPOSITED, mdt) == expected


def test_the_worked_example_of_a_free_name_holds_no_account() -> None:
    assert b"20041010050500013" not in DEPOSITED


def test_each_invoice_has_its_message_in_the_order_of_the_archive() -> None:
    built = messages(read(0), read(1, SIRET_FAULT), read(2))

    assert list(built) == [
        "FLX0011214000000000000006-0001_F2026-0117_202.xml",
        "FLX0011214000000000000006-0002_F2026-0118_213.xml",
        "FLX0011214000000000000006-0003_F2026-0119_202.xml",
    ]
    assert [fields(each, "105") for each in built.values()] == [["202"], ["213"], ["202"]]


@pytest.mark.parametrize(
    ("partner", "flow", "status", "document_status"),
    [
        (PLATFORM, AFNOR_FLOW, "202", "43"),  # a platform sends it for its customer
        (TOWN, G2B_FLOW, "200", "10"),  # a public body sends its own
        (DUPONT, FREE_FLOW, "200", "10"),  # a supplier sends its own
    ],
)
def test_the_issuer_is_told_of_the_deposit_and_a_platform_of_the_reception(
    partner: Partner, flow: Flow, status: str, document_status: str
) -> None:
    (only,) = messages(read(0), partner=partner, flow=flow).values()

    assert (fields(only, "105"), fields(only, "88")) == ([status], [document_status])


REJECTED = message(replace(SIRET_FAULT, expected="73282932000074"))


@pytest.mark.parametrize(
    ("mdt", "expected"),
    [
        ("88", ["8"]),
        ("91", ["380"]),
        ("95", ["20261123081455"]),
        ("105", ["213"]),
        ("106", ["Rejetée", "Rejected"]),
        ("113", ["REJ_COH"]),
        ("121", ["NIN"]),
        ("124-2", ["1"]),
        ("125", ["SIRET_CHECKSUM"]),
        ("127", ["BT-29"]),
        ("206", ["BT-29", "BT-29"]),
        ("207", ["DIV", "DVA"]),
        ("211", ["identifiant du vendeur", "seller identifier"] * 2),
        ("213", ["/Invoice/cac:AccountingSupplierParty/cac:Party/cac:PartyIdentification/cbc:ID"]),
        ("214", ["73282932000075", "73282932000074"]),
    ],
)
def test_a_rejection_says_what_was_found_and_what_was_expected(mdt: str, expected: list[str]) -> None:
    assert fields(REJECTED, mdt) == expected


def test_all_the_faults_of_an_invoice_go_into_one_message_numbered() -> None:
    rejected = message(SIRET_FAULT, fatal("IBAN_MISSING", term="BT-84"), fatal("BR-CO-15", layer=LayerName.RULES))

    assert fields(rejected, "124-2") == ["1", "2", "3"]
    assert fields(rejected, "113") == ["REJ_COH", "REJ_SEMAN", "MONTANTTOTAL_ERR"]
    assert fields(rejected, "125") == ["SIRET_CHECKSUM", "IBAN_MISSING", "BR-CO-15"]


def test_a_duplicate_leaves_the_first_invoice_accepted_and_is_dated_of_this_delivery() -> None:
    rejected = message(fatal("DUPLICATE_SAME", layer=LayerName.REGISTER, term="BT-1", found="F2026-0117"))

    assert (fields(rejected, "113"), fields(rejected, "121")) == (["DOUBLON"], ["NOA"])
    assert fields(rejected, "126")[0].endswith("La première reste acceptée.")
    assert fields(rejected, "95") == ["20261123081455"]


def test_a_reason_that_the_sender_must_not_learn_is_not_told() -> None:
    rejected = message(replace(SECRET, severity=Severity.FATAL))

    assert (fields(rejected, "113"), fields(rejected, "125")) == (["REJ_SEMAN"], ["INVOICE_REFUSED"])
    assert b"IBAN" not in rejected


@pytest.mark.parametrize(
    "warning",
    [
        SECRET,  # the recipient's
        replace(RIB_KEY, severity=Severity.INFO),  # nothing to look at
        replace(RIB_KEY, layer=LayerName.RULES),  # of a rule set: for the readable report
    ],
)
def test_a_remark_that_is_no_warning_to_the_sender_makes_no_detail(warning: Finding) -> None:
    assert fields(message(warning), "124-2") == []


@pytest.mark.parametrize(
    ("changes", "mdt", "expected"),
    [
        ({"number": ""}, "87", ["XXXXXXXXXXXXXXXXXXXX"]),
        ({"number": "9" * 101}, "87", ["XXXXXXXXXXXXXXXXXXXX"]),  # cut short it would be another number
        ({"issue_date": None, "issue_date_text": "20/11/2026"}, "100", ["19000101"]),
        ({"supplier": replace(SELLER, siren="", identifier="7328293200007")}, "129", ["000000000"]),
        ({"supplier": replace(SELLER, siren="", scheme="0223", identifier="BE0123456749")}, "129", ["BE0123456749"]),
    ],
)
def test_what_cannot_be_read_has_the_value_of_the_unknown(
    changes: dict[str, object], mdt: str, expected: list[str]
) -> None:
    assert fields(message(SIRET_FAULT, of=replace(invoice(), **changes)), mdt) == expected  # type: ignore[arg-type]


def test_what_cannot_be_read_is_quoted_as_it_was_written() -> None:
    unread = invoice(
        "", issue_date=None, issue_date_text="20/11/2026", supplier=replace(SELLER, siren="", identifier="7")
    )

    assert fields(message(SIRET_FAULT, of=unread), "126")[2:] == [
        "Valeurs non exploitables, telles que reçues : BT-1 absent, BT-2 « 20/11/2026 », BT-30 « 7 »",
        "Unusable values, as received: BT-1 absent, BT-2 “20/11/2026”, BT-30 “7”",
    ]


def test_an_accepted_invoice_quotes_what_cannot_be_read_in_a_detail_of_its_own() -> None:
    accepted = message(of=invoice(supplier=replace(SELLER, siren="", identifier="")))

    assert (fields(accepted, "124-2"), fields(accepted, "113")) == (["1"], [])
    assert fields(accepted, "127") == ["BT-30"]


@pytest.mark.parametrize(
    ("finding", "code", "expected"),
    [
        (SIRET_FAULT, "381", ["381"]),
        (SIRET_FAULT, "325", []),  # no type of France
        (fatal("BR-FR-04", layer=LayerName.RULES, term="BT-3"), "380", []),  # the type is the fault
    ],
)
def test_the_type_of_the_invoice_is_left_out_where_it_is_wrong(
    finding: Finding, code: str, expected: list[str]
) -> None:
    assert fields(message(finding, of=invoice(type_code=code)), "91") == expected


@pytest.mark.parametrize(
    ("findings", "seller"),
    [
        ((), replace(SELLER, address="", address_scheme="")),
        ((fatal("BR-FR-13", layer=LayerName.RULES, term="BT-34", audience=TO_SENDER),), SELLER),
    ],
)
def test_without_an_address_that_would_find_the_seller_a_platform_is_the_one_recipient(
    findings: tuple[Finding, ...], seller: object
) -> None:
    to_platform = message(*findings, of=invoice(supplier=seller))

    assert (fields(to_platform, "59"), fields(to_platform, "57"), fields(to_platform, "73")) == (["WK"], [], [])


def test_an_irrecevable_flow_has_no_message_on_an_invoice() -> None:
    assert messages(read(0), read(1, VAT_TOTAL)) == {}


def test_a_member_that_fell_alone_has_no_message_on_its_invoice() -> None:
    isolating = replace(PLATFORM, irrecevable_member=IrrecevableMember.ISOLATE)

    assert len(messages(read(0), read(1, VAT_TOTAL), partner=isolating)) == 1


def test_a_good_invoice_that_fell_with_its_flow_is_not_rejected() -> None:
    case = settled(read(0), read(1, SIRET_FAULT), flow=AFNOR_FLOW, outcomes={(0, 0): Outcome.NOT_TAKEN})
    built = dict(build_invoice_messages(answering(case, partner=PLATFORM, name=FEN)))

    assert [fields(each, "87") for each in built.values()] == [["F2026-0118"]]


def test_a_message_on_an_invoice_that_the_flow_does_not_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="holds no invoice"):
        build_invoice_message(answering(settled(read(0)), partner=DUPONT, invoices=((7, 0),)))
