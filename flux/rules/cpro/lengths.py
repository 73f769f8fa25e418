"""The longest texts that Chorus Pro takes, in characters without outer white space (BR-FR-CPRO-02, 14, 15, 29 to 44)."""

from collections.abc import Callable

from flux.model.finding import Severity
from flux.model.invoice import LineReference
from flux.model.masking import mask_account
from flux.model.term import Term
from flux.rules.iban import LONGEST
from flux.rules.quote import quote
from flux.rules.rule import AnyRule, Hit, Matter, Rule

# A French IBAN: what the title of BR-FR-CPRO-39 says. Its formula says 84; foreign IBANs have up to 34.
FRENCH_ACCOUNT_CHARACTERS = 27
_NUMBER_CHARACTERS = 20


def _at_most(longest: int) -> Callable[[Term, Matter], Hit | None]:
    def check(term: Term, matter: Matter) -> Hit | None:  # noqa: ARG001 - the shape of every check
        if len(term.text) <= longest:
            return None
        text = term.text.strip()
        return _too_long(quote(text), len(text)) if len(text) > longest else None

    return check


_number_length = _at_most(_NUMBER_CHARACTERS)


def _line_reference(reference: LineReference, matter: Matter) -> Hit | None:
    """A line of UBL that refers to its own invoice says where it stands among the lines."""
    if not reference.number or reference.status:
        return None
    hit = _number_length(reference.number[0], matter)
    return None if hit is None else hit._replace(place=("number", 0))


def _account(term: Term, matter: Matter) -> Hit | None:
    if len(term.text) <= FRENCH_ACCOUNT_CHARACTERS:
        return None
    text, longest = term.text.strip(), matter.context.readings.account_characters
    if len(text) <= FRENCH_ACCOUNT_CHARACTERS:
        return None
    shown = mask_account(text[:LONGEST])
    hit = _too_long(shown, len(text))
    return hit if len(text) > longest else hit._replace(severity=Severity.WARNING)


def _too_long(shown: str, length: int) -> Hit:
    return Hit(found=shown, facts=(("length", str(length)),))


def _longest(code: str, term: str, on: str, longest: int) -> Rule[Term]:
    return Rule(code=f"BR-FR-CPRO-{code}", check=_at_most(longest), on=on, term=term)


def _number(term: str, on: str) -> Rule[Term]:
    return Rule(code="BR-FR-CPRO-02", check=_number_length, on=on, term=term, detail=term)


RULES: tuple[AnyRule, ...] = (
    _number("BT-1", "number"),
    _number("BT-25", "preceding_invoices.number"),
    Rule(
        code="BR-FR-CPRO-02", check=_line_reference, on="lines.references", term="EXT-FR-FE-136", detail="EXT-FR-FE-136"
    ),
    _longest("14", "BT-12", "contract", 50),
    _longest("15", "BT-13", "order", 50),
    _longest("29", "BT-120", "tax_totals.breakdown.exemption_reason", 1024),
    _longest("30", "BT-122", "attachments.reference", 50),
    _longest("31", "BT-154", "lines.item_description", 1024),
    _longest("32", "BT-35", "sellers.addresses.line1", 400),
    _longest("33", "BT-37", "sellers.addresses.city", 400),
    _longest("34", "BT-45", "buyers.trading_name", 99),
    _longest("35", "BT-20", "payment_terms", 1024),
    _longest("36", "BT-28", "sellers.trading_name", 99),
    _longest("37", "BT-59", "payees.name", 99),
    _longest("38", "BT-71", "deliveries.location", 20),
    Rule(code="BR-FR-CPRO-39", check=_account, on="payment_means.accounts.identifier", term="BT-84"),
    Rule(code="BR-FR-CPRO-39", check=_account, on="payment_means.accounts.proprietary", term="BT-84"),
    _longest("40", "EXT-FR-FE-146", "lines.deliveries.location", 20),
    _longest("41", "BT-125-2", "attachments.filename", 50),
    _longest("42", "BT-22", "notes.text", 1024),
    _longest("43", "BT-27", "sellers.name", 99),
    _longest("44", "BT-44", "buyers.name", 99),
)
