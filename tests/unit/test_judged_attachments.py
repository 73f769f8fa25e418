"""The step of the attachments in the treatment of a member: when it runs, and what its findings do."""

from datetime import date
from functools import cache

import pytest

from flux.app.workshop import build_judge
from flux.demo.samples import Sample, write_cii, write_ubl
from flux.model.finding import LayerName
from flux.model.interface import INTERFACES, Deposit
from flux.model.verdict import Judgment, LayerStatus, Verdict
from flux.pipeline import Judge, JudgeSettings, Member
from tests.unit.rules.attachments import PDF, base64_of, zip_of

GOOD = zip_of(("devis.pdf", PDF))
NOT_ZIP = b"no zip"
DAMAGED = GOOD[:-30]


@cache
def judge() -> Judge:
    return build_judge(JudgeSettings())


def ubl_with(content: bytes | None = GOOD, *, name: str = "devis.pdf", broken: str = "") -> bytes:
    binary = (
        '<cac:Attachment><cbc:EmbeddedDocumentBinaryObject mimeCode="application/zip">'
        f"{base64_of(content)}</cbc:EmbeddedDocumentBinaryObject></cac:Attachment>"
        if content is not None
        else ""
    )
    reference = (
        f"<cac:AdditionalDocumentReference><cbc:ID>{name}</cbc:ID>"
        f"<cbc:DocumentTypeCode>application/pdf</cbc:DocumentTypeCode><cbc:DocumentType>02</cbc:DocumentType>{binary}"
        f"</cac:AdditionalDocumentReference>{broken}<cac:AccountingSupplierParty>"
    )
    return write_ubl(Sample()).replace(b"<cac:AccountingSupplierParty>", reference.encode(), 1)


def judge_one(data: bytes, interface: str | None = None) -> Judgment:
    deposit = Deposit(interface=INTERFACES[interface] if interface else None)
    [judgment] = judge().judge(Member(ordinal=0, name=None, data=data, deposit=deposit, alone=True), date(2026, 11, 23))
    return judgment


def layers_of(judgment: Judgment) -> list[tuple[LayerName, LayerStatus]]:
    return [(layer.name, layer.status) for layer in judgment.layers if layer.ruleset == "attachments"]


def codes_of(judgment: Judgment) -> list[str]:
    return [finding.code for finding in judgment.findings]


def test_good_attachments_pass_both_layers() -> None:
    judgment = judge_one(ubl_with())
    assert (judgment.verdict, codes_of(judgment)) == (Verdict.ACCEPTED, [])
    assert layers_of(judgment) == [(LayerName.INTAKE, LayerStatus.PASSED), (LayerName.RULES, LayerStatus.PASSED)]


def test_an_invoice_without_attachments_does_not_speak_of_them() -> None:
    assert layers_of(judge_one(write_ubl(Sample()))) == []
    assert layers_of(judge_one(write_cii(Sample()))) == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (ubl_with(zip_of(("a.pdf", b""))), "ATTACHMENT_EMPTY"),
        (ubl_with(name="devis.exe"), "ATTACHMENT_TYPE"),
        (ubl_with(name="../devis.pdf"), "ATTACHMENT_NAME"),
    ],
)
def test_what_is_wrong_with_a_file_refuses_the_flow(data: bytes, code: str) -> None:
    judgment = judge_one(data)
    assert (judgment.verdict, judgment.is_irrecevable, codes_of(judgment)) == (Verdict.REJECTED, True, [code])
    assert layers_of(judgment)[0] == (LayerName.INTAKE, LayerStatus.FAILED)


@pytest.mark.parametrize(
    ("data", "code"), [(ubl_with(DAMAGED), "ATTACHMENT_ZIP"), (ubl_with(None), "ATTACHMENT_REFERENCE")]
)
def test_what_the_invoice_says_of_its_files_rejects_the_invoice(data: bytes, code: str) -> None:
    judgment = judge_one(data)
    assert (judgment.verdict, judgment.is_irrecevable, codes_of(judgment)) == (Verdict.REJECTED, False, [code])
    assert layers_of(judgment)[1] == (LayerName.RULES, LayerStatus.FAILED)


def test_a_finding_stands_at_its_line() -> None:
    data = ubl_with(DAMAGED)
    [finding] = judge_one(data).findings
    line = data[: data.index(b"<cbc:EmbeddedDocumentBinaryObject")].count(b"\n") + 1
    assert finding.line == line
    assert (finding.xpath or "").endswith("/cbc:EmbeddedDocumentBinaryObject[1]")


def test_a_remark_leaves_the_invoice_accepted() -> None:
    judgment = judge_one(ubl_with(NOT_ZIP))
    assert judgment.verdict is Verdict.ACCEPTED
    assert codes_of(judgment) == ["ATTACHMENT_CONTENT", "ATTACHMENT_NOT_ZIPPED"]


def test_behind_a_schema_that_refuses_no_attachment_is_opened() -> None:
    judgment = judge_one(ubl_with(DAMAGED, broken="<cbc:Nothing/>"))
    assert set(codes_of(judgment)) == {"XSD_INVALID"}
    assert layers_of(judgment) == [(LayerName.INTAKE, LayerStatus.NOT_RUN)]


def test_identities_are_told_beside_what_is_wrong_with_a_file() -> None:
    data = ubl_with(name="devis.exe").replace(b"73282932000074", b"73282932000075")
    assert {"ATTACHMENT_TYPE", "SIRET_CHECKSUM"} <= set(codes_of(judge_one(data)))


def test_a_mixed_deposit_without_the_invoice_itself_is_rejected() -> None:
    assert codes_of(judge_one(ubl_with(), "FSO1110A")) == ["ATTACHMENT_NO_INVOICE"]
    readable = ubl_with().replace(b"<cbc:DocumentType>02<", b"<cbc:DocumentType>01<")
    assert codes_of(judge_one(readable, "FSO1110A")) == []


def test_a_deposit_under_an_interface_that_is_not_treated_is_not_read() -> None:
    for data in (write_ubl(Sample()), b"anything"):
        judgment = judge_one(data, "FSO1120A")
        assert (judgment.verdict, codes_of(judgment)) == (Verdict.REJECTED, ["INTERFACE_NOT_TREATED"])
        assert judgment.is_irrecevable
