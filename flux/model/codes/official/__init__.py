"""The rows of the official rules, one module per publisher."""

from collections.abc import Mapping
from types import MappingProxyType

from flux.model.codes.code import Code
from flux.model.codes.official import br_fr, chorus, cpro, en16931, extended, facturx, syntax
from flux.model.codes.official.syntax import row_of

__all__ = ["PUBLISHED", "ROWS", "row_of"]

# By the rule set that holds them; the families of syntax-bound rules stand for thousands of ids.
PUBLISHED: Mapping[str, tuple[Code, ...]] = MappingProxyType(
    {
        "en16931": en16931.ROWS,
        "extended-ctc-fr": extended.ROWS,
        "facturx": facturx.ROWS,
        "br-fr": br_fr.ROWS,
        "br-fr-cpro": cpro.ROWS,
        "chorus": chorus.ROWS,
        "ubl, cii": syntax.ROWS,
    }
)

ROWS = tuple(row for rows in PUBLISHED.values() for row in rows)
