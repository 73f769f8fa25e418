"""How an invoice of Chorus is to be paid, and who must validate it first.

The accepted credit notes of Chorus Pro state a means of payment or none. The validator has a place of its own in CII only.
"""

from flux.model.interface import VALIDATED_CADRES
from flux.model.invoice import Invoice, PaymentMeans
from flux.model.term import text_of
from flux.rules.chorus.syntaxes import ALL
from flux.rules.rule import BROKEN, CII, Answer, AnyRule, Hit, Matter, Rule

_CREDIT_NOTE = "381"


def _stated(invoice: Invoice, matter: Matter) -> Answer:  # noqa: ARG001 - the shape of every check
    return None if invoice.payment_means or text_of(invoice.type_code) == _CREDIT_NOTE else BROKEN


def _code(means: PaymentMeans, matter: Matter) -> Answer:  # noqa: ARG001 - the shape of every check
    return None if text_of(means.code) else BROKEN


def _validator(invoice: Invoice, matter: Matter) -> Answer:  # noqa: ARG001 - the shape of every check
    cadre = text_of(invoice.cadre)
    return None if cadre not in VALIDATED_CADRES or invoice.invoicees else Hit(found=cadre)


RULES: tuple[AnyRule, ...] = (
    Rule(code="CHORUS_MEANS", check=_stated, term="BT-81", syntaxes=ALL),
    Rule(code="CHORUS_MEANS", check=_code, on="payment_means", term="BT-81", syntaxes=ALL),
    Rule(code="CHORUS_VALIDATOR", check=_validator, term="BT-23", syntaxes=CII),
)
