"""The one table of finding codes: what each means, what it does, which motif says it, who must act, and the words for people.

Rule ids of official artefacts are codes too where flux runs them; the others are flux's own. Source: the outcomes of the
field, family by family. `flux codes` and docs/codes.md print it.
"""

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
    """A code in one language. `message` and `fix` are templates over the finding's found, expected, detail, term, line and facts."""

    title: str
    message: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One row of the table.

    `legacy` and `afnor` are the severities of the two families. `motif` is the CDAR reason (501 for a technical layer,
    213 for the others), None where the code never refuses there. `key_check` marks the checks of keys that qualification data are known to fail.
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
