"""Which rule sets judge which invoice: by interface, profile (BT-24), cadre (BT-23) and notes.

Source: EN 16931 and the French extension for BT-24; XP Z12-012 for public recipients (note ADN); Chorus Pro EDI annex for
the legacy interfaces, which are no EN 16931 invoices.
"""

from flux.model.interface import Family, Syntax
from flux.rules.sets import PUBLICATIONS, RuleSet, rule_set


def choose(profile: str | None, family: Family, syntax: Syntax) -> tuple[RuleSet, ...]:
    """The rule sets for an invoice, the first one that of its profile."""
    if family is Family.LEGACY:
        return ()
    names = (profile,) if profile in PUBLICATIONS else ()
    return tuple(rule_set(name, syntax) for name in names)
