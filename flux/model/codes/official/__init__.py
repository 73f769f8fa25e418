"""The rows of the official rules, one module per publisher."""

from flux.model.codes.official import en16931, syntax

__all__ = ["ROWS", "row_of"]

row_of = syntax.row_of
ROWS = (*en16931.ROWS, *syntax.ROWS)
