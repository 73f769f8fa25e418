"""BR-FR-09..11, 24, 26, BR-FR-CO-14, BR-FR-CO-15: SIREN, SIRET and routing codes of the parties.

Identifiers under 0002 and 0231, and schemes given twice, are judged by the syntaxes (`flux.formats.french_identifiers`), wherever they stand.
"""

from collections.abc import Callable
from functools import lru_cache
from string import ascii_letters, digits

from flux.model.finding import Place
from flux.model.invoice import Delivery, Invoice, Party
from flux.model.term import Term, Terms
from flux.rules.br_fr.notes import contents, is_domestic
from flux.rules.br_fr.texts import plain, qualified
from flux.rules.rule import CII, AnyRule, Hit, Matter, Rule

SIREN, SIRET, ROUTING, MEMBER = "0002", "0009", "0224", "0231"
MEMBER_NOTE = "MEMBRE_ASSUJETTI_UNIQUE"
LONGEST_ROUTING = 100
_DIGITS = frozenset(digits)
_CODE = frozenset(ascii_letters + digits + "+-_.")


def is_number(text: str, length: int) -> bool:
    """True for so many digits."""
    return len(text) == length and _DIGITS.issuperset(text)


@lru_cache(maxsize=1024)
def is_code(text: str) -> bool:
    """True for letters, digits and `+ - _ .`."""
    return bool(text) and _CODE.issuperset(text)


def sirens(party: Party) -> list[str]:
    """The SIREN of a party (BT-30, BT-47)."""
    return qualified(party.legal_identifiers, SIREN)


def _siret_of(identifiers: Terms, legal: Terms, field: str, term: str, *, siren_is_needed: bool) -> Hit | None:
    """BR-FR-09: the SIRET begins with the SIREN of the same party; parties may do without one where none is needed."""
    for index, held in enumerate(identifiers):
        if held.qualifier == SIRET:
            siren = next((text for text in qualified(legal, SIREN) if text), "")
            if is_number(held.text, 14) and (held.text[:9] == siren or not (siren or siren_is_needed)):
                return None
            return Hit(
                found=held.text, expected=f"{siren}..." if siren else None, place=(field, index), term=term, detail=term
            )
    return None


def _party_siret(term: str, *, siren_is_needed: bool = False) -> Callable[[Party, Matter], Hit | None]:
    def check(party: Party, _: Matter) -> Hit | None:
        if not party.identifiers:
            return None
        return _siret_of(
            party.identifiers, party.legal_identifiers, "identifiers", term, siren_is_needed=siren_is_needed
        )

    return check


def _delivery_siret(term: str) -> Callable[[Delivery, Matter], Hit | None]:
    def check(delivery: Delivery, _: Matter) -> Hit | None:
        if not delivery.location:
            return None
        return _siret_of(delivery.location, delivery.legal_identifiers, "location", term, siren_is_needed=False)

    return check


def _seller_siren(invoice: Invoice, _: Matter) -> Hit | None:
    held = [text for seller in invoice.sellers for text in sirens(seller)]
    if held and is_number(plain(held[0]), 9):
        return None
    return Hit(found=held[0] if held else None, place=("sellers", 0, "legal_identifiers", 0))


def _buyer_siren(invoice: Invoice, matter: Matter) -> Hit | None:
    if not is_domestic(matter):
        return None
    held = [text for buyer in invoice.buyers for text in sirens(buyer)]
    if held and is_number(plain(held[0]) if matter.is_ubl else held[0], 9):
        return None
    return Hit(found=held[0] if held else None, place=("buyers", 0, "legal_identifiers", 0))


def _routing(term: str) -> Callable[[Party, Matter], list[Hit] | None]:
    """BR-FR-24, BR-FR-26: how a routing code is written, and how long it may be."""

    def check(party: Party, _: Matter) -> list[Hit] | None:
        hits: list[Hit] = []
        for index, held in enumerate(party.identifiers):
            if held.qualifier == ROUTING:
                hits.extend(_routing_hits(held, ("identifiers", index), term))
        return hits or None

    return check


def _routing_hits(held: Term, place: Place, term: str) -> list[Hit]:
    faults = (("BR-FR-24", not is_code(held.text)), ("BR-FR-26", len(held.text) > LONGEST_ROUTING))
    return [
        Hit(code=code, found=held.text, place=place, term=term, detail=term) for code, is_fault in faults if is_fault
    ]


def _member_note(invoice: Invoice, matter: Matter) -> Hit | None:
    if not _is_member(invoice) or MEMBER_NOTE in contents(matter, "TXD"):
        return None
    return Hit(expected=MEMBER_NOTE, term="BT-22")


def _member_representative(invoice: Invoice, matter: Matter) -> Hit | None:
    if not _is_member(invoice):
        return None
    for party in invoice.tax_representatives:
        numbers = party.vat_identifiers + party.tax_registrations if matter.is_ubl else party.vat_identifiers
        if any(term.text for term in numbers):
            return None
    return Hit(place=("tax_representatives", 0, "vat_identifiers", 0), term="BT-63")


def _is_member(invoice: Invoice) -> bool:
    """True where the seller is a member of a single taxable person (assujetti unique): it has an identifier under 0231."""
    return any(term.qualifier == MEMBER for seller in invoice.sellers for term in seller.identifiers)


_OTHERS = (
    ("payees", "BT-60"),
    ("buyer_agents", "EXT-FR-FE-06"),
    ("payers", "EXT-FR-FE-46"),
    ("seller_agents", "EXT-FR-FE-69"),
    ("invoicees", "EXT-FR-FE-92"),
    ("invoicers", "EXT-FR-FE-115"),
)

RULES: tuple[AnyRule, ...] = (
    Rule(code="BR-FR-09", on="sellers", check=_party_siret("BT-29", siren_is_needed=True)),
    Rule(code="BR-FR-09", on="buyers", check=_party_siret("BT-46", siren_is_needed=True)),
    *(Rule(code="BR-FR-09", on=on, check=_party_siret(term)) for on, term in _OTHERS),
    Rule(code="BR-FR-09", on="deliveries", check=_delivery_siret("BT-71")),
    Rule(code="BR-FR-09", on="lines.deliveries", check=_delivery_siret("EXT-FR-FE-146"), syntaxes=CII),
    # UBL asks it of each legal entity, as the syntax does.
    Rule(code="BR-FR-10", detail="BT-30", check=_seller_siren, syntaxes=CII),
    Rule(code="BR-FR-11", detail="BT-47", check=_buyer_siren),
    *(
        Rule(code="BR-FR-24", on=on, check=_routing(term), codes=("BR-FR-24", "BR-FR-26"))
        for on, term in (("sellers", "BT-29"), ("buyers", "BT-46"))
    ),
    Rule(code="BR-FR-CO-14", detail="BT-29-1", check=_member_note),
    Rule(code="BR-FR-CO-15", detail="BT-29-1", check=_member_representative),
)
