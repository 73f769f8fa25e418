"""BR-FR-CPRO 01 to 44: what Chorus Pro asks of an invoice to the public sector, beside the rules for every French invoice.

What depends on the directory of recipients or on the sheets of suppliers is asked by the register layer, under the same
ids: `REGISTER_CODES`. Source: XP Z12-012 section 4.5.3.
"""

from flux.rules.cpro import agents, counts, identifiers, lengths, payees, references
from flux.rules.rule import AnyRule

VERSION = "2026-02"
SOURCE = "AFNOR XP Z12-012 section 4.5.3, version of February 2026"
REGISTER_CODES = tuple(f"BR-FR-CPRO-{number}" for number in ("11", "12", "13", "22", "23"))

RULES: tuple[AnyRule, ...] = (
    *references.RULES,
    *identifiers.RULES,
    *payees.RULES,
    *agents.RULES,
    *counts.RULES,
    *lengths.RULES,
)
