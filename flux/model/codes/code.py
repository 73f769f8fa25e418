"""What a row of the table of codes is made of."""

from dataclasses import dataclass
from enum import Enum

from flux.model.finding import Audience, LayerName, Severity


class Who(Enum):
    """Who must act on a finding."""

    TECHNICAL_TEAM = "technical_team"
    BILLING = "billing"
    SUPPLIER = "supplier"
    RECIPIENT = "recipient"
    PARTNER = "partner"
    OPERATORS = "operators"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A code in one language.

    Every field is a template over the finding's found, expected, detail, term, line and facts, and the party that the
    term belongs to: {found}. A clause in square brackets is left out where one of its values is missing:
    [, ligne {line}]. `expected` gives way to a value that the finding says was expected, unless it quotes that value.
    """

    title: str
    message: str
    fix: str
    expected: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One row of the table.

    `legacy` and `afnor` are the severities of the two families. `motif` is the CDAR reason (501 for a technical layer,
    213 for the others) where the code refuses or is made to by the configuration, None where it must never refuse.
    `key_check` marks the checks of keys that qualification data are known to fail.
    """

    code: str
    layer: LayerName
    legacy: Severity
    afnor: Severity
    motif: str | None
    who: Who
    audience: tuple[Audience, ...]
    fr: Words
    en: Words
    term: str | None = None
    key_check: bool = False


# The sender's own fault: the entity never sees the invoice, or has nothing to do.
TO_SENDER = (Audience.SENDER, Audience.OPERATORS)
# The entity must look before it pays; the sender is not asked for anything.
TO_RECIPIENT = (Audience.RECIPIENT, Audience.OPERATORS)
TO_BOTH_SIDES = (Audience.SENDER, Audience.RECIPIENT, Audience.OPERATORS)
TO_OPERATORS = (Audience.OPERATORS,)
