"""The rules of Chorus Pro for its own formats, as far as they are known: what its specification, its samples and its labels of rejection say.

The annex that numbers them is not public: the ids are ours. What identity, register, attachment and duplicate checks say
already is not said again here. Sources: Chorus Pro specification of October 2025, AIFE schemas and samples.
"""

from flux.rules.chorus import amounts, payment, references
from flux.rules.rule import AnyRule

VERSION = "1"  # goes up whenever a rule would answer otherwise on the same invoice
SOURCE = "Chorus Pro, specification of October 2025, schemas and samples of AIFE"

RULES: tuple[AnyRule, ...] = (*references.RULES, *amounts.RULES, *payment.RULES)
