"""Whether the sender may deposit for the supplier whom the invoice names.

A partner whose configuration lists SIRETs deposits for those only. The answer is neutral, and nothing else is said of a
supplier to who may not speak for it: the register would be an oracle for fraud. Source: Chorus Pro, mandates to deposit.
"""

from collections.abc import Iterator

from flux.model.finding import Observation
from flux.model.invoice import Invoice
from flux.rules.context import RuleContext
from flux.rules.structure_id import find_supplier, supplier_sirets

RULESET = "mandates"
VERSION = "1"  # goes up whenever a check would answer otherwise on the same invoice


def check(invoice: Invoice, context: RuleContext) -> Iterator[Observation]:
    """SENDER_NOT_ENTITLED where a SIRET of the seller is not one of the sender's, or it bears none."""
    if not context.sender_sirets:
        return
    sirets = set(supplier_sirets(invoice))
    if not sirets or not sirets <= context.sender_sirets:
        claimed = find_supplier(invoice)
        yield Observation(
            code="SENDER_NOT_ENTITLED",
            term=claimed.term if claimed is not None else "BT-29",
            place=claimed.place if claimed is not None else ("sellers", 0) if invoice.sellers else (),
            found=claimed.shown if claimed is not None else None,
        )
