"""Where a term was read is where it is said to be."""

import pytest

from flux.formats.position import position_of, prefixes_of
from flux.formats.syntax import CII, UBL, SyntaxFormat, syntax_of
from flux.formats.tree import Element
from flux.model.finding import Place
from tests.unit.formats import test_cii, test_ubl
from tests.unit.formats.documents import cii, parse, render, term_at, ubl


def whole_ubl() -> Element:
    """Every term of the table twice over, under distinct texts."""
    rows = [*test_ubl.NESTED, *test_ubl.NESTED]
    notes = "<cbc:ID>F1</cbc:ID><cbc:Note>#PMT#forty euros</cbc:Note>"
    return ubl(notes + "".join(test_ubl.nest(path, text=f"text {n}") for n, (path, _) in enumerate(rows)))


def whole_cii() -> Element:
    rows = [*test_cii.TRANSACTION, *test_cii.TRANSACTION]
    body = "".join(test_cii.nest(path, text=f"text {n}") for n, (path, _) in enumerate(rows))
    return cii(f"<rsm:SupplyChainTradeTransaction>{body}</rsm:SupplyChainTradeTransaction>")


def element_at(root: Element, xpath: str) -> Element:
    found = root.xpath(xpath, namespaces=prefixes_of(root))
    assert isinstance(found, list)
    assert len(found) == 1
    assert isinstance(found[0], Element)
    return found[0]


@pytest.mark.parametrize(("root", "syntax"), [(whole_ubl(), UBL), (whole_cii(), CII)], ids=["ubl", "cii"])
def test_every_term_is_located_at_the_element_that_holds_its_text(root: Element, syntax: SyntaxFormat) -> None:
    table = syntax.tables[str(root.tag)]
    (invoice,) = syntax.read(root)
    places = [place for place, element in table.places(root) if not len(element) and len(place) % 2 == 0]
    assert len(places) > 150
    for place in places:
        term = term_at(invoice, place) if place[-2] != "notes" else None
        position = syntax.locate(root, place)
        assert term is None or term.text in (element_at(root, position.xpath).text or ""), place
        assert position.line


def test_the_tree_may_use_any_prefixes() -> None:
    plain = whole_ubl()
    odd = parse(
        render(plain)
        .replace("cbc:", "q1:")
        .replace(":cbc=", ":q1=")
        .replace("u:Invoice", "Invoice")
        .replace("xmlns:u=", "xmlns=")
    )
    assert UBL.read(odd) == UBL.read(plain)
    assert UBL.locate(odd, ("number", 0)).xpath == "/ubl:Invoice/q1:ID[1]"


# A place of a document that has a seller without an address, and the path of the nearest group.
NEAREST = [
    (("sellers", 0, "addresses", 0, "country", 0), "/u:Invoice/cac:AccountingSupplierParty[1]"),
    (("sellers", 0, "name", 0), "/u:Invoice/cac:AccountingSupplierParty[1]"),
    # a place without an occurrence is the first one
    (("sellers", 0, "name"), "/u:Invoice/cac:AccountingSupplierParty[1]"),
    (("sellers", 0), "/u:Invoice/cac:AccountingSupplierParty[1]"),
    (("buyers", 0, "name", 0), "/u:Invoice"),
    (("number", 0), "/u:Invoice"),
    ((), "/u:Invoice"),
    (("unheard_of", 0), "/u:Invoice"),
]


@pytest.mark.parametrize(("place", "xpath"), NEAREST)
def test_an_absent_term_is_located_at_the_nearest_group(place: Place, xpath: str) -> None:
    root = ubl("<cac:AccountingSupplierParty><cac:Party/></cac:AccountingSupplierParty>")
    assert UBL.locate(root, place).xpath == xpath


def test_a_term_that_stands_outside_its_group_is_located_where_it_stands() -> None:
    root = test_cii.transaction(test_cii.nest("ApplicableHeaderTradeSettlement/PaymentReference"))
    xpath = CII.locate(root, ("payment_means", 0, "remittance", 0)).xpath
    assert xpath.endswith("/ram:PaymentReference[1]")


def test_a_group_that_no_element_opened_is_located_at_what_surrounds_it() -> None:
    root = ubl(test_ubl.nest("TaxTotal/TaxAmount"))
    assert UBL.locate(root, ("totals", 0, "due", 0)).xpath == "/u:Invoice"


# Documents whose namespaces are declared in odd places, and the path of their last element.
PREFIXES = [
    ('<a xmlns="urn:x"><b/></a>', "/ns1:a/ns1:b[1]"),
    ('<ns1:a xmlns:ns1="urn:y" xmlns="urn:x"><b/></ns1:a>', "/ns1:a/ns12:b[1]"),
    ('<a><b xmlns="urn:x"/></a>', "/a/*[local-name()='b' and namespace-uri()='urn:x'][1]"),
    ("<a><b/><b/></a>", "/a/b[2]"),
    ("<a><b/><c/><b/></a>", "/a/b[2]"),
]


@pytest.mark.parametrize(("xml", "xpath"), PREFIXES)
def test_a_path_can_be_evaluated_whatever_the_namespaces(xml: str, xpath: str) -> None:
    root = parse(xml)
    last = list(root.iter())[-1]
    assert position_of(last).xpath == xpath
    assert element_at(root, xpath) is last


def test_the_line_is_that_of_the_element() -> None:
    root = parse("<a>\n\n<b\n/></a>")
    assert position_of(root[0]).line in (3, 4)


def test_a_root_of_no_syntax_has_none() -> None:
    assert syntax_of(parse("<a/>")) is None
