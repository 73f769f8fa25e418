"""BIC: four characters of bank, the country, two of place, three of branch or none; SWIFT gives it.

Only the recipient is told of it: it pays. A BIC of another country than the account's is a sign to look at, not a fault.
Source: ISO 9362.

    >>> country_of_bic("BNPAFRPP"), country_of_bic("AGRIFRPP8")
    ('FR', None)
"""

from collections.abc import Iterator
from functools import lru_cache

from stdnum import bic

from flux.model.finding import Observation, Place
from flux.model.interface import Syntax
from flux.model.invoice import Account, Invoice
from flux.model.term import Terms, text_of
from flux.rules.account import claims_iban
from flux.rules.context import RuleContext
from flux.rules.country import is_bank_of
from flux.rules.iban import country_of_iban
from flux.rules.numbers import XML_SPACE
from flux.rules.quote import quote

# Eleven characters, with room for spaces, which do no harm.
_LONGEST = 32
_REMEMBERED_BANKS = 1024


def country_of_bic(text: str) -> str | None:
    """The country of a BIC of 8 or 11 characters in any case, None where it is none or its country does not exist."""
    return _find_country(text) if len(text) <= _LONGEST else None


def check(invoice: Invoice, context: RuleContext) -> Iterator[Observation]:
    """BIC_FORM, else BIC_COUNTRY, for each BIC of a payee's account."""
    for position, means in enumerate(invoice.payment_means):
        code, place = text_of(means.code), ("payment_means", position)
        for occurrence, account in enumerate(means.accounts):
            if account.bic:
                country = _country_of_account(account, code, context.syntax)
                yield from _check_bics(account.bic, country, (*place, "accounts", occurrence))
        if means.bic:
            first = _country_of_account(means.accounts[0], code, context.syntax) if means.accounts else None
            yield from _check_bics(means.bic, first, place)


def _check_bics(bics: Terms, country: str | None, place: Place) -> Iterator[Observation]:
    for position, term in enumerate(bics):
        text = term.text.strip(XML_SPACE)
        if text:
            yield from _check_bic(text, country, (*place, "bic", position))


def _check_bic(text: str, country: str | None, place: Place) -> Iterator[Observation]:
    found = country_of_bic(text)
    if found is None:
        yield Observation(code="BIC_FORM", term="BT-86", place=place, found=quote(text))
    elif country and not is_bank_of(found, country):
        yield Observation(code="BIC_COUNTRY", term="BT-86", place=place, found=text, expected=country)


def _country_of_account(account: Account, means: str, syntax: Syntax | None) -> str | None:
    for term in account.identifier:
        if claims_iban(term, means, syntax):
            return country_of_iban(term.text.strip(XML_SPACE))
    return None


@lru_cache(maxsize=_REMEMBERED_BANKS)
def _find_country(text: str) -> str | None:
    return str(bic.compact(text))[4:6] if bic.is_valid(text) else None
