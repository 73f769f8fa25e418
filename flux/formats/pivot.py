"""CPPFacturePivot V1_20 to V2_02: where each field of the model stands in one unit of it (Chorus Pro, interface FEN0036A)."""

from flux.formats.mapping import Choice, Field, Group, Row, Table
from flux.formats.tree import Element

ROOT = "CPPFacturePivot"
UNITS = "CPPFactures/CPPFacturePivotUnitaire"

# The type of an identifier (1 for a SIRET) is an element beside it.
SUPPLIER: tuple[Row, ...] = (
    Field("Identifiant", "identifiers", "../TypeIdentifiant"),
    Field("RaisonSociale", "name"),
    Field("CodePays", "addresses.country"),
)

DEBTOR: tuple[Row, ...] = (
    Field("Identifiant", "identifiers", "../TypeIdentifiant"),
    Field("Nom", "name"),
    Field("CodeService", "contacts.identifier"),
    Field("NomService", "contacts.name"),
)

# A RIB says that it is no IBAN, whatever it looks like.
ACCOUNT: tuple[Row, ...] = (
    Choice(
        ".",
        by="@Type",
        cases={"RIB": (Field("Compte", "proprietary"),)},
        otherwise=(Field("Compte", "identifier", "../@Type"),),
    ),
    Field("RaisonSocialeEncaisseur", "name"),
)

PAYMENT_MEANS: tuple[Row, ...] = (Field("Code", "code"), Field("Libelle", "text"))

TOTALS: tuple[Row, ...] = (
    Field("MontantHT", "without_vat"),
    Field("MontantTTC", "with_vat"),
    Field("MontantNetAPayer", "due"),
)

VAT_BREAKDOWN: tuple[Row, ...] = (
    Field("Taux", "rate"),
    Field("BaseHt", "base"),
    Field("MontantTVA", "tax"),
)

LINE: tuple[Row, ...] = (
    Field("@NumOrdre", "identifier"),
    Field("ReferenceProduit", "seller_item"),
    Field("PrixUnitaire", "net_price"),
    Field("Quantite", "quantity"),
    Field("MontantHT", "net_amount"),
    Field("TauxTVA", "tax_categories.rate"),
)

# TypePJ is 01 for the invoice itself, 02 for any other file.
ATTACHMENT: tuple[Row, ...] = (
    Field("NomPJ", "filename"),
    Field("CategoriePJ", "description"),
    Field("TypePJ", "type_code"),
    Field("MimeTypePJ", "mime_code"),
    Field("Contenu", "content"),
)

# The bank reference stands with the supplier, the payment code with the invoice: one payment means of the model.
COMMON_UNIT: tuple[Row, ...] = (
    Group("Fournisseur", "sellers", SUPPLIER),
    Group("Fournisseur/ReferenceBancaire", "payment_means.accounts", ACCOUNT),
    Group("Debiteur", "buyers", DEBTOR),
    Field("DonneesFacture/Id", "number"),
    Field("DonneesFacture/IdFactureOrigine", "preceding_invoices.number"),
    Field("DonneesFacture/Type", "type_code"),
    Field("DonneesFacture/Cadre", "cadre"),
    Field("DonneesFacture/DateEmissionFacture", "issue_date"),
    Field("DonneesFacture/DateLivraison", "deliveries.date"),
    Group("DonneesFacture/ModePaiement", "payment_means", PAYMENT_MEANS),
    Field("DonneesFacture/Devise", "currency"),
    Group("DonneesFacture/Montants", "totals", TOTALS),
    Field("DonneesFacture/Engagement/NumeroMarche", "contract"),
    Field("DonneesFacture/Engagement/NumeroEngagement", "order"),
    Group("DonneesFacture/Lignes/Ligne", "lines", LINE),
    Group("PJ", "attachments", ATTACHMENT),
)

UNIT = Table(
    {},
    (
        *COMMON_UNIT,
        Field("DonneesFacture/Renvoi", "resubmission"),
        Group("DonneesFacture/TVAs/TVA", "tax_totals.breakdown", VAT_BREAKDOWN),
    ),
)

_LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation"
_OLD_SCHEMAS = {"V1_20": "cpp-pivot-1.20", "V1_21": "cpp-pivot-1.21"}
# V1_22 is V2_02 without what the latter added, all of it optional.
SCHEMA = "cpp-pivot-2.02"


def schema_of(root: Element) -> str:
    """The catalogue id of the schema of a pivot's version, as the root declares it; the latest where it declares none."""
    declared = f"{root.get('Version', '')} {root.get(_LOCATION, '')}"
    return next((schema for version, schema in _OLD_SCHEMAS.items() if version in declared), SCHEMA)
