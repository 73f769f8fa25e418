"""The one table of finding codes: what each means, what it does, which motif says it, who must act, and the words for people.

Rule ids of official artefacts are codes too where flux runs them; the others are flux's own. One file per subject holds
the rows. Source: the outcomes of the field, family by family. `flux codes` and docs/codes.md print it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from flux.model.codes import (
    archive,
    attachment,
    bank,
    deposit,
    document,
    duplicate,
    flow,
    identity,
    message,
    official,
    outcome,
    register,
    schema,
)
from flux.model.codes.code import Code, Who, Words
from flux.model.finding import Severity
from flux.model.interface import Family
from flux.model.partner import Environment

__all__ = ["CODES", "Code", "Who", "Words", "severity_of"]

_ROWS = (
    *flow.ROWS,
    *archive.ROWS,
    *deposit.ROWS,
    *document.ROWS,
    *schema.ROWS,
    *message.ROWS,
    *attachment.ROWS,
    *identity.ROWS,
    *bank.ROWS,
    *register.ROWS,
    *duplicate.ROWS,
    *official.ROWS,
    *outcome.ROWS,
)


class _Codes(dict[str, Code]):
    """The rows by code; a rule bound to a syntax has the row of its family, which is no row of the table."""

    def __missing__(self, code: str) -> Code:
        row = official.row_of(code)
        if row is None:
            raise KeyError(code)
        return row

    def get(self, code: str, default: Code | None = None) -> Code | None:  # type: ignore[override]  # no other default
        try:
            return self[code]
        except KeyError:
            return default

    def __contains__(self, code: object) -> bool:
        return super().__contains__(code) or (isinstance(code, str) and official.row_of(code) is not None)


CODES: Mapping[str, Code] = MappingProxyType(_Codes({row.code: row for row in _ROWS}))


def severity_of(code: str, family: Family, environment: Environment, overrides: Mapping[str, Severity]) -> Severity:
    """The weight of a code for an invoice of that family; `overrides`, the configuration's, win.

    In qualification the checks of keys inform only: its fake data fail them. Raises KeyError for a code that the table
    does not hold.
    """
    if code in overrides:
        return overrides[code]
    row = CODES[code]
    if row.key_check and environment is Environment.QUALIFICATION:
        return Severity.INFO
    return row.legacy if family is Family.LEGACY else row.afnor
