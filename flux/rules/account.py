"""The payee's account: there where the payment means demands one, and right where it claims to be an IBAN.

EN 16931 allows national numbers, which are only told. The debited account (BT-91) is never judged: official examples
hold words there. Sources: BR-50, BR-61; Chorus Pro specification of bank details (means 30, 31, 42).
"""

from collections.abc import Iterator

from flux.model.finding import Observation, Place
from flux.model.interface import Family, Syntax
from flux.model.invoice import Account, Invoice, PaymentMeans
from flux.model.masking import mask_account
from flux.model.term import Term, text_of
from flux.rules.context import RuleContext
from flux.rules.iban import LONGEST, has_iban_shape, judge_iban
from flux.rules.numbers import XML_SPACE

MEANS_WITH_ACCOUNT = {Family.LEGACY: frozenset({"30", "31", "42"}), Family.AFNOR: frozenset({"30", "58"})}
# CII keeps a slot for an IBAN and another for any other number.
IBAN_SLOT_SYNTAXES = frozenset({Syntax.CII, Syntax.FACTURX})
# The bank reference of a CPP document is optional: the recipient has the supplier's sheet.
OPTIONAL_ACCOUNT_SYNTAXES = frozenset({Syntax.PIVOT, Syntax.MIXTE})
SEPA_TRANSFER = "58"
IBAN_SCHEME = "IBAN"


def claims_iban(account: Term, means: str, syntax: Syntax | None) -> bool:
    """True where an account says that it is an IBAN: by its slot (CII IBANID), scheme, payment means or shape."""
    text = account.text.strip(XML_SPACE)
    if not text:
        return False
    is_said = syntax in IBAN_SLOT_SYNTAXES or account.qualifier == IBAN_SCHEME or means == SEPA_TRANSFER
    return is_said or has_iban_shape(text)


def check(invoice: Invoice, context: RuleContext) -> Iterator[Observation]:
    """IBAN_MISSING, and the ladder of each account that claims to be an IBAN."""
    is_optional = context.syntax in OPTIONAL_ACCOUNT_SYNTAXES
    demanding = frozenset[str]() if is_optional else MEANS_WITH_ACCOUNT[context.family]
    for position, means in enumerate(invoice.payment_means):
        code = text_of(means.code)
        if code in demanding and not _has_account(means):
            yield _observe_absence(code, ("payment_means", position), context)
        for occurrence, account in enumerate(means.accounts):
            place = ("payment_means", position, "accounts", occurrence)
            yield from _check_account(account, code, place, context.syntax)


def _has_account(means: PaymentMeans) -> bool:
    for account in means.accounts:
        for term in account.identifier + account.proprietary:
            if term.text.strip():
                return True
    return False


def _observe_absence(means: str, place: Place, context: RuleContext) -> Observation:
    official = "BR-61" if context.family is Family.AFNOR else None
    return Observation(code="IBAN_MISSING", term="BT-84", place=place, detail=official, facts=(("means", means),))


def _check_account(account: Account, means: str, place: Place, syntax: Syntax | None) -> Iterator[Observation]:
    for position, term in enumerate(account.identifier):
        if claims_iban(term, means, syntax):
            yield from _check_iban(term.text.strip(XML_SPACE), (*place, "identifier", position))
        else:
            yield from _check_national(term, (*place, "identifier", position))
    for position, term in enumerate(account.proprietary):
        yield from _check_national(term, (*place, "proprietary", position))


def _check_iban(text: str, place: Place) -> Iterator[Observation]:
    for fault in judge_iban(text):
        yield Observation(
            code=fault.code,
            term="BT-84",
            place=place,
            found=mask_account(text[:LONGEST]),
            expected=fault.expected,
            facts=fault.facts,
        )


def _check_national(term: Term, place: Place) -> Iterator[Observation]:
    if term.text.strip():
        yield Observation(code="IBAN_NOT_CLAIMED", term="BT-84", place=place, found=mask_account(term.text[:LONGEST]))
