"""What the sheet holds, who else uses an account and what another partner sent never reaches the sender, in any document."""

from dataclasses import replace

import pytest

from flux.engine.outputs import BUILDERS
from flux.model.codes import CODES, Code
from flux.model.finding import Audience, Finding, LayerName, Severity
from flux.model.partner import Language
from flux.model.settlement import OutputKind
from flux.model.verdict import Judgment, Layer, LayerStatus
from flux.model.words import describe
from flux.replies.context import ReplyContext
from tests.unit.replies.cases import ENTITY, LAYERS, SENDER, SIRET_FAULT, answering, judged, settled

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


def documents_for_sender(*judgments: Judgment, language: Language) -> dict[OutputKind, str]:
    context = answering(settled(*judgments), partner=replace(SENDER, language=language))
    built = {kind: build(context) for kind, build in BUILDERS.items() if kind is not OutputKind.ALERTS}
    return {kind: document.decode("utf-8-sig") for kind, document in built.items() if document is not None}


def assert_silent(documents: dict[OutputKind, str], findings: tuple[Finding, ...], language: Language) -> None:
    assert OutputKind.REPORT in documents
    for kind, text in documents.items():
        for finding in findings:
            assert finding.code not in text, kind
            assert describe(finding, language).title not in text, kind
        assert [quoted for quoted in QUOTED if quoted in text] == [], kind


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


@pytest.mark.parametrize("language", Language)
def test_a_warning_for_the_recipient_is_in_no_document_for_the_sender(language: Language) -> None:
    findings = secrets(Severity.WARNING)
    documents = documents_for_sender(judged(0, *findings), judged(1, SIRET_FAULT, *findings), language=language)
    assert {OutputKind.REPORT, OutputKind.STATUSES, OutputKind.READABLE_HTML, OutputKind.READABLE_CSV} <= set(documents)
    assert_silent(documents, findings, language)


@pytest.mark.parametrize("language", Language)
def test_made_to_refuse_by_the_configuration_it_still_is_not_told(language: Language) -> None:
    findings = secrets(Severity.FATAL)
    failed = Layer(name=LayerName.REGISTER, ruleset="suppliers", version="41", status=LayerStatus.FAILED)
    refused = replace(judged(0, *findings), layers=(*LAYERS, failed))
    documents = documents_for_sender(refused, judged(1), language=language)
    assert_silent(documents, findings, language)
    assert "INVOICE_REFUSED" in documents[OutputKind.REPORT]
    # Nor which check it was that refused.
    assert "suppliers 41" not in documents[OutputKind.READABLE_HTML]


def test_a_check_that_refuses_for_what_the_sender_may_know_is_shown() -> None:
    failed = Layer(name=LayerName.REGISTER, ruleset="suppliers", version="41", status=LayerStatus.FAILED)
    told = replace(secret("SIRET_UNKNOWN", Severity.FATAL), found="73282932000074", facts=())
    refused = replace(judged(0, told), layers=(*LAYERS, failed))
    documents = documents_for_sender(refused, language=Language.FR)
    assert "suppliers 41" in documents[OutputKind.READABLE_HTML]


def test_the_recipient_is_told_of_each() -> None:
    findings = tuple(each for each in secrets(Severity.WARNING) if each.is_for(Audience.RECIPIENT))
    context: ReplyContext = answering(settled(judged(0, *findings)), partner=ENTITY, invoices=((0, 0),))
    document = BUILDERS[OutputKind.ALERTS](context)
    assert document is not None
    assert {each.code for each in findings if each.code not in document.decode("utf-8-sig")} == set()


@pytest.mark.parametrize("row", KEPT_FROM_SENDER, ids=lambda row: row.code)
def test_what_is_kept_from_the_sender_never_refuses_by_itself(row: Code) -> None:
    assert Severity.FATAL not in (row.legacy, row.afnor)
