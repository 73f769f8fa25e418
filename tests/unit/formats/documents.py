"""Small documents of our own, in which every text is the name of the term that it stands for."""

from lxml import etree

from flux.formats.reader import TreeReader
from flux.formats.tree import Element
from flux.model.finding import Place
from flux.model.invoice import Invoice
from flux.model.limits import Limits
from flux.model.term import Term

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
UN = "urn:un:unece:uncefact:data:standard:"


def parse(text: str) -> Element:
    root = TreeReader(Limits()).read(text.encode()).root
    assert root is not None
    return root


def ubl(body: str, root: str = "Invoice") -> Element:
    return parse(
        f'<u:{root} xmlns:u="{UBL}{root}-2" xmlns:cac="{UBL}CommonAggregateComponents-2"'
        f' xmlns:cbc="{UBL}CommonBasicComponents-2" xmlns:ext="{UBL}CommonExtensionComponents-2">{body}</u:{root}>'
    )


def cii(body: str) -> Element:
    return parse(
        f'<rsm:CrossIndustryInvoice xmlns:rsm="{UN}CrossIndustryInvoice:100"'
        f' xmlns:ram="{UN}ReusableAggregateBusinessInformationEntity:100" xmlns:udt="{UN}UnqualifiedDataType:100"'
        f' xmlns:qdt="{UN}QualifiedDataType:100">{body}</rsm:CrossIndustryInvoice>'
    )


def cii_transaction(agreement: str = "", delivery: str = "", settlement: str = "", lines: str = "") -> Element:
    return cii(
        f"<rsm:SupplyChainTradeTransaction>{lines}"
        f"<ram:ApplicableHeaderTradeAgreement>{agreement}</ram:ApplicableHeaderTradeAgreement>"
        f"<ram:ApplicableHeaderTradeDelivery>{delivery}</ram:ApplicableHeaderTradeDelivery>"
        f"<ram:ApplicableHeaderTradeSettlement>{settlement}</ram:ApplicableHeaderTradeSettlement>"
        "</rsm:SupplyChainTradeTransaction>"
    )


def term_at(invoice: Invoice, place: Place) -> Term | None:
    """The term at a place, None where there is none."""
    held: object = invoice
    for step in place:
        if isinstance(step, str):
            held = getattr(held, step)
        elif isinstance(held, tuple) and step < len(held):
            held = held[step]
        else:
            return None
    assert isinstance(held, Term)
    return held


def render(root: Element) -> str:
    return etree.tostring(root, encoding="unicode")
