"""The rows of the official rules, one module per publisher."""

from flux.model.codes.official import br_fr, chorus, cpro, en16931, extended, facturx, syntax
from flux.model.codes.official.syntax import row_of

__all__ = ["ROWS", "row_of"]

ROWS = (*en16931.ROWS, *extended.ROWS, *facturx.ROWS, *br_fr.ROWS, *cpro.ROWS, *chorus.ROWS, *syntax.ROWS)
