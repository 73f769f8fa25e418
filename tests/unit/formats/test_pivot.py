"""CPPFacturePivot and CPPFactureMixte, element by element."""

import re
from collections.abc import Callable

import pytest

from flux.demo.pivot_samples import PivotSample, write_mixte, write_pivot
from flux.demo.samples import Sample
from flux.formats.pivot import schema_of
from flux.formats.reader import TreeReader
from flux.formats.schema import check_schema
from flux.formats.syntax import MIXTE, PIVOT, SyntaxFormat
from flux.formats.tree import Element
from flux.model.finding import Place
from flux.model.invoice import Invoice
from flux.model.limits import Limits
from flux.rules.service import find_code_service
from tests.schemas import our_schemas
from tests.unit.formats.documents import parse, term_at

LIMITS = Limits()
UNITS = {PIVOT.name: "CPPFacturePivotUnitaire", MIXTE.name: "CPPFactureMixteUnitaire"}

BOTH = [
    ("Fournisseur/Identifiant", ("sellers", 0, "identifiers", 0)),
    ("Fournisseur/RaisonSociale", ("sellers", 0, "name", 0)),
    ("Fournisseur/CodePays", ("sellers", 0, "addresses", 0, "country", 0)),
    ("Fournisseur/ReferenceBancaire/Compte", ("payment_means", 0, "accounts", 0, "identifier", 0)),
    ("Fournisseur/ReferenceBancaire/RaisonSocialeEncaisseur", ("payment_means", 0, "accounts", 0, "name", 0)),
    ("Debiteur/Identifiant", ("buyers", 0, "identifiers", 0)),
    ("Debiteur/Nom", ("buyers", 0, "name", 0)),
    ("Debiteur/CodeService", ("buyers", 0, "contacts", 0, "identifier", 0)),
    ("Debiteur/NomService", ("buyers", 0, "contacts", 0, "name", 0)),
    ("DonneesFacture/Id", ("number", 0)),
    ("DonneesFacture/IdFactureOrigine", ("preceding_invoices", 0, "number", 0)),
    ("DonneesFacture/Type", ("type_code", 0)),
    ("DonneesFacture/Cadre", ("cadre", 0)),
    ("DonneesFacture/DateEmissionFacture", ("issue_date", 0)),
    ("DonneesFacture/DateLivraison", ("deliveries", 0, "date", 0)),
    ("DonneesFacture/ModePaiement/Code", ("payment_means", 0, "code", 0)),
    ("DonneesFacture/ModePaiement/Libelle", ("payment_means", 0, "text", 0)),
    ("DonneesFacture/Devise", ("currency", 0)),
    ("DonneesFacture/Montants/MontantHT", ("totals", 0, "without_vat", 0)),
    ("DonneesFacture/Montants/MontantTTC", ("totals", 0, "with_vat", 0)),
    ("DonneesFacture/Montants/MontantNetAPayer", ("totals", 0, "due", 0)),
    ("DonneesFacture/Engagement/NumeroMarche", ("contract", 0)),
    ("DonneesFacture/Engagement/NumeroEngagement", ("order", 0)),
    ("DonneesFacture/Lignes/Ligne/ReferenceProduit", ("lines", 0, "seller_item", 0)),
    ("DonneesFacture/Lignes/Ligne/PrixUnitaire", ("lines", 0, "net_price", 0)),
    ("DonneesFacture/Lignes/Ligne/Quantite", ("lines", 0, "quantity", 0)),
    ("DonneesFacture/Lignes/Ligne/MontantHT", ("lines", 0, "net_amount", 0)),
    ("DonneesFacture/Lignes/Ligne/TauxTVA", ("lines", 0, "tax_categories", 0, "rate", 0)),
    ("PJ/NomPJ", ("attachments", 0, "filename", 0)),
    ("PJ/CategoriePJ", ("attachments", 0, "description", 0)),
    ("PJ/TypePJ", ("attachments", 0, "type_code", 0)),
    ("PJ/MimeTypePJ", ("attachments", 0, "mime_code", 0)),
    ("PJ/Contenu", ("attachments", 0, "content", 0)),
]
VAT = [("Taux", "rate"), ("BaseHt", "base"), ("MontantTVA", "tax")]
ROWS = [
    *((PIVOT, path, place) for path, place in BOTH),
    *((MIXTE, path, place) for path, place in BOTH),
    *((PIVOT, f"DonneesFacture/TVAs/TVA/{tag}", ("tax_totals", 0, "breakdown", 0, field, 0)) for tag, field in VAT),
    *((MIXTE, f"DonneesFacture/TVAS/TVA/{tag}", ("tax_totals", 0, "breakdown", 0, field, 0)) for tag, field in VAT),
    (PIVOT, "DonneesFacture/Renvoi", ("resubmission", 0)),
]


def nest(path: str, text: str = "") -> str:
    tags = path.split("/")
    return "".join(f"<{tag}>" for tag in tags) + text + "".join(f"</{tag}>" for tag in reversed(tags))


def document(syntax: SyntaxFormat, *units: str) -> Element:
    unit = UNITS[syntax.name]
    held = "".join(f"<{unit}>{each}</{unit}>" for each in units)
    return parse(f"<{syntax.name}><Enveloppe/><CPPFactures>{held}</CPPFactures></{syntax.name}>")


def read(syntax: SyntaxFormat, unit: str) -> Invoice:
    (invoice,) = syntax.read(document(syntax, unit))
    return invoice


@pytest.mark.parametrize(("syntax", "path", "place"), ROWS)
def test_each_element_goes_into_its_term(syntax: SyntaxFormat, path: str, place: Place) -> None:
    term = term_at(read(syntax, nest(path, text="the text")), place)
    assert term is not None
    assert term.text == "the text"


@pytest.mark.parametrize(("syntax", "path", "place"), ROWS)
def test_each_term_is_located_in_its_own_unit(syntax: SyntaxFormat, path: str, place: Place) -> None:
    root = document(syntax, nest(path), nest(path))
    position = syntax.locate(syntax.holders(root)[1], place)
    steps = [re.sub(r"\[\d+\]", "", step) for step in position.xpath.split("/")]
    assert f"/{UNITS[syntax.name]}[2]/" in position.xpath
    assert "/".join(steps[4:]) == path


def test_the_type_of_an_identifier_qualifies_it() -> None:
    invoice = read(
        PIVOT,
        "<Fournisseur><TypeIdentifiant> 2 </TypeIdentifiant><Identifiant>FR1</Identifiant></Fournisseur>"
        "<Debiteur><TypeIdentifiant>1</TypeIdentifiant><Identifiant>S</Identifiant></Debiteur>",
    )
    assert (invoice.seller.identifiers[0].qualifier, invoice.buyer.identifiers[0].qualifier) == ("2", "1")


@pytest.mark.parametrize(
    ("attribute", "slot", "qualifier"),
    [
        ('Type="IBAN"', "identifier", "IBAN"),
        ("", "identifier", None),
        ('Type="RIB"', "proprietary", None),  # says that it is no IBAN
    ],
)
def test_a_bank_reference_is_what_its_type_says(attribute: str, slot: str, qualifier: str | None) -> None:
    unit = f"<Fournisseur><ReferenceBancaire {attribute}><Compte>X</Compte></ReferenceBancaire></Fournisseur>"
    (account,) = read(PIVOT, unit).payment_means[0].accounts
    assert getattr(account, slot) == (("X", qualifier),)


def test_bank_reference_and_payment_code_are_one_payment_means() -> None:
    (means,) = PIVOT.read(parse(write_pivot([PivotSample()]).decode().partition("\n")[2]))[0].payment_means
    assert (means.code[0].text, means.accounts[0].identifier[0].qualifier) == ("30", "IBAN")


def test_the_service_code_is_found_where_the_rules_look_for_it() -> None:
    assert find_code_service(read(PIVOT, "<Debiteur><CodeService> D2250 </CodeService></Debiteur>")) == "D2250"


def test_a_line_is_numbered_by_its_attribute() -> None:
    unit = '<DonneesFacture><Lignes><Ligne NumOrdre="7"/></Lignes></DonneesFacture>'
    assert read(PIVOT, unit).lines[0].identifier == (("7", None),)


def test_a_document_holds_as_many_invoices_as_units() -> None:
    root = document(PIVOT, *(nest("DonneesFacture/Id", text=f"F{number}") for number in range(3)))
    assert [invoice.number[0].text for invoice in PIVOT.read(root)] == ["F0", "F1", "F2"]
    assert PIVOT.read(document(PIVOT)) == ()


VERSIONS = [
    ('Version="V2_02"', "cpp-pivot-2.02"),
    ('Version="V1_22"', "cpp-pivot-2.02"),
    ('Version="V1_21"', "cpp-pivot-1.21"),
    ('Version="V1_20"', "cpp-pivot-1.20"),
    ("", "cpp-pivot-2.02"),
    ('xsi:noNamespaceSchemaLocation="CPPFacturePivot_V1_20.xsd"', "cpp-pivot-1.20"),
    ('xsi:noNamespaceSchemaLocation="FEN0036A"', "cpp-pivot-2.02"),
]


@pytest.mark.parametrize(("attribute", "schema"), VERSIONS)
def test_the_version_that_the_root_declares_picks_its_schema(attribute: str, schema: str) -> None:
    xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    root = parse(f"<CPPFacturePivot {xsi} {attribute}/>")
    assert (schema_of(root), PIVOT.schemas(None, root)) == (schema, (schema,))


# --- schemas

GOOD_PIVOT = write_pivot([PivotSample(sample=Sample(line_count=2), renvoi="Non")])
GOOD_MIXTE = write_mixte([PivotSample(sample=Sample(line_count=2))])


def verdict(data: bytes, syntax: SyntaxFormat) -> list[tuple[str | None, str | None]]:
    """What the schema says: business term, and what was found."""
    root = TreeReader(LIMITS).read(data).root
    assert root is not None
    (schema,) = syntax.schemas(None, root)
    compiled = our_schemas().compiled(schema, syntax.name)
    return [(seen.term, seen.found) for seen in check_schema(root, compiled, LIMITS, len(data))]


def in_version(version: str) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(b'Version="V2_02"', f'Version="{version}"'.encode())


def with_cadre(cadre: str) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(b"<Cadre>A1<", f"<Cadre>{cadre}<".encode())


def typed(kind: str) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(b"<TypePJ>01<", f"<TypePJ>{kind}<".encode())


CHANGES = [
    ("V2_02", with_cadre("A25"), True),
    ("V2_02", with_cadre("A11"), False),
    ("V1_22", with_cadre("A11"), False),
    ("V1_21", with_cadre("A11"), True),
    ("V1_21", with_cadre("A22"), False),
    ("V1_20", with_cadre("A11"), True),
    ("V1_20", typed("1"), True),
    ("V1_20", typed("01"), True),
    ("V1_20", typed("3"), False),
    ("V1_21", typed("1"), False),
    ("V2_02", typed("1"), False),
]


@pytest.mark.parametrize(("version", "change", "accepted"), CHANGES)
def test_each_version_has_its_frames_and_its_types(
    version: str, change: Callable[[bytes], bytes], *, accepted: bool
) -> None:
    assert (verdict(change(in_version(version)(GOOD_PIVOT)), PIVOT) == []) is accepted


XSI_STRING = b' xmlns:xs="http://www.w3.org/2001/XMLSchema" xsi:type="xs:string">'
ACCEPTED = [
    (GOOD_PIVOT, PIVOT),
    (GOOD_MIXTE, MIXTE),
    (GOOD_PIVOT.replace(b"<RaisonSociale>", b"<RaisonSociale" + XSI_STRING), PIVOT),
    (GOOD_MIXTE.replace(b"<MimeTypePJ>", b"<MimeTypePJ" + XSI_STRING), MIXTE),
    (GOOD_MIXTE.replace(b"<Code>30<", b"<Code>01<"), MIXTE),  # the list of payment codes is open
    (GOOD_MIXTE.replace(b"<Devise>", b"<Note>x</Note><Devise>"), MIXTE),
    (GOOD_MIXTE.replace(b"<Type>380<", b"<IdFactureOrigine>F1</IdFactureOrigine><Type>381<"), MIXTE),
    (GOOD_PIVOT.replace(b"FR1420041010050500013M02606", b"FR24 2002 0101"), PIVOT),  # free text
    (write_pivot([PivotSample(account_type="RIB")]), PIVOT),
    (write_pivot([PivotSample(account_type="")]), PIVOT),
]


@pytest.mark.parametrize(("data", "syntax"), ACCEPTED)
def test_a_schema_accepts_what_the_field_writes(data: bytes, syntax: SyntaxFormat) -> None:
    assert verdict(data, syntax) == []


REFUSED = [
    (GOOD_PIVOT, PIVOT, b"<Devise>EUR", b"<Devise>eur", ("BT-5", "eur")),
    (GOOD_PIVOT, PIVOT, b"<Type>380", b"<Type>389", ("BT-3", "389")),
    (GOOD_PIVOT, PIVOT, b"<Code>30", b"<Code>58", ("BT-81", "58")),
    (GOOD_PIVOT, PIVOT, b"        <Devise>EUR</Devise>\n", b"", ("BT-5", "DonneesFacture")),
    (GOOD_PIVOT, PIVOT, b'<Ligne NumOrdre="2">', b"<Ligne>", ("BG-25", "Ligne")),
    (GOOD_PIVOT, PIVOT, b"<Identifiant>11000201100044", b"<Identifiant>1100020110004", ("BT-46", "1100020110004")),
    (GOOD_PIVOT, PIVOT, b"<Id>SEI001", b"<Id>SEI001X99", (None, "SEI001X99")),
    (GOOD_PIVOT, PIVOT, b"TVAs>", b"TVAS>", (None, "TVAS")),
    (GOOD_MIXTE, MIXTE, b"TVAS>", b"TVAs>", (None, "TVAs")),
    (GOOD_MIXTE, MIXTE, b"<Devise>EUR", b"<Devise>eur", ("BT-5", "eur")),
    (GOOD_MIXTE, MIXTE, b"<Cadre>A1", b"<Cadre>A26", ("BT-23", "A26")),
]


@pytest.mark.parametrize(("good", "syntax", "before", "after", "fault"), REFUSED)
def test_a_schema_refuses_the_rest_and_names_the_term(
    good: bytes, syntax: SyntaxFormat, before: bytes, after: bytes, fault: tuple[str | None, str | None]
) -> None:
    assert before in good
    assert fault in verdict(good.replace(before, after), syntax)
