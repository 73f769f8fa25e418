"""CPPFactureMixte V1.14: where each field of the model stands in one unit of it (Chorus Pro, deposit FSO1113A)."""

from flux.formats.mapping import Field, Group, Table
from flux.formats.pivot import COMMON_UNIT, VAT_BREAKDOWN

ROOT = "CPPFactureMixte"
UNITS = "CPPFactures/CPPFactureMixteUnitaire"
SCHEMA = "cpp-mixte"

# TVAS has one capital more than in the pivot.
UNIT = Table(
    {},
    (
        *COMMON_UNIT,
        Field("DonneesFacture/Note", "notes.text"),
        Field("DonneesFacture/Commentaire", "notes.text"),
        Group("DonneesFacture/TVAS/TVA", "tax_totals.breakdown", VAT_BREAKDOWN),
    ),
)
