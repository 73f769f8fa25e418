"""BR-FR: the rules of the French reform for the invoices of flux 2 (XP Z12-012, FNFE-MPE), release 1.4.0."""

from flux.model.codes.official import untestable
from flux.rules.br_fr import (
    addresses,
    attachments,
    dates,
    decimals,
    items,
    notes,
    numbers,
    parties,
    payment,
    references,
    sub_invoices,
    types,
    vat,
)
from flux.rules.rule import AnyRule

VERSION = "1.4.0"
SOURCE = "FNFE-MPE, XP Z12-012, BR-FR Flux 2, schematron 1.4.0"

UNTESTABLE = tuple(rule.code for rule in untestable.UNTESTABLE)

RULES: tuple[AnyRule, ...] = (
    *numbers.RULES,
    *dates.RULES,
    *types.RULES,
    *notes.RULES,
    *parties.RULES,
    *addresses.RULES,
    *references.RULES,
    *payment.RULES,
    *attachments.RULES,
    *vat.RULES,
    *decimals.RULES,
    *items.RULES,
    *sub_invoices.RULES,
)
"""The rules in the order of their subjects."""
