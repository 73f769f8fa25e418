"""The identity layer: who sells, who buys, which account is to be paid, as far as the document alone can tell."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from flux.model.finding import Observation
from flux.model.invoice import Invoice
from flux.rules import account, bic, foreign, parties, presence, resubmission
from flux.rules.context import RuleContext

RULESET = "identity"
VERSION = "2"  # goes up whenever a check would answer otherwise on the same invoice

# A document may repeat one fault a million times. Counted per code, so that no fault hides behind another.
TOLD_PER_CODE = 50

CHECKS = (presence.check, parties.check, foreign.check, account.check, bic.check, resubmission.check)


def check_identity(invoice: Invoice, context: RuleContext) -> tuple[Observation, ...]:
    """What the identity checks see in an invoice, check by check, each in the order of the document."""
    seen = [observation for check in CHECKS for observation in check(invoice, context)]
    return bound(seen)


def bound(seen: Sequence[Observation], told_per_code: int = TOLD_PER_CODE) -> tuple[Observation, ...]:
    """The observations, of each code the first ones."""
    return tuple(seen) if len(seen) <= told_per_code else tuple(_tell_first(seen, told_per_code))


def _tell_first(seen: Iterable[Observation], told_per_code: int) -> Iterator[Observation]:
    told: Counter[str] = Counter()
    for observation in seen:
        told[observation.code] += 1
        if told[observation.code] <= told_per_code:
            yield observation
