"""Which structure a party says that it is: the kind of its identifier and its characters, as the register looks it up.

A SIRET wins over the other kinds; a SIREN names a company and no structure. Legacy Chorus writes the kind as 1 to 7, the
reform as a scheme of ISO 6523. A foreign supplier that gives its VAT number alone is known by it. Source: Chorus Pro,
TypeIdentifiant; codes of the reform.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from flux.model.finding import Place
from flux.model.invoice import Invoice, Party
from flux.model.register import SCHEMES, IdentifierType, StructureId
from flux.model.term import Term
from flux.rules.country import is_french
from flux.rules.party import claims_siret, country_of
from flux.rules.quote import LONGEST_QUOTE, quote

KINDS: Mapping[str, IdentifierType] = {
    **{kind.value: kind for kind in IdentifierType},
    **{scheme: kind for kind, scheme in SCHEMES.items()},
}

_FIELDS = ("identifiers", "legal_identifiers")


class Claimed(NamedTuple):
    """A structure that a party says it is, the business term and the place where it says so."""

    id: StructureId
    term: str
    place: Place

    @property
    def shown(self) -> str:
        """The identifier as people may see it: that of a person holds where and when it was born."""
        if self.id.type is IdentifierType.INDIVIDUAL:
            return f"{self.id.value[:1]}…"
        return quote(self.id.value)


def find_supplier(invoice: Invoice) -> Claimed | None:
    """The structure that sells, None where no identifier is of a kind that the register knows."""
    return _find(invoice.seller, "sellers", ("BT-29", "BT-30", "BT-31"))


def find_recipient(invoice: Invoice) -> Claimed | None:
    """The structure that buys, None where the invoice gives no SIRET of it: public entities have no other identifier."""
    found = _find(invoice.buyer, "buyers", ("BT-46", "BT-47", "BT-48"))
    return found if found is not None and found.id.type is IdentifierType.SIRET else None


def find_payees(invoice: Invoice) -> tuple[StructureId, ...]:
    """The structures that are to be paid in the supplier's place, BG-10."""
    found = (_find(party, "payees", ("BT-60", "BT-61", "BG-10")) for party in invoice.payees)
    return tuple(each.id for each in found if each is not None)


def supplier_sirets(invoice: Invoice) -> Iterator[str]:
    """Every SIRET that the seller claims, wherever it stands."""
    for field in _FIELDS:
        for term in _terms(invoice.seller, field):
            if claims_siret(term, is_french=is_french(country_of(invoice.seller))):
                yield _compact(term.text)


def _find(party: Party, role: str, terms: tuple[str, str, str]) -> Claimed | None:
    claims = list(_claims(party, role, terms))
    sirets = (claim for claim in claims if claim.id.type is IdentifierType.SIRET)
    return next(sirets, None) or next(iter(claims), None)


def _claims(party: Party, role: str, terms: tuple[str, str, str]) -> Iterator[Claimed]:
    french = is_french(country_of(party))
    for field, name in zip(_FIELDS, terms, strict=False):
        for position, term in enumerate(_terms(party, field)):
            kind = _kind_of(term, is_party_french=french)
            if kind is not None:
                yield Claimed(StructureId(kind, _compact(term.text)), name, (role, 0, field, position))
    if not french:
        for position, term in enumerate(party.vat_identifiers):
            if term.text.strip():
                claimed = StructureId(IdentifierType.EU_VAT, _compact(term.text))
                yield Claimed(claimed, terms[2], (role, 0, "vat_identifiers", position))


def _kind_of(term: Term, *, is_party_french: bool) -> IdentifierType | None:
    if claims_siret(term, is_french=is_party_french):
        return IdentifierType.SIRET
    return KINDS.get(term.qualifier) if term.qualifier and term.text.strip() else None


def _terms(party: Party, field: str) -> tuple[Term, ...]:
    return party.identifiers if field == "identifiers" else party.legal_identifiers


def _compact(text: str) -> str:
    """The characters in capitals without spaces; an endless text is cut, for no structure has it."""
    return "".join(text[: 2 * LONGEST_QUOTE].split()).upper()
