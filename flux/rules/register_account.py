"""The payee's account against the supplier's sheet: declared at the date of the invoice, approved, not changed lately, at home.

Never told to the sender. A RIB and the IBAN that is made of it are one account. Sources: Chorus Pro structure sheet, where
the recipient checks and not Chorus; fraud patterns of change-of-account (FOVI).
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from flux.model.account_hash import hash_account
from flux.model.finding import Observation, Place
from flux.model.invoice import Invoice
from flux.model.masking import mask_account
from flux.model.paris import in_paris
from flux.model.register import DeclaredAccount, IdentifierType, Structure
from flux.model.term import Terms
from flux.rules.activity import day_of
from flux.rules.context import RuleContext
from flux.rules.country import OVERSEAS_COUNTRIES, is_french
from flux.rules.iban import LONGEST, compact_iban, country_of_iban
from flux.rules.rib import RIB_COUNTRIES
from flux.rules.structure_id import find_payees

# A document may repeat accounts a million times; nobody is paid on more than a few.
ACCOUNTS_LOOKED_AT = 50

_FRENCH_IBAN_CHARACTERS = 27


class PayeeAccount(NamedTuple):
    """An account to be paid on as the invoice writes it, what makes it one with its other spelling, and its place."""

    text: str
    number: str
    place: Place


def unify(number: str) -> str:
    """The RIB inside a French or Monegasque IBAN, any other number in capitals without spaces as it is.

    >>> unify("FR14 2004 1010 0505 0001 3M02 606")
    '20041010050500013M02606'
    """
    compact = compact_iban(number)
    is_rib = len(compact) == _FRENCH_IBAN_CHARACTERS and compact[:2] in RIB_COUNTRIES
    return compact[4:] if is_rib else compact


def payee_accounts(invoice: Invoice) -> tuple[PayeeAccount, ...]:
    """The different accounts to be paid on, in the order of the document."""
    found: dict[str, PayeeAccount] = {}
    for account in _written(invoice):
        if account.number and account.number not in found:
            found[account.number] = account
        if len(found) == ACCOUNTS_LOOKED_AT:
            break
    return tuple(found.values())


def hash_accounts(invoice: Invoice, supplier: Structure | None, key: bytes) -> tuple[str, ...]:
    """The accounts to be paid on, each as a keyed hash, less those of a declared factor: many suppliers share them."""
    factors = {unify(each.number) for each in (supplier.accounts if supplier is not None else ()) if each.factor}
    return tuple(hash_account(key, each.number) for each in payee_accounts(invoice) if each.number not in factors)


def check(invoice: Invoice, context: RuleContext) -> Iterator[Observation]:
    """IBAN_NOT_DECLARED, _NOT_APPROVED, _DECLARED_LATELY or _FACTOR_PAYEE, and IBAN_FOREIGN, for each account."""
    supplier = context.register.supplier if context.register is not None else None
    if supplier is None:
        return
    day = day_of(invoice, context)
    for account in payee_accounts(invoice):
        yield from _check_sheet(account, supplier, invoice, day, context)
        country = _country_of(account)
        if country and not is_french(country) and _is_french_supplier(supplier):
            yield _observe("IBAN_FOREIGN", account, ("country", country))


def _written(invoice: Invoice) -> Iterator[PayeeAccount]:
    for position, means in enumerate(invoice.payment_means):
        for occurrence, account in enumerate(means.accounts):
            place = ("payment_means", position, "accounts", occurrence)
            yield from _read(account.identifier, (*place, "identifier"))
            yield from _read(account.proprietary, (*place, "proprietary"))


def _read(terms: Terms, place: Place) -> Iterator[PayeeAccount]:
    for position, term in enumerate(terms):
        text = term.text[: 2 * LONGEST].strip()
        yield PayeeAccount(text, unify(text)[:LONGEST], (*place, position))


def _check_sheet(
    account: PayeeAccount, supplier: Structure, invoice: Invoice, day: date, context: RuleContext
) -> Iterator[Observation]:
    declared = [each for each in supplier.accounts if unify(each.number) == account.number]
    valid = [each for each in declared if each.validity.holds_on(day)]
    approved = next((each for each in valid if each.is_approved), None)
    if not valid:
        yield _observe("IBAN_NOT_DECLARED", account, ("day", day.isoformat()))
    elif approved is None:
        yield _observe("IBAN_NOT_APPROVED", account, *_tell_declaration(valid[0]))
    elif _replaces_lately(approved, supplier, context):
        yield _observe(
            "IBAN_DECLARED_LATELY", account, *_tell_declaration(approved), ("days", str(context.recent_change_days))
        )
    elif approved.factor and all(payee.value != approved.factor for payee in find_payees(invoice)):
        yield _observe("IBAN_FACTOR_PAYEE", account, ("factor", approved.factor))


def _replaces_lately(account: DeclaredAccount, supplier: Structure, context: RuleContext) -> bool:
    """True where the account became usable a short time ago and the sheet held another one before."""
    begun = _usable_from(account)
    if begun is None or begun <= context.today - timedelta(days=context.recent_change_days):
        return False
    others = (each for each in supplier.accounts if unify(each.number) != unify(account.number))
    usable = (_usable_from(each) for each in others if each.is_approved)
    return any(day is not None and day < begun for day in usable)


def _usable_from(account: DeclaredAccount) -> date | None:
    """The day from which the account counts: its approval, or its first day of validity where that is later."""
    approved = in_paris(account.approved_at).date() if account.approved_at is not None else None
    return max((day for day in (approved, account.validity.start) if day is not None), default=None)


def _tell_declaration(account: DeclaredAccount) -> Iterator[tuple[str, str]]:
    moment = account.declared_at or account.approved_at
    if moment is not None:
        yield "declared_on", in_paris(moment).date().isoformat()


def _country_of(account: PayeeAccount) -> str:
    """The country of an account that is written as an IBAN, empty for a national number."""
    compact = compact_iban(account.text)
    return country_of_iban(compact) if compact[:2].isalpha() and compact[2:4].isdigit() else ""


def _is_french_supplier(supplier: Structure) -> bool:
    country = supplier.country or ("FR" if supplier.id.type is IdentifierType.SIRET else "")
    return country == "FR" or country in OVERSEAS_COUNTRIES


def _observe(code: str, account: PayeeAccount, *facts: tuple[str, str]) -> Observation:
    return Observation(
        code=code, term="BT-84", place=account.place, found=mask_account(account.text[:LONGEST]), facts=facts
    )
