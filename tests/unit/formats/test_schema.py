"""What the schema refuses is told fault by fault, to a person."""

import time
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
import xmlschema
from lxml import etree

from flux.formats.schema import CompiledSchema, check_schema
from flux.formats.ubl import INVOICE_ROOT
from flux.model.finding import Observation
from flux.model.limits import Limits
from tests.schemas import our_schemas
from tests.unit.formats.documents import UBL, parse, render, ubl
from tests.unit.formats.test_ubl import nest

LIMITS = Limits()

SCHEMA = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:simpleType name="Code"><xs:restriction base="xs:string">
    <xs:enumeration value="A"/><xs:enumeration value="B"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Short"><xs:restriction base="xs:string"><xs:maxLength value="3"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Exact"><xs:restriction base="xs:string"><xs:length value="2"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Form"><xs:restriction base="xs:string"><xs:pattern value="[A-Z]+"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Small"><xs:restriction base="xs:decimal"><xs:maxInclusive value="3"/></xs:restriction></xs:simpleType>
  <xs:element name="doc"><xs:complexType><xs:sequence>
    <xs:element name="amount" type="xs:decimal" minOccurs="0" maxOccurs="unbounded"/>
    <xs:element name="day" type="xs:date" minOccurs="0"/>
    <xs:element name="flag" type="xs:boolean" minOccurs="0"/>
    <xs:element name="file" type="xs:base64Binary" minOccurs="0"/>
    <xs:element name="moment" type="xs:gYear" minOccurs="0"/>
    <xs:element name="code" type="Code" minOccurs="0"/>
    <xs:element name="short" type="Short" minOccurs="0"/>
    <xs:element name="exact" type="Exact" minOccurs="0"/>
    <xs:element name="form" type="Form" minOccurs="0"/>
    <xs:element name="small" type="Small" minOccurs="0"/>
    <xs:element name="pair" minOccurs="0"><xs:complexType><xs:sequence>
      <xs:element name="left"/><xs:element name="right"/></xs:sequence></xs:complexType></xs:element>
    <xs:element name="choice" minOccurs="0"><xs:complexType><xs:choice>
      <xs:element name="this"/><xs:element name="that"/></xs:choice></xs:complexType></xs:element>
    <xs:element name="sized" minOccurs="0"><xs:complexType>
      <xs:attribute name="unit" type="Code" use="required"/></xs:complexType></xs:element>
  </xs:sequence></xs:complexType></xs:element></xs:schema>"""


def compiled(explainer: Callable[[], xmlschema.XMLSchema]) -> CompiledSchema:
    validator = etree.XMLSchema(etree.parse(BytesIO(SCHEMA)))
    return CompiledSchema(id="mine", version="1", validator=validator, explainer=explainer)


@pytest.fixture(scope="module")
def schema() -> CompiledSchema:
    return compiled(cache(lambda: xmlschema.XMLSchema(SCHEMA.decode())))


def check(body: str, schema: CompiledSchema, size: int = 0) -> tuple[Observation, ...]:
    return check_schema(parse(f"<doc>\n{body}</doc>"), schema, LIMITS, size)


# What is wrong, its kind, what was found, what was expected, and the sentence.
FAULTS = [
    ("<amount>2400,00</amount>", "type", "2400,00", "1234.56", "« 2400,00 » n'est pas un nombre ; point attendu"),
    ("<amount/>", "type", "", "1234.56", "«  » n'est pas un nombre ; point attendu"),
    (
        "<day>20/11/2026</day>",
        "type",
        "20/11/2026",
        "YYYY-MM-DD",
        "« 20/11/2026 » n'est pas une date ; AAAA-MM-JJ attendu",
    ),
    ("<flag>oui</flag>", "type", "oui", "true, false", "« oui » n'est pas un indicateur ; true ou false attendu"),
    ("<file>AAA</file>", "type", "AAA", "base64", "« AAA » n'est pas un contenu en base64"),
    ("<moment>now</moment>", "type", "now", "gYear", "« now » n'est pas du type attendu"),
    ("<code>C</code>", "enumeration", "C", "A, B", "« C » n'est pas dans la liste : A, B"),
    ("<short>long</short>", "length", "long", "≤ 3", "« long » : longueur attendue ≤ 3"),
    ("<exact>x</exact>", "length", "x", "2", "« x » : longueur attendue 2"),
    ("<form>abc</form>", "pattern", "abc", "[A-Z]+", "« abc » n'a pas la forme [A-Z]+"),
    ("<pair><left/></pair>", "missing_element", "pair", "right", "il manque right dans pair"),
    ("<pair><right/></pair>", "missing_element", "pair", "left", "il manque left dans pair"),
    ("<choice/>", "missing_element", "choice", "this, that", "il manque dans choice l'un de : this, that"),
    ("<odd/>", "unexpected_element", "odd", None, "odd n'a pas sa place ici"),
    (
        "<choice><odd/></choice>",
        "unexpected_element",
        "odd",
        "this, that",
        "odd n'a pas sa place ici ; attendu : this, that",
    ),
    (
        '<choice><this xmlns="urn:x"/></choice>',
        "unexpected_element",
        "{urn:x}this",
        "this",
        "{urn:x}this n'a pas sa place ici ; attendu : this",
    ),
    ("<sized/>", "attribute_missing", "sized", "unit", "il manque l'attribut unit de sized"),
    ('<sized unit="A" of="x"/>', "attribute_unknown", "sized", None, "l'attribut of n'est pas admis dans sized"),
    ('<sized unit="C"/>', "enumeration", "C", "A, B", "« C » n'est pas dans la liste : A, B"),
    (
        "<pair>text<left/><right/></pair>",
        "other",
        "pair",
        None,
        "contenu refusé par le schéma (texte entre les éléments)",
    ),
]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_in_words(schema: CompiledSchema, fault: tuple[str, str, str, str | None, str]) -> None:
    body, kind, found, expected, sentence = fault
    (seen,) = check(body, schema)
    facts = dict(seen.facts)
    assert (seen.code, facts["kind"], seen.line) == ("XSD_INVALID", kind, 2)
    assert (seen.found, seen.expected, facts["reason_fr"]) == (found, expected, sentence)
    assert facts["reason_en"]


def test_a_document_that_the_schema_accepts_gives_nothing(schema: CompiledSchema) -> None:
    assert check("<amount>1.5</amount><day>2026-11-20</day>", schema) == ()


def test_every_fault_is_told_in_the_order_of_the_document(schema: CompiledSchema) -> None:
    seen = check("<amount>a</amount>\n<day>b</day>\n<flag>c</flag>", schema)
    assert [(fault.found, fault.line) for fault in seen] == [("a", 2), ("b", 3), ("c", 4)]


def test_the_number_of_faults_is_bounded(schema: CompiledSchema) -> None:
    assert len(check("<amount>x</amount>" * 1000, schema)) == LIMITS.findings_per_invoice


def test_a_long_value_is_quoted_in_part(schema: CompiledSchema) -> None:
    (seen,) = check(f"<amount>{'x' * 100_000}</amount>", schema)
    assert len(seen.found or "") <= 120


# Faults as libxml2 tells them: kind, found, line.
REPEATED = [
    ("<amount>2400,00</amount>", "type", "2400,00", "« 2400,00 » n'est pas un nombre ; point attendu"),
    ("<pair><left/></pair>", "missing_element", "pair", "il manque right dans pair"),
    ("<pair><odd/></pair>", "unexpected_element", "odd", "odd n'a pas sa place ici ; attendu : left"),
    ("<sized/>", "other", "sized", "contenu refusé par le schéma (The attribute 'unit' is required but missing.)"),
]


@pytest.mark.parametrize(("body", "kind", "found", "sentence"), REPEATED)
def test_a_large_document_is_explained_by_libxml2_alone(body: str, kind: str, found: str, sentence: str) -> None:
    def never() -> xmlschema.XMLSchema:
        raise AssertionError("xmlschema was asked about a document above the bound")

    (seen,) = check(body, compiled(never), size=LIMITS.explain_bytes + 1)
    facts = dict(seen.facts)
    assert (facts["kind"], seen.found, facts["reason_fr"], seen.line) == (kind, found, sentence, 2)


def flood(children: int, attributes: int) -> str:
    row = "<amount " + " ".join(f'a{number}=""' for number in range(attributes)) + ">x</amount>"
    return row * children


@pytest.mark.parametrize(
    ("body", "asks_xmlschema"),
    [
        (flood(2_000, 0), True),
        (flood(6_000, 0), False),
        (flood(1, 500), True),
        (flood(1, 1_000), False),
        (flood(30, 200), False),
    ],
)
def test_a_flood_of_children_or_attributes_is_explained_by_libxml2_alone(body: str, *, asks_xmlschema: bool) -> None:
    asked: list[str] = []

    def explainer() -> xmlschema.XMLSchema:
        asked.append("xmlschema")
        return xmlschema.XMLSchema(BytesIO(SCHEMA))

    assert check(body, compiled(explainer))
    assert bool(asked) is asks_xmlschema


def test_a_refusal_that_xmlschema_does_not_see_is_explained_all_the_same() -> None:
    lax = xmlschema.XMLSchema(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="doc"/></xs:schema>'
    )
    (seen,) = check("<odd/>", compiled(lambda: lax))
    assert (dict(seen.facts)["kind"], seen.xpath, seen.line) == ("unexpected_element", "/doc/odd[1]", 2)


MINIMAL = (
    "<cbc:ID>F1</cbc:ID>\n<cbc:IssueDate>2026-11-20</cbc:IssueDate>"
    "<cac:AccountingSupplierParty><cac:Party/></cac:AccountingSupplierParty>"
    "<cac:AccountingCustomerParty><cac:Party/></cac:AccountingCustomerParty>"
    "<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>"
    "<cac:PayeeFinancialAccount><cbc:ID>FR7630006000011234567890189</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>"
    '<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">20</cbc:TaxAmount></cac:TaxTotal>'
    '<cac:LegalMonetaryTotal><cbc:PayableAmount currencyID="EUR">120</cbc:PayableAmount></cac:LegalMonetaryTotal>'
    '<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:LineExtensionAmount currencyID="EUR">100</cbc:LineExtensionAmount>'
    "<cac:Item/></cac:InvoiceLine>"
)


@pytest.fixture(scope="module")
def ubl_schema() -> CompiledSchema:
    return our_schemas().compiled("ubl-2.1", INVOICE_ROOT)


def test_the_minimal_invoice_of_these_tests_is_valid(ubl_schema: CompiledSchema) -> None:
    assert check_schema(ubl(MINIMAL), ubl_schema, LIMITS, 0) == ()


LARGE = LIMITS.explain_bytes + 1
LINE = MINIMAL[MINIMAL.index("<cac:InvoiceLine>") :]


def with_lines(count: int, *bad: int) -> str:
    """The minimal invoice with so many lines, one a line of text; the amounts of some are no numbers."""
    wrong = LINE.replace(">100<", ">x<")
    return MINIMAL.replace(LINE, "".join("\n" + (wrong if number in bad else LINE) for number in range(1, count + 1)))


def test_of_a_flood_of_faults_the_first_are_told_where_they_are(ubl_schema: CompiledSchema) -> None:
    root = ubl(with_lines(6_000, 5_000, 5_001, 5_990))
    before = etree.tostring(root)
    seen = check_schema(root, ubl_schema, LIMITS, LARGE)
    assert [(each.term, each.xpath) for each in seen[:2]] == [
        ("BT-131", f"/u:Invoice/cac:InvoiceLine[{number}]/cbc:LineExtensionAmount[1]") for number in (5_000, 5_001)
    ]
    assert etree.tostring(root) == before


def test_a_flood_without_a_fault_is_accepted(ubl_schema: CompiledSchema) -> None:
    assert check_schema(ubl(with_lines(6_000)), ubl_schema, LIMITS, LARGE) == ()


@pytest.mark.parametrize("bad", [1, 6_000])
def test_the_first_and_the_last_of_a_flood_are_found(ubl_schema: CompiledSchema, bad: int) -> None:
    (seen,) = check_schema(ubl(with_lines(6_000, bad)), ubl_schema, LIMITS, LARGE)
    assert seen.xpath == f"/u:Invoice/cac:InvoiceLine[{bad}]/cbc:LineExtensionAmount[1]"


def test_a_flood_of_faults_takes_a_moment(ubl_schema: CompiledSchema) -> None:
    root = ubl(with_lines(20_000, *range(1, 20_001)))
    began = time.process_time()
    assert check_schema(root, ubl_schema, LIMITS, LARGE)
    assert time.process_time() - began < 5


# What is changed, the term at fault, and its path.
IN_UBL = [
    ("<cbc:ID>F1</cbc:ID>", "", "BT-1", "/u:Invoice"),
    ("2026-11-20", "demain", "BT-2", "/u:Invoice/cbc:IssueDate[1]"),
    (">20</cbc:TaxAmount>", ">20,00</cbc:TaxAmount>", "BT-110", "/u:Invoice/cac:TaxTotal[1]/cbc:TaxAmount[1]"),
    ("120</cbc", "1E5</cbc", "BT-115", "/u:Invoice/cac:LegalMonetaryTotal[1]/cbc:PayableAmount[1]"),
    # the text of a note, not the group that the same element opens
    (
        "</cbc:IssueDate>",
        '</cbc:IssueDate><cbc:Note odd="1">text</cbc:Note>',
        "BT-22",
        "/u:Invoice/cbc:Note[1]",
    ),
    ("<cac:Item/>", "", None, "/u:Invoice/cac:InvoiceLine[1]"),
    (
        "<cbc:ID>1</cbc:ID>",
        '<cbc:ID odd="1">1</cbc:ID>',
        "BT-126",
        "/u:Invoice/cac:InvoiceLine[1]/cbc:ID[1]",
    ),
]


@pytest.mark.parametrize(("old", "new", "term", "xpath"), IN_UBL)
def test_a_fault_names_the_business_term_and_its_path(
    ubl_schema: CompiledSchema, old: str, new: str, term: str | None, xpath: str
) -> None:
    (seen,) = check_schema(ubl(MINIMAL.replace(old, new)), ubl_schema, LIMITS, 0)
    assert (seen.term, seen.xpath) == (term, xpath)


# A schema, in three namespaces, by which no account is right.
NO_ACCOUNT = {
    "root": f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{UBL}Invoice-2">
        <xs:import namespace="{UBL}CommonAggregateComponents-2" schemaLocation="cac.xsd"/>
        <xs:element name="Invoice"><xs:complexType><xs:sequence><xs:any/></xs:sequence></xs:complexType></xs:element>
        </xs:schema>""",
    "cac": f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{UBL}CommonAggregateComponents-2">
        <xs:import namespace="{UBL}CommonBasicComponents-2" schemaLocation="cbc.xsd"/>
        <xs:complexType name="Any"><xs:sequence><xs:any/></xs:sequence></xs:complexType>
        <xs:element name="PaymentMeans" xmlns:c="{UBL}CommonAggregateComponents-2" type="c:Any"/>
        <xs:element name="PayeeFinancialAccount" xmlns:c="{UBL}CommonAggregateComponents-2" type="c:Any"/></xs:schema>""",
    "cbc": f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{UBL}CommonBasicComponents-2">
        <xs:element name="ID" type="xs:decimal"/></xs:schema>""",
}


@pytest.mark.parametrize("size", [0, LIMITS.explain_bytes + 1])
def test_an_account_is_never_quoted_whole(tmp_path: Path, size: int) -> None:
    for name, text in NO_ACCOUNT.items():
        (tmp_path / f"{name}.xsd").write_text(text)
    path = tmp_path / "root.xsd"
    schema = CompiledSchema(
        id="mine",
        version="1",
        validator=etree.XMLSchema(etree.parse(path)),
        explainer=lambda: xmlschema.XMLSchema(path),
    )
    account = nest("PaymentMeans/PayeeFinancialAccount/ID", text="FR7630006000011234567890189")
    (seen,) = check_schema(ubl(account), schema, LIMITS, size)
    assert (seen.term, seen.found) == ("BT-84", "FR…0189")
    assert "30006000011234567890189" not in repr(seen)


def test_the_right_name_in_another_namespace_is_told_as_such(ubl_schema: CompiledSchema) -> None:
    moved = render(ubl(MINIMAL)).replace("<cbc:ID>F1</cbc:ID>", '<x:ID xmlns:x="urn:x">F1</x:ID>')
    first = check_schema(parse(moved), ubl_schema, LIMITS, 0)[0]
    assert first.found == "{urn:x}ID"
    assert (first.expected or "").endswith("CommonBasicComponents-2}ID")
