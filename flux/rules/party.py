"""The identifiers of a party: which claim to be a SIRET or a SIREN, and what is wrong with them, party by party.

An identifier claims to be what its scheme says: 0009 (ISO 6523) or 1 (legacy Chorus) a SIRET, 0002 a SIREN. Fourteen
digits under 0002, as Chorus Pro's own samples of Factur-X write them, are a SIRET in the place of a SIREN. Without a scheme, exactly 14 digits of a French party are a SIRET; abroad they are some number of that country. Both the private and
the legal identifiers are looked at: documents put a SIRET in either. Source: ISO 6523; Chorus Pro specification,
identifier types 1 to 7.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from flux.model.invoice import Party
from flux.model.term import Term, Terms, text_of
from flux.rules.numbers import XML_SPACE

SIRET_SCHEMES = frozenset({"0009", "1"})
SIREN_SCHEME = "0002"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyIdentifiers:
    """What identifies a party, and whether it may be French."""

    identifiers: Terms = ()
    legal_identifiers: Terms = ()
    vat_identifiers: Terms = ()
    is_french: bool = True

    def sirets(self) -> list["Claim"]:
        """The identifiers that claim to be a SIRET."""
        return self._claims(lambda term: claims_siret(term, is_french=self.is_french))

    def sirens(self) -> list["Claim"]:
        """The identifiers that claim to be a SIREN."""
        return self._claims(claims_siren)

    def _claims(self, is_claim: Callable[[Term], bool]) -> list["Claim"]:
        fields = (("identifiers", self.identifiers), ("legal_identifiers", self.legal_identifiers))
        return [
            Claim(text=term.text.strip(XML_SPACE), field=field, position=position)
            for field, terms in fields
            for position, term in enumerate(terms)
            if is_claim(term)
        ]


class Claim(NamedTuple):
    """An identifier that claims to be something, and its place in the party. `text` has no outer white space."""

    text: str
    field: str
    position: int


class PartyFault(NamedTuple):
    """What is wrong with an identifier. `official` is the rule of the AFNOR family that says the same."""

    code: str
    claim: Claim
    expected: str | None = None
    official: str | None = None


def country_of(party: Party) -> str:
    """The country of a party's first address, empty where it has none."""
    addresses = party.addresses or party.registered_addresses
    return text_of(addresses[0].country) if addresses else ""


def claims_siret(term: Term, *, is_french: bool) -> bool:
    """True for an identifier that says that it is a SIRET, or in a French party shows it by fourteen digits alone."""
    text = term.text.strip(XML_SPACE)
    if term.qualifier == SIREN_SCHEME:
        return is_digits(text, 14)
    if term.qualifier:
        return term.qualifier in SIRET_SCHEMES and text != ""
    return is_french and is_digits(text, 14)


def claims_siren(term: Term) -> bool:
    """True for an identifier that says that it is a SIREN."""
    return term.qualifier == SIREN_SCHEME and term.text.strip(XML_SPACE) != ""


def is_digits(text: str, length: int) -> bool:
    """True for exactly that many digits 0 to 9; str.isdigit alone takes those of every script."""
    return len(text) == length and text.isascii() and text.isdigit()
