"""The frame of an invoice (cadre de facturation, BT-23), as the French rules read it."""

from flux.model.invoice import Invoice
from flux.rules.br_fr.texts import plain

FRAMES = frozenset(
    [
        "B1",
        "S1",
        "M1",
        "B2",
        "S2",
        "M2",
        "S3",
        "B4",
        "S4",
        "M4",
        "S5",
        "S6",
        "B7",
        "S7",
        "B8",
        "S8",
        "M8",
        "B9",
        "S9",
        "M9",
    ]
)
PAID = frozenset({"B2", "S2", "M2"})
FINAL_AFTER_DEPOSIT = frozenset({"B4", "S4", "M4"})
SEVERAL_SELLERS = frozenset({"B8", "S8", "M8"})
BOTH_WAYS = frozenset({"B9", "S9", "M9"})


def frame_of(invoice: Invoice) -> str:
    """The frame as it is written. Legacy Chorus writes one of its own before it."""
    return invoice.cadre[-1].text if invoice.cadre else ""


def is_paid(invoice: Invoice) -> bool:
    """True for an invoice that is already paid."""
    return frame_of(invoice) in PAID


def is_final_after_deposit(invoice: Invoice) -> bool:
    """True for the final invoice after a deposit."""
    return frame_of(invoice) in FINAL_AFTER_DEPOSIT


def has_several_sellers(invoice: Invoice) -> bool:
    """True for an invoice of several sellers (frames 8), whose lines are grouped by sub-invoice."""
    return plain(frame_of(invoice)) in SEVERAL_SELLERS


def goes_both_ways(invoice: Invoice) -> bool:
    """True for an invoice in which both parties sell to each other (frames 9)."""
    return plain(frame_of(invoice)) in BOTH_WAYS
