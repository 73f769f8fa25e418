import pytest

from flux.model.codes import severity_of
from flux.model.finding import Severity
from flux.model.interface import Family, Syntax
from flux.model.invoice import Attachment, Invoice
from flux.model.limits import Limits
from flux.model.partner import Environment
from flux.rules.attachment import applies, check_attachments
from flux.rules.identity import TOLD_PER_CODE
from tests.unit.rules.attachments import (
    AFNOR,
    LEGACY,
    PDF,
    attach,
    attach_zipped,
    base64_of,
    codes_of,
    context,
    see,
    terms,
    zip_of,
)

PIVOT = context(Family.LEGACY, Syntax.PIVOT)


def test_good_attachments_give_no_observation() -> None:
    assert codes_of(AFNOR, attach(), attach(name="annexe.pdf")) == []
    assert codes_of(LEGACY, attach_zipped(), attach_zipped(name="annexe.pdf")) == []


def test_an_invoice_without_attachments_has_nothing_to_check() -> None:
    assert not applies(Invoice(), AFNOR)
    assert not applies(Invoice(), LEGACY)


def test_a_reference_without_its_file_rejects_in_chorus_formats_and_is_legitimate_in_the_reform() -> None:
    alone = Attachment(reference=terms("BC-117"), location=terms("https://example.org/bc"))
    (seen,) = see(LEGACY, alone)
    assert (seen.code, seen.term, seen.place) == ("ATTACHMENT_REFERENCE", "BT-122", ("attachments", 0, "reference", 0))
    assert codes_of(AFNOR, alone) == []


@pytest.mark.parametrize(
    ("attachment", "code"),
    [
        (attach(text="$$$$"), "ATTACHMENT_BASE64"),
        (attach(b"", mime=None), "ATTACHMENT_EMPTY"),
        (attach_zipped(b""), "ATTACHMENT_EMPTY"),
        (attach(zip_of(("a", b"1"), ("b", b"2"))), "ATTACHMENT_ZIP"),
        (attach(zip_of(("a", PDF))[:-30]), "ATTACHMENT_ZIP"),
    ],
)
def test_content_that_gives_no_file_is_told_where_it_stands(attachment: Attachment, code: str) -> None:
    (seen,) = see(LEGACY, attachment)
    assert (seen.code, seen.place) == (code, ("attachments", 0, "content", 0))
    assert dict(seen.facts)["name"] == "devis.pdf"


def test_why_a_zip_gives_no_file_is_said_in_both_languages() -> None:
    (seen,) = see(LEGACY, attach(zip_of(("a", b"1"), ("b", b"2"))))
    assert dict(seen.facts)["reason_fr"] == "le zip contient plusieurs fichiers"
    assert dict(seen.facts)["reason_en"] == "the zip holds several files"


@pytest.mark.parametrize("syntax", [Syntax.UBL, Syntax.CII, Syntax.PIVOT, Syntax.MIXTE])
def test_a_file_without_its_zip_is_a_remark_in_chorus_formats(syntax: Syntax) -> None:
    subject = context(Family.LEGACY, syntax)
    assert codes_of(subject, attach(kind="01")) == ["ATTACHMENT_NOT_ZIPPED"]
    assert codes_of(subject, attach_zipped(kind="01")) == []


def test_in_a_factur_x_of_chorus_both_are_good() -> None:
    subject = context(Family.LEGACY, Syntax.FACTURX, interface="FSO1117A")
    assert codes_of(subject, attach()) == codes_of(subject, attach_zipped()) == []


@pytest.mark.parametrize(
    ("syntax", "interface"),
    [
        (Syntax.UBL, "FSO1110A"),
        (Syntax.CII, "FSO1116A"),
        (Syntax.MIXTE, "FSO1113A"),
        (Syntax.MIXTE, None),
        (Syntax.PIVOT, None),
    ],
)
def test_a_mixed_deposit_needs_the_invoice_itself(syntax: Syntax, interface: str | None) -> None:
    subject = context(Family.LEGACY, syntax, interface=interface)
    assert applies(Invoice(), subject)
    assert codes_of(subject) == ["ATTACHMENT_NO_INVOICE"]
    assert codes_of(subject, attach_zipped(kind="02")) == ["ATTACHMENT_NO_INVOICE"]
    assert codes_of(subject, attach_zipped(kind="02"), attach_zipped(kind="01", name="f.pdf")) == []


@pytest.mark.parametrize("kind", [None, "ZZZ"])
def test_an_attachment_of_no_known_type_may_be_the_invoice(kind: str | None) -> None:
    subject = context(Family.LEGACY, Syntax.CII, interface="FSO1116A")
    assert codes_of(subject, attach(zip_of(("f.pdf", PDF)), kind=kind)) == []


@pytest.mark.parametrize("interface", ["FSO1100A", "FSO1106A", "FSO1117A", None])
def test_other_deposits_need_no_attachment(interface: str | None) -> None:
    assert codes_of(context(Family.LEGACY, interface=interface)) == []


SMALL = Limits(attachment_bytes=100, attachments_bytes=250)


@pytest.mark.parametrize(("size", "codes"), [(100, []), (101, ["ATTACHMENT_SIZE"])])
def test_a_file_is_bounded_as_it_is_and_in_its_zip(size: int, codes: list[str]) -> None:
    data = PDF.ljust(size)
    assert codes_of(context(limits=SMALL), attach(data)) == codes
    assert codes_of(
        context(Family.LEGACY, limits=Limits(attachment_bytes=200)), attach_zipped(data.ljust(size + 100))
    ) == (codes)


def test_the_files_of_an_invoice_are_bounded_together() -> None:
    files = [attach(PDF.ljust(100), name=f"{number}.pdf") for number in range(3)]
    (seen,) = see(context(limits=SMALL), *files)
    assert (seen.code, seen.expected, dict(seen.facts)["name"]) == ("ATTACHMENT_SIZE", "250", "2.pdf")


def test_bombs_use_up_what_an_invoice_may_inflate() -> None:
    limits = Limits(attachment_bytes=10_000, attachments_bytes=15_000)
    bombs = [attach_zipped(bytes(10_001), name=f"{number}.txt", mime=None) for number in range(4)]
    seen = [each for each in see(context(Family.LEGACY, limits=limits), *bombs) if each.code == "ATTACHMENT_SIZE"]
    assert [each.expected for each in seen] == ["10000", "15000", "15000", "15000"]


def test_one_fault_repeated_without_end_hides_no_other() -> None:
    faulty = [attach(None, reference=f"R{number}", name=None) for number in range(1000)]
    codes = codes_of(LEGACY, *faulty, attach(text="$"))
    assert codes == ["ATTACHMENT_REFERENCE"] * TOLD_PER_CODE + ["ATTACHMENT_BASE64"]


def test_every_content_of_an_attachment_is_checked() -> None:
    both = Attachment(filename=terms("a.pdf"), content=(*terms(base64_of(PDF)), *terms("$")))
    (seen,) = check_attachments(Invoice(attachments=(both,)), AFNOR)
    assert (seen.code, seen.place) == ("ATTACHMENT_BASE64", ("attachments", 0, "content", 1))


@pytest.mark.parametrize(
    ("code", "legacy", "afnor"),
    [
        ("ATTACHMENT_TYPE", Severity.FATAL, Severity.FATAL),
        ("ATTACHMENT_SIZE", Severity.FATAL, Severity.FATAL),
        ("ATTACHMENT_EMPTY", Severity.FATAL, Severity.FATAL),
        ("ATTACHMENT_NAME", Severity.FATAL, Severity.FATAL),
        ("ATTACHMENT_NAME_LONG", Severity.WARNING, Severity.WARNING),
        ("ATTACHMENT_NAME_TWICE", Severity.WARNING, Severity.WARNING),
        ("ATTACHMENT_REFERENCE", Severity.FATAL, Severity.OFF),  # EN 16931 knows references alone
        ("ATTACHMENT_BASE64", Severity.FATAL, Severity.FATAL),
        ("ATTACHMENT_ZIP", Severity.FATAL, Severity.FATAL),
        ("ATTACHMENT_NOT_ZIPPED", Severity.WARNING, Severity.OFF),
        ("ATTACHMENT_NO_INVOICE", Severity.FATAL, Severity.OFF),
        ("ATTACHMENT_CONTENT", Severity.WARNING, Severity.WARNING),
        ("ATTACHMENT_ACTIVE", Severity.WARNING, Severity.WARNING),
    ],
)
def test_a_code_weighs_what_its_family_says(code: str, legacy: Severity, afnor: Severity) -> None:
    assert severity_of(code, Family.LEGACY, Environment.PRODUCTION, {}) is legacy
    assert severity_of(code, Family.AFNOR, Environment.PRODUCTION, {}) is afnor
