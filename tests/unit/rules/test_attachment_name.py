import pytest

from flux.model.invoice import Attachment
from flux.rules.attachment_name import LONGEST
from tests.unit.rules.attachments import AFNOR, LEGACY, PDF, attach, attach_zipped, base64_of, codes_of, see, terms


@pytest.mark.parametrize(
    "name",
    [
        "devis.pdf",
        "Facture n°117 mars, l'été (v2).PDF",
        "a..b.pdf",
        "x" * (LONGEST - 4) + ".pdf",
        "devis & annexe; 100 %.pdf",
    ],
)
def test_a_plain_name_is_let_through(name: str) -> None:
    assert codes_of(AFNOR, attach(name=name)) == []
    assert codes_of(LEGACY, attach_zipped(name=name)) == []


@pytest.mark.parametrize(
    "name",
    [
        "../devis.pdf",
        "/etc/devis.pdf",
        "C:\\devis.pdf",
        "devis?.pdf",
        'devis".pdf',
        "devis<1>.pdf",
        "devis|.pdf",
        "devis*.pdf",
        "dev\x00is.pdf",
        "dev\nis.pdf",
        "devis\u202efdp.pdf",
    ],
)
def test_a_name_that_no_file_system_takes_refuses_the_flow(name: str) -> None:
    assert codes_of(AFNOR, attach(name=name)) == ["ATTACHMENT_NAME"]
    assert codes_of(LEGACY, attach_zipped(name=name)) == ["ATTACHMENT_NAME"]


@pytest.mark.parametrize("name", [".", ".."])
def test_a_name_that_is_a_folder_is_refused(name: str) -> None:
    assert "ATTACHMENT_NAME" in codes_of(AFNOR, attach(name=name))


def test_a_name_of_more_than_50_characters_is_a_remark() -> None:
    name = "x" * (LONGEST - 3) + ".pdf"
    (seen,) = see(AFNOR, attach(name=name))
    assert (seen.code, seen.found, seen.expected) == ("ATTACHMENT_NAME_LONG", "51", "50")


def test_in_chorus_formats_the_reference_is_the_name_where_no_other_is_given() -> None:
    attachment = attach_zipped(name=None)
    assert codes_of(LEGACY, attachment) == ["ATTACHMENT_NAME"]
    named = Attachment(reference=terms("a:b.pdf"), content=attachment.content)
    (seen,) = see(LEGACY, named)
    assert (seen.code, seen.term, seen.place) == ("ATTACHMENT_NAME", "BT-122", ("attachments", 0, "reference", 0))


def test_in_the_reform_the_reference_is_no_file_name() -> None:
    assert codes_of(AFNOR, attach(name=None, reference="BC 2026/117: annexe")) == []


def test_two_attachments_of_one_name_are_told_whatever_their_capitals() -> None:
    (seen,) = see(AFNOR, attach(), attach(name="annexe.pdf"), attach(name="DEVIS.pdf"))
    assert (seen.code, seen.found) == ("ATTACHMENT_NAME_TWICE", "DEVIS.pdf")
    assert seen.place == ("attachments", 2, "filename", 0)


def test_attachments_without_a_name_are_no_namesakes() -> None:
    assert codes_of(AFNOR, attach(name=None), attach(name=None)) == []


def test_an_endless_name_is_quoted_in_part() -> None:
    subject = Attachment(filename=terms("?" * 100_000), content=terms(base64_of(PDF)))
    assert all(len(seen.found or "") < 200 for seen in see(AFNOR, subject))
