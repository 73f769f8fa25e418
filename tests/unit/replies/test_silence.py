"""What the sheet holds, who else uses an account and what another partner sent never reaches the sender, in any document."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import pytest

from flux.engine.outputs import BUILDERS
from flux.model.codes import CODES, Code
from flux.model.finding import Audience, Finding, LayerName, Severity
from flux.model.flow import Flow
from flux.model.partner import Language, Partner
from flux.model.settlement import OutputKind
from flux.model.verdict import Judgment, Layer, LayerStatus
from flux.model.words import describe
from flux.replies.cdar_invoices import build_invoice_message, build_invoice_messages
from flux.replies.context import ReplyContext
from tests.unit.replies.cases import ENTITY, FLOW, LAYERS, SENDER, SIRET_FAULT, answering, judged, settled
from tests.unit.replies.cdar_flows import AFNOR_FLOW, DUPONT, FEN, FREE_FLOW, PLATFORM, read

KEPT_FROM_SENDER = [row for row in CODES.values() if Audience.SENDER not in row.audience and row.motif is not None]
# What these findings quote: found nowhere else in the case.
FACTS = (
    ("factor", "35600000000048"),
    ("last_used", "2026-01-31"),
    ("suppliers", "17"),
    ("country", "DE"),
    ("declared_on", "2026-02-28"),
    ("days", "30"),
    ("closed_on", "2026-03-31"),
    ("successor", "55200844300012"),
    ("day", "2026-11-20"),
    ("kind", "0223"),
)
QUOTED = ("35600000000048", "2026-01-31", "2026-02-28", "55200844300012", "DE…3000")


def secret(code: str, severity: Severity) -> Finding:
    row = CODES[code]
    return Finding(
        code=code,
        severity=severity,
        layer=row.layer,
        ruleset="suppliers",
        audience=row.audience,
        term=row.term,
        found="DE…3000",
        facts=FACTS,
    )


def secrets(severity: Severity) -> tuple[Finding, ...]:
    return tuple(secret(row.code, severity) for row in KEPT_FROM_SENDER)


class Exchange(NamedTuple):
    """A way in which senders are answered: who they are, the flow, and an invoice of it with its findings."""

    sender: Partner
    flow: Flow
    judge: Callable[..., Judgment]


EXCHANGES = {
    "CPPStatut": Exchange(SENDER, FLOW, judged),
    "CDAR, platform": Exchange(PLATFORM, AFNOR_FLOW, read),
    "CDAR, issuer": Exchange(DUPONT, FREE_FLOW, read),
}
every_exchange = pytest.mark.parametrize("exchange", EXCHANGES.values(), ids=EXCHANGES)


def documents_for_sender(exchange: Exchange, *judgments: Judgment, language: Language) -> dict[str, str]:
    """Everything that the sender of a flow may be sent, whatever its profile asks for."""
    case = settled(*judgments, flow=exchange.flow)
    context = answering(case, partner=replace(exchange.sender, language=language), name=FEN)
    built: dict[str, bytes | None] = {
        kind.value: build(context)
        for kind, build in BUILDERS.items()
        if kind not in (OutputKind.ALERTS, OutputKind.INVOICE_MESSAGE)
    }
    built |= dict(build_invoice_messages(context))
    for judgment in judgments:
        one = replace(context, invoices=((judgment.ordinal, judgment.unit),))
        built[f"message {judgment.ordinal}"] = build_invoice_message(one)
    return {name: document.decode("utf-8-sig") for name, document in built.items() if document is not None}


def assert_silent(documents: dict[str, str], findings: tuple[Finding, ...], language: Language) -> None:
    assert {"report", "flow_message", "readable_html", "message 0"} <= set(documents)
    for name, text in documents.items():
        for finding in findings:
            assert finding.code not in text, name
            assert describe(finding, language).title not in text, name
        assert [quoted for quoted in QUOTED if quoted in text] == [], name


def test_the_findings_of_the_register_that_are_kept_from_the_sender() -> None:
    assert {row.code for row in KEPT_FROM_SENDER if row.layer is LayerName.REGISTER} == {
        "SUPPLIER_PENDING",
        "IBAN_NOT_DECLARED",
        "IBAN_NOT_APPROVED",
        "IBAN_DECLARED_LATELY",
        "IBAN_FACTOR_PAYEE",
        "IBAN_FOREIGN",
        "ACCOUNT_CHANGED",
        "ACCOUNT_SHARED",
    }


@every_exchange
@pytest.mark.parametrize("language", Language)
def test_a_warning_for_the_recipient_is_in_no_document_for_the_sender(exchange: Exchange, language: Language) -> None:
    findings = secrets(Severity.WARNING)
    accepted, rejected = exchange.judge(0, *findings), exchange.judge(1, SIRET_FAULT, *findings)
    documents = documents_for_sender(exchange, accepted, rejected, language=language)
    assert {"statuses", "readable_csv"} <= set(documents)
    assert_silent(documents, findings, language)


@every_exchange
@pytest.mark.parametrize("language", Language)
def test_made_to_refuse_by_the_configuration_it_still_is_not_told(exchange: Exchange, language: Language) -> None:
    findings = secrets(Severity.FATAL)
    failed = Layer(name=LayerName.REGISTER, ruleset="suppliers", version="41", status=LayerStatus.FAILED)
    refused = replace(exchange.judge(0, *findings), layers=(*LAYERS, failed))
    documents = documents_for_sender(exchange, refused, exchange.judge(1), language=language)
    assert_silent(documents, findings, language)
    assert "INVOICE_REFUSED" in documents["report"]
    # Nor which check it was that refused.
    assert "suppliers 41" not in documents["readable_html"]


def test_a_check_that_refuses_for_what_the_sender_may_know_is_shown() -> None:
    failed = Layer(name=LayerName.REGISTER, ruleset="suppliers", version="41", status=LayerStatus.FAILED)
    told = replace(secret("SIRET_UNKNOWN", Severity.FATAL), found="73282932000074", facts=())
    refused = replace(judged(0, told), layers=(*LAYERS, failed))
    documents = documents_for_sender(EXCHANGES["CPPStatut"], refused, language=Language.FR)
    assert "suppliers 41" in documents["readable_html"]


def test_the_recipient_is_told_of_each() -> None:
    findings = tuple(each for each in secrets(Severity.WARNING) if each.is_for(Audience.RECIPIENT))
    context: ReplyContext = answering(settled(judged(0, *findings)), partner=ENTITY, invoices=((0, 0),))
    document = BUILDERS[OutputKind.ALERTS](context)
    assert document is not None
    assert {each.code for each in findings if each.code not in document.decode("utf-8-sig")} == set()


@pytest.mark.parametrize("row", KEPT_FROM_SENDER, ids=lambda row: row.code)
def test_what_is_kept_from_the_sender_never_refuses_by_itself(row: Code) -> None:
    assert Severity.FATAL not in (row.legacy, row.afnor)
