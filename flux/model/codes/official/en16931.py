"""EN 16931: what each business rule says. Statements are ours, after the norm; ids are those of CEN."""

from flux.model.codes.official.making import missing

ROWS = (missing("BR-02", "BT-1"),)
