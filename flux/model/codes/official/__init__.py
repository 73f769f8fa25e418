"""The rows of the official rules, one module per publisher."""

from flux.model.codes.official import en16931

ROWS = (*en16931.ROWS,)
