"""What an invoice of Chorus is called and refers to: number, dates, type, cadre, currency, service, commitment, contract.

Accepted samples leave the cadre out: only one that is given is looked at.
"""

from collections.abc import Callable

from flux.model.code_lists.iso import CURRENCIES
from flux.model.finding import Severity
from flux.model.interface import LEGACY_CADRES
from flux.model.invoice import Invoice
from flux.model.term import Term, first, text_of
from flux.rules.chorus.syntaxes import ALL
from flux.rules.quote import quote
from flux.rules.rule import Answer, AnyRule, Hit, Matter, Rule
from flux.rules.service import locate_code_service

LONGEST_NUMBER = 20
LONGEST_SERVICE = 100
LONGEST_REFERENCE = 50
_NUMBER_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_/+")
_TYPES = frozenset({"380", "381"})


def _number(invoice: Invoice, matter: Matter) -> Answer:  # noqa: ARG001 - the shape of every check
    number = text_of(invoice.number)
    if number and len(number) <= LONGEST_NUMBER and _NUMBER_CHARACTERS.issuperset(number):
        return None
    return Hit(found=quote(number) or None, place=("number", 0) if invoice.number else ())


def _date(invoice: Invoice, matter: Matter) -> Answer:
    issued = first(invoice.issue_date)
    place = ("issue_date", 0) if issued is not None else ()
    day = issued.date if issued is not None else None
    if day is None:
        return Hit(found=quote(text_of(invoice.issue_date)) or None, place=place)
    if day > matter.context.today:
        today = matter.context.today.isoformat()
        return Hit(code="CHORUS_DATE_FUTURE", found=day.isoformat(), place=place, facts=(("today", today),))
    return None


def _type(invoice: Invoice, matter: Matter) -> Answer:  # noqa: ARG001 - the shape of every check
    code = text_of(invoice.type_code)
    return None if code in _TYPES else Hit(found=quote(code) or None)


def _cadre(invoice: Invoice, matter: Matter) -> Answer:  # noqa: ARG001 - the shape of every check
    cadre = text_of(invoice.cadre)
    return None if not cadre or cadre in LEGACY_CADRES else Hit(found=quote(cadre), place=("cadre", 0))


def _currency(term: Term, matter: Matter) -> Answer:  # noqa: ARG001 - the shape of every check
    code = term.text.strip()
    return None if code in CURRENCIES else Hit(found=quote(code))


def _service(invoice: Invoice, matter: Matter) -> Answer:  # noqa: ARG001 - the shape of every check
    service = locate_code_service(invoice)
    if len(service.text) <= LONGEST_SERVICE:
        return None
    return Hit(found=quote(service.text), term=service.term, place=service.place)


def _at_most(longest: int) -> Callable[[Term, Matter], Answer]:
    def check(term: Term, matter: Matter) -> Answer:  # noqa: ARG001 - the shape of every check
        text = term.text.strip()
        return None if len(text) <= longest else Hit(found=quote(text))

    return check


RULES: tuple[AnyRule, ...] = (
    Rule(code="CHORUS_NUMBER", check=_number, term="BT-1", syntaxes=ALL),
    Rule(code="CHORUS_DATE", check=_date, term="BT-2", syntaxes=ALL, codes=("CHORUS_DATE", "CHORUS_DATE_FUTURE")),
    Rule(code="CHORUS_TYPE", check=_type, term="BT-3", syntaxes=ALL, severity=Severity.WARNING),
    Rule(code="CHORUS_CADRE", check=_cadre, term="BT-23", syntaxes=ALL, severity=Severity.WARNING),
    Rule(code="CHORUS_CURRENCY", check=_currency, on="currency", term="BT-5", syntaxes=ALL),
    Rule(code="CHORUS_SERVICE", check=_service, term="BT-46", syntaxes=ALL),
    Rule(code="CHORUS_ENGAGEMENT", check=_at_most(LONGEST_REFERENCE), on="order", term="BT-13", syntaxes=ALL),
    Rule(code="CHORUS_CONTRACT", check=_at_most(LONGEST_REFERENCE), on="contract", term="BT-12", syntaxes=ALL),
    Rule(
        code="CHORUS_ORIGIN",
        check=_at_most(LONGEST_NUMBER),
        on="preceding_invoices.number",
        term="BT-25",
        syntaxes=ALL,
    ),
)
