"""The rows of the official rules, one module per publisher."""

from flux.model.codes.official import chorus, cpro, en16931, extended, syntax
from flux.model.codes.official.syntax import row_of

__all__ = ["ROWS", "row_of"]

ROWS = (*en16931.ROWS, *extended.ROWS, *cpro.ROWS, *chorus.ROWS, *syntax.ROWS)
