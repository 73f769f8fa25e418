"""Which rule sets judge which invoice: by interface, profile (BT-24), cadre (BT-23), notes, and what the register knows.

Legacy Chorus invoices are no EN 16931 invoices and have a set of their own: an interface or a cadre A1 to A25 makes them
so. In the reform the profile names the first set; BR-FR comes on top for French invoices, BR-FR-CPRO for those to the
public sector. A set that this version does not hold is named all the same, so that it can be said not to have run.
Sources: EN 16931 and the French extension for BT-24; XP Z12-012 for public recipients (note ADN); Chorus Pro EDI annex.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flux.model.finding import Observation
from flux.model.interface import Family, Interface, Syntax
from flux.model.invoice import Invoice, Party
from flux.model.register import RegisterView
from flux.model.term import text_of
from flux.rules.country import is_french
from flux.rules.party import claims_siren, country_of
from flux.rules.quote import quote

# The set of the choice itself: a profile that no set knows.
RULESET = "profile"
VERSION = "1"  # goes up whenever the choice would be another one on the same invoice

CHORUS, EN16931, EXTENDED, BR_FR, BR_FR_CPRO = "chorus", "en16931", "extended-ctc-fr", "br-fr", "br-fr-cpro"
# Without lines they are no EN 16931 invoices, nor those that BR-FR speaks of.
_WITHOUT_LINES = frozenset({"facturx-minimum", "facturx-basicwl"})
_FACTURX = _WITHOUT_LINES | {"facturx-basic", "facturx-en16931", "facturx-extended"}
_FACTURX_SYNTAXES = frozenset({Syntax.CII, Syntax.FACTURX})
_EN16931_URN = "urn:cen.eu:en16931:2017"
_FRENCH_URN = "urn.cpro.gouv.fr"
# Deposits of platforms to Chorus Pro, the channel of invoices to public entities.
_TO_PUBLIC = frozenset({"FSO1150A", "FSO1156A", "FSO1157A"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """All that the choice depends on. `profile` is the short name of BT-24, or the one that somebody states for it."""

    invoice: Invoice
    profile: str | None
    family: Family
    syntax: Syntax
    interface: Interface | None = None
    register: RegisterView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The names of the sets that judge an invoice, in the order in which they run, and what is wrong with its profile."""

    sets: tuple[str, ...]
    observations: tuple[Observation, ...] = ()


def choose(question: Question) -> Choice:
    """The rule sets for an invoice, the first one that of its profile; none where no set knows the profile."""
    if question.family is Family.LEGACY:
        return Choice(sets=(CHORUS,))
    first = _profile_set(question)
    if first is None:
        return Choice(sets=(), observations=(_unknown(question),))
    return Choice(sets=(first, *_french_sets(question, first)))


def _profile_set(question: Question) -> str | None:
    profile, declared = question.profile, text_of(question.invoice.profile)
    if profile in _FACTURX and question.syntax in _FACTURX_SYNTAXES:
        return profile
    if profile in (EN16931, EXTENDED):
        return profile
    # An invoice that declares nothing is told so by BR-01.
    is_silent = not declared and profile in (None, CHORUS)
    return EN16931 if is_silent or declared.startswith(_EN16931_URN) else None


def _french_sets(question: Question, first: str) -> Iterator[str]:
    if first in _WITHOUT_LINES:
        return
    if is_french_invoice(question):
        yield BR_FR
    if is_to_public(question):
        yield BR_FR_CPRO


def is_french_invoice(question: Question) -> bool:
    """True for an invoice of the reform: deposited as one, of a French profile, or of a French seller."""
    if question.interface is not None or question.profile == EXTENDED:
        return True
    return _FRENCH_URN in text_of(question.invoice.profile) or _is_french_party(question.invoice.seller)


def _is_french_party(party: Party) -> bool:
    """True where the country says so or, without one, a SIREN or a French VAT number."""
    country = country_of(party)
    if country:
        return is_french(country)
    return any(map(claims_siren, party.legal_identifiers)) or any(
        term.text.strip().startswith("FR") for term in party.vat_identifiers
    )


def is_to_public(question: Question) -> bool:
    """True for an invoice to a public entity: a note says so, the channel, or the directory."""
    if question.interface is not None and question.interface.code in _TO_PUBLIC:
        return True
    recipient = question.register.recipient if question.register is not None else None
    return _has_public_note(question.invoice) or (recipient is not None and recipient.is_public)


def _has_public_note(invoice: Invoice) -> bool:
    return any(text_of(note.subject_code) == "ADN" and text_of(note.text) == "B2G" for note in invoice.notes)


def _unknown(question: Question) -> Observation:
    declared = text_of(question.invoice.profile) or question.profile or ""
    return Observation(
        code="PROFILE_UNKNOWN",
        term="BT-24",
        place=("profile", 0) if question.invoice.profile else (),
        found=quote(declared),
    )
