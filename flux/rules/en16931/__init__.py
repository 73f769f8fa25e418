"""EN 16931: the business rules of CEN for UBL and CII, release 1.3.16 of 30 March 2026."""

from flux.rules.en16931 import code_lists, consistency, decimals, presence, vat
from flux.rules.rule import AnyRule

VERSION = "1.3.16"
SOURCE = "CEN/TC 434, EN 16931-1:2017, validation artefacts 1.3.16"

RULES: tuple[AnyRule, ...] = (*presence.RULES, *consistency.RULES, *decimals.RULES, *vat.RULES, *code_lists.RULES)
