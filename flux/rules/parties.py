"""The parties of an invoice: seller, buyer, payee, each by what identifies it."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from flux.model.finding import Observation
from flux.model.interface import Family
from flux.model.invoice import Invoice, Party
from flux.model.register import IdentifierType, RegisterView
from flux.model.term import Terms
from flux.rules.context import RuleContext
from flux.rules.country import is_french
from flux.rules.party import PartyFault, PartyIdentifiers, country_of
from flux.rules.quote import quote
from flux.rules.service import find_code_service
from flux.rules.siren import judge_sirens
from flux.rules.siret import judge_sirets
from flux.rules.vat import judge_vat_numbers

# The same suppliers and recipients come back all day: a few thousand of them make one.
REMEMBERED_PARTIES = 4096
# What a remembered party may weigh: a hostile one must not stay in memory.
REMEMBERED_CHARACTERS = 256


# Codes of wrong keys, and what is said instead where the register knows the identifier.
KEYS_THAT_YIELD = {"SIRET_CHECKSUM": "SIRET_CHECKSUM_KNOWN", "SIREN_CHECKSUM": "SIREN_CHECKSUM_KNOWN"}


class Role(NamedTuple):
    """A party's field in the invoice, and the business term of each field that identifies it."""

    field: str
    terms: Mapping[str, str]


SELLER = Role("sellers", {"identifiers": "BT-29", "legal_identifiers": "BT-30", "vat_identifiers": "BT-31"})
BUYER = Role("buyers", {"identifiers": "BT-46", "legal_identifiers": "BT-47", "vat_identifiers": "BT-48"})
# EN 16931 knows no VAT number of a payee.
PAYEE = Role("payees", {"identifiers": "BT-60", "legal_identifiers": "BT-61", "vat_identifiers": "BG-10"})


def check(invoice: Invoice, context: RuleContext) -> Iterator[Observation]:
    """SIRET, SIREN and VAT number of every seller, buyer and payee."""
    zeros = _name_zeros_of_recipient(invoice, context)
    known = known_sirets(context.register)
    for role, parties in ((SELLER, invoice.sellers), (BUYER, invoice.buyers), (PAYEE, invoice.payees)):
        for occurrence, party in enumerate(parties):
            for fault in judge_party(party):
                claim = fault.claim
                yield Observation(
                    code=zeros if role is BUYER and fault.code == "SIRET_ZEROS" else _yield_to(known, fault),
                    term=role.terms[claim.field],
                    place=(role.field, occurrence, claim.field, claim.position),
                    found=quote(claim.text),
                    expected=fault.expected,
                    detail=fault.official if context.family is Family.AFNOR else None,
                )


def known_sirets(register: RegisterView | None) -> frozenset[str]:
    """The SIRETs of the parties that the register knows, old as its sources may be: what they knew once exists."""
    if register is None:
        return frozenset()
    structures = (register.supplier, register.recipient)
    establishments = (register.supplier_establishment, register.recipient_establishment)
    return frozenset(
        (
            *(each.id.value for each in structures if each is not None and each.id.type is IdentifierType.SIRET),
            *(each.siret for each in establishments if each is not None),
        )
    )


def _yield_to(known: frozenset[str], fault: PartyFault) -> str:
    """The code of a fault; a wrong key gives way to a register that knows the identifier all the same."""
    if known and fault.code in KEYS_THAT_YIELD and any(siret.startswith(fault.claim.text) for siret in known):
        return KEYS_THAT_YIELD[fault.code]
    return fault.code


def judge_party(party: Party) -> tuple[PartyFault, ...]:
    """All that is wrong with the identifiers of a party, whatever its role."""
    values = (party.identifiers, party.legal_identifiers, party.vat_identifiers)
    french = is_french(country_of(party))
    return _judge_remembered(*values, french=french) if _is_light(values) else _judge(*values, french=french)


def _is_light(values: tuple[Terms, Terms, Terms]) -> bool:
    weight = sum(1 + len(term.text) + len(term.qualifier or "") for terms in values for term in terms)
    return weight <= REMEMBERED_CHARACTERS


def _judge(
    identifiers: Terms, legal_identifiers: Terms, vat_identifiers: Terms, *, french: bool
) -> tuple[PartyFault, ...]:
    party = PartyIdentifiers(
        identifiers=identifiers,
        legal_identifiers=legal_identifiers,
        vat_identifiers=vat_identifiers,
        is_french=french,
    )
    return (*judge_sirets(party), *judge_sirens(party), *judge_vat_numbers(party))


_judge_remembered = lru_cache(maxsize=REMEMBERED_PARTIES)(_judge)


def _name_zeros_of_recipient(invoice: Invoice, context: RuleContext) -> str:
    """A recipient of zeros is nobody, except in Chorus formats a State body that its executing service names."""
    is_state = context.family is Family.LEGACY and find_code_service(invoice) != ""
    return "SIRET_ZEROS_STATE" if is_state else "SIRET_ZEROS_RECIPIENT"
