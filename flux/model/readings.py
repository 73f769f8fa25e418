"""How an installation reads the official rules whose text contradicts itself, or another text of their publisher.

Defaults: the widest reading refuses, the narrowest warns. Source: XP Z12-012 section 4.5.3, whose text and table of formats
differ.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """The longest values that are not refused, in characters.

    `foreign_id_characters` is for identifiers of foreign suppliers (BR-FR-CPRO-04 and -05), `account_characters` for the
    account to be paid (BR-FR-CPRO-39).
    """

    foreign_id_characters: int = 18
    account_characters: int = 34


USUAL = Readings()
