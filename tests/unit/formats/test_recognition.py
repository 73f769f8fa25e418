"""Documents are known by namespace and local name of their root, whatever the prefixes."""

import pytest

from flux.formats.recognition import recognise
from flux.formats.syntax import read_syntaxes
from flux.model.interface import Syntax
from tests.unit.formats.documents import UBL, UN, parse

INVOICES = [
    (f'<Invoice xmlns="{UBL}Invoice-2"/>', Syntax.UBL),
    (f'<ubl:Invoice xmlns:ubl="{UBL}Invoice-2"/>', Syntax.UBL),
    (f'<odd-1:CreditNote xmlns:odd-1="{UBL}CreditNote-2"/>', Syntax.UBL),
    (f'<rsm:CrossIndustryInvoice xmlns:rsm="{UN}CrossIndustryInvoice:100"/>', Syntax.CII),
    (f'<CrossIndustryInvoice xmlns="{UN}CrossIndustryInvoice:100"/>', Syntax.CII),
    ("<CPPFacturePivot/>", Syntax.PIVOT),
    ("<CPPFactureMixte/>", Syntax.MIXTE),
]


@pytest.mark.parametrize(("xml", "syntax"), INVOICES)
def test_an_invoice_is_recognised(xml: str, syntax: Syntax) -> None:
    found = recognise(parse(xml))
    assert found.format is not None
    assert (found.format.syntax, found.observations) == (syntax, ())


UNTREATED = [
    (
        '<rsm:CrossIndustryDocument xmlns:rsm="urn:ferd:CrossIndustryDocument:invoice:1p0"/>',
        "ZUGFeRD 1.0",
    ),
    (
        '<a:SCRDMCCBDACIOMessageStructure xmlns:a="urn:un:unece:uncefact:data:SCRDMCCBDACIOMessageStructure:100"/>',
        "Order-X",
    ),
    (f'<Order xmlns="{UBL}Order-2"/>', "UBL Order"),
    (f'<ApplicationResponse xmlns="{UBL}ApplicationResponse-2"/>', "UBL ApplicationResponse"),
    (f'<CrossIndustryInvoice xmlns="{UN}CrossIndustryInvoice:90"/>', "CII CrossIndustryInvoice:90"),
    ('<CPPFacturePivot xmlns="urn:x"/>', "{urn:x}CPPFacturePivot"),
    ("<html/>", "HTML"),
    # the right name in no namespace is not the right document
    ("<Invoice/>", "Invoice"),
    ('<Invoice xmlns="urn:x"/>', "{urn:x}Invoice"),
]


@pytest.mark.parametrize(("xml", "name"), UNTREATED)
def test_any_other_document_is_refused_by_its_name(xml: str, name: str) -> None:
    found = recognise(parse(xml))
    (seen,) = found.observations
    assert (found.format, found.is_signature) == (None, False)
    assert (seen.code, seen.found, seen.expected) == ("SYNTAX_UNKNOWN", name, ", ".join(read_syntaxes()))


LIFE_CYCLE = [
    (
        f'<a:CrossDomainAcknowledgementAndResponse xmlns:a="{UN}CrossDomainAcknowledgementAndResponse:100"/>',
        "CDAR",
    ),
    ("<CPPStatut/>", "CPPStatut"),
]


@pytest.mark.parametrize(("xml", "name"), LIFE_CYCLE)
def test_a_message_about_invoices_is_told_from_a_document_that_nobody_knows(xml: str, name: str) -> None:
    (seen,) = recognise(parse(xml)).observations
    assert (seen.code, seen.found) == ("SYNTAX_LIFE_CYCLE", name)


SIGNATURES = [
    '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>',
    '<XAdESSignatures xmlns="http://uri.etsi.org/2918/v1.2.1#"/>',
    '<a:XAdESSignatures xmlns:a="http://uri.etsi.org/02918/v1.2.1#"/>',
    '<x:QualifyingProperties xmlns:x="http://uri.etsi.org/01903/v1.3.2#"/>',
]


@pytest.mark.parametrize("xml", SIGNATURES)
def test_a_bare_signature_is_told_apart_and_refused_where_it_comes_alone(xml: str) -> None:
    found = recognise(parse(xml))
    assert (found.format, found.is_signature) == (None, True)
    assert [seen.found for seen in found.observations] == ["XML signature"]


def test_the_name_of_an_unheard_root_is_quoted_in_part() -> None:
    (seen,) = recognise(parse(f'<a xmlns="urn:{"x" * 10_000}"/>')).observations
    assert len(seen.found or "") < 200
