"""BR-FR-17, BR-FR-18: attachments by their qualifier.

The objects that the invoice is about (BR-FR-29) are judged by the syntaxes (`flux.formats.french_references`).
"""

from flux.model.invoice import Attachment, Invoice
from flux.rules.br_fr.texts import plain, texts
from flux.rules.rule import UBL, AnyRule, Hit, Matter, Rule

QUALIFIERS = frozenset(
    {
        "RIB",
        "LISIBLE",
        "FEUILLE_DE_STYLE",
        "PJA",
        "BORDEREAU_SUIVI",
        "DOCUMENT_ANNEXE",
        "BON_LIVRAISON",
        "BON_COMMANDE",
        "BORDEREAU_SUIVI_VALIDATION",
        "ETAT_ACOMPTE",
        "FACTURE_PAIEMENT_DIRECT",
        "RECAPITULATIF_COTRAITANCE",
    }
)
READABLE = "LISIBLE"
_RELATED_DOCUMENT = "916"


def _qualifier(attachment: Attachment, matter: Matter) -> Hit | None:
    """UBL asks it of every document, CII of those of type 916."""
    if not attachment.description or not (matter.is_ubl or _RELATED_DOCUMENT in texts(attachment.type_code)):
        return None
    held = attachment.description[0].text
    written = held if matter.is_ubl else plain(held)
    if written in QUALIFIERS or not (matter.is_ubl or written):
        return None
    return Hit(found=held, place=("description", 0))


def _other_qualifiers(invoice: Invoice, _: Matter) -> list[Hit] | None:
    """UBL asks the same of documents that are no attachments."""
    wrong = [(index, held.text) for index, held in enumerate(invoice.descriptions) if held.text not in QUALIFIERS]
    return [Hit(found=text, place=("descriptions", index)) for index, text in wrong] or None


def _one_readable(invoice: Invoice, _: Matter) -> Hit | None:
    count = sum(READABLE in texts(attachment.description) for attachment in invoice.attachments)
    count += sum(held.text == READABLE for held in invoice.descriptions)
    return Hit(found=str(count), expected="1") if count > 1 else None


RULES: tuple[AnyRule, ...] = (
    Rule(code="BR-FR-17", detail="BT-123", on="attachments", check=_qualifier),
    Rule(code="BR-FR-17", detail="BT-123", check=_other_qualifiers, syntaxes=UBL),
    Rule(code="BR-FR-18", detail="BT-123", check=_one_readable),
)
