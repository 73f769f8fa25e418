"""BR-FR-10 in UBL, BR-FR-32 and BR-FR-CO-10: identifiers and their schemes, wherever these stand in a document.

These rules look at elements that bear no term, at attributes whose absence the model does not tell from that of another,
and at parties that it does not hold.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from flux.formats import cii, ubl
from flux.formats.position import position_of
from flux.formats.tree import Element
from flux.formats.ubl_names import PREFIXES as UBL_PREFIXES
from flux.model.finding import Observation, Severity

RULESET = "br-fr"
SCHEME = "schemeID"
_SIREN = "0002"
_SIREN_SCHEMES = frozenset({_SIREN, "0231"})
_SIREN_LENGTH = 9
_DIGITS = frozenset("0123456789")
SPACE = " \t\r\n"


class Binding(NamedTuple):
    """How a syntax writes the identifiers of a party.

    `legal` is the tag of a child of `entity`. `private` is the tag of a child of `wrapper`, and stands right in the party where
    there is none. `place` is the tag of what identifies a place of delivery in no party, empty where a party does.
    `bearers` are the ways upwards to the parties and places whose schemes are judged, each with the business term.
    """

    entity: str
    legal: str
    wrapper: str
    private: str
    place: str
    detail: str
    bearers: Mapping[tuple[str, ...], str]

    @property
    def tags(self) -> Iterator[str]:
        """What the rules look at."""
        return filter(None, (self.entity, self.wrapper or self.private, self.place))


def _ways(namespace: str, ways: Mapping[str, str]) -> dict[tuple[str, ...], str]:
    return {tuple(f"{{{namespace}}}{step}" for step in reversed(way.split("/"))): term for way, term in ways.items()}


_CAC, _CBC, _RAM = UBL_PREFIXES["cac"], UBL_PREFIXES["cbc"], cii.PREFIXES["ram"]
# The way upwards to what a place is delivered for.
_DELIVERED = (f"{{{_CAC}}}DeliveryLocation", f"{{{_CAC}}}Delivery")

UBL = Binding(
    entity=f"{{{_CAC}}}PartyLegalEntity",
    legal=f"{{{_CBC}}}CompanyID",
    wrapper=f"{{{_CAC}}}PartyIdentification",
    private=f"{{{_CBC}}}ID",
    place=_DELIVERED[0],
    detail="ID",
    bearers=_ways(
        _CAC,
        {
            "AccountingSupplierParty/Party": "BT-29",
            "AccountingCustomerParty/Party": "BT-46",
            "PayeeParty": "BT-60",
            "AccountingCustomerParty/Party/AgentParty": "EXT-FR-FE-06",
            "PaymentMeans/PaymentMandate/PayerParty": "EXT-FR-FE-46",
            "AccountingSupplierParty/Party/AgentParty": "EXT-FR-FE-69",
            "AccountingCustomerParty/Party/ServiceProviderParty/Party": "EXT-FR-FE-92",
            "AccountingSupplierParty/Party/ServiceProviderParty/Party": "EXT-FR-FE-115",
        },
    )
    | {
        (*_DELIVERED, ubl.INVOICE_ROOT): "BT-71",
        (*_DELIVERED, ubl.CREDIT_NOTE_ROOT): "BT-71",
        (*_DELIVERED, f"{{{_CAC}}}InvoiceLine", ubl.INVOICE_ROOT): "EXT-FR-FE-146",
        (*_DELIVERED, f"{{{_CAC}}}CreditNoteLine", ubl.CREDIT_NOTE_ROOT): "EXT-FR-FE-146",
    },
)
CII = Binding(
    entity=f"{{{_RAM}}}SpecifiedLegalOrganization",
    legal=f"{{{_RAM}}}ID",
    wrapper="",
    private=f"{{{_RAM}}}GlobalID",
    place="",
    detail="GLOBALID",
    bearers=_ways(
        _RAM,
        {
            "ApplicableHeaderTradeAgreement/SellerTradeParty": "BT-29",
            "ApplicableHeaderTradeAgreement/BuyerTradeParty": "BT-46",
            "ApplicableHeaderTradeSettlement/PayeeTradeParty": "BT-60",
            "ApplicableHeaderTradeAgreement/BuyerAgentTradeParty": "EXT-FR-FE-06",
            "ApplicableHeaderTradeSettlement/PayerTradeParty": "EXT-FR-FE-46",
            "ApplicableHeaderTradeAgreement/SalesAgentTradeParty": "EXT-FR-FE-69",
            "ApplicableHeaderTradeSettlement/InvoiceeTradeParty": "EXT-FR-FE-92",
            "ApplicableHeaderTradeSettlement/InvoicerTradeParty": "EXT-FR-FE-115",
            "ApplicableHeaderTradeDelivery/ShipToTradeParty": "BT-71",
            "SpecifiedLineTradeDelivery/ShipToTradeParty": "EXT-FR-FE-146",
        },
    ),
)


def judge_identifiers(holder: Element) -> tuple[Observation, ...]:
    """What the rules say of the identifiers of a document."""
    binding = CII if holder.tag == cii.INVOICE_ROOT else UBL
    return tuple(_judge(holder, binding))


def _judge(holder: Element, binding: Binding) -> Iterator[Observation]:
    party: Element | None = None
    held: list[str | None] = []
    for element in holder.iter(*binding.tags):
        tag = element.tag
        if tag == binding.entity:
            yield from _legal_entity(element, binding)
            continue
        if tag == binding.place:
            schemes = [private.get(SCHEME) for private in element.iterchildren(binding.private)]
            yield from _schemes_of(element, schemes, binding)
            continue
        bearer = element.getparent()
        if bearer is not party:
            yield from _schemes_of(party, held, binding)
            party, held = bearer, []
        for private in element.iterchildren(binding.private) if binding.wrapper else (element,):
            scheme = private.get(SCHEME)
            held.append(scheme)
            if scheme in _SIREN_SCHEMES and not _is_siren(private):
                yield observe("BR-FR-32", private, binding.detail)
    yield from _schemes_of(party, held, binding)


def _legal_entity(entity: Element, binding: Binding) -> Iterator[Observation]:
    """Its SIREN is one, and a legal entity of the seller has one: CII asks that of the model."""
    sirens = [legal for legal in entity.iterchildren(binding.legal) if legal.get(SCHEME) == _SIREN]
    wrong = [legal for legal in sirens if not _is_siren(legal)]
    yield from (observe("BR-FR-32", legal, "LEGALID") for legal in wrong)
    if (wrong or not sirens) and binding is UBL and _term_of(_parent(entity), binding) == "BT-29":
        yield observe("BR-FR-10", wrong[0] if wrong else entity, "BT-30", "BT-30")


def _parent(element: Element) -> Element:
    parent = element.getparent()
    return element if parent is None else parent


def _is_siren(identifier: Element) -> bool:
    text = (identifier.text or "").strip(SPACE)
    return len(text) == _SIREN_LENGTH and _DIGITS.issuperset(text)


def _schemes_of(party: Element | None, held: list[str | None], binding: Binding) -> Iterator[Observation]:
    """BR-FR-CO-10: each identifier of a party or place has a scheme, and none has that of another."""
    if len(held) == 1 and held[0] is not None:
        return
    given = [scheme for scheme in held if scheme is not None]
    lacks, repeats = len(given) < len(held), len(set(given)) < len(given)
    if party is None or not (lacks or repeats):
        return
    term = _term_of(party, binding)
    if term is None:
        return
    if lacks:
        yield observe("BR-FR-CO-10", party, f"{term}-1", term)
    if repeats:
        yield observe("BR-FR-CO-10", party, f"{term}-2", term, ", ".join(sorted(given)))


def _term_of(party: Element, binding: Binding) -> str | None:
    way = [str(element.tag) for element in (party, *party.iterancestors())]
    return next((term for tags, term in binding.bearers.items() if tuple(way[: len(tags)]) == tags), None)


def observe(code: str, element: Element, detail: str, term: str | None = None, found: str | None = None) -> Observation:
    """What a rule says of an element, by default of its text."""
    position = position_of(element)
    return Observation(
        code=code,
        term=term,
        found=found or (element.text or "").strip() or None,
        detail=detail,
        line=position.line,
        xpath=position.xpath,
        severity=Severity.FATAL,
    )
