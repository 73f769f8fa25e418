"""BR-FR-17, BR-FR-18, BR-FR-29: attachments by their qualifier, and the objects that the invoice is about (AFL, AVV)."""

from flux.model.finding import Place
from flux.model.invoice import Attachment, Invoice
from flux.model.term import Term
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
SUB_INVOICE, OWN_FRAME = "AFL", "AVV"
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


def _objects(invoice: Invoice, matter: Matter) -> list[Hit] | None:
    """UBL bears one identifier in each reference, so that it cannot repeat a scheme in one."""
    if not (invoice.attachments or invoice.invoiced_object or invoice.tender or invoice.project):
        return None
    held = _identifiers(invoice, matter)
    hits = [Hit(place=place, detail=term.qualifier) for place, term in held if not plain(term.text)]
    schemes = [term.qualifier for _, term in held]
    if not matter.is_ubl and max(schemes.count(SUB_INVOICE), schemes.count(OWN_FRAME)) > 1:
        hits.append(Hit(detail="BT-18"))
    return hits or None


def _identifiers(invoice: Invoice, matter: Matter) -> list[tuple[Place, Term]]:
    """The identifiers under AFL and AVV, in any document that the invoice refers to."""
    fields = ("invoiced_object", "project") if matter.is_ubl else ("invoiced_object", "tender")
    held: list[tuple[Place, Term]] = [
        ((field, index), term) for field in fields for index, term in enumerate(getattr(invoice, field))
    ]
    for index, attachment in enumerate(invoice.attachments):
        held += [(("attachments", index, "reference", 0), term) for term in attachment.reference]
    return [(place, term) for place, term in held if term.qualifier in (SUB_INVOICE, OWN_FRAME)]


RULES: tuple[AnyRule, ...] = (
    Rule(code="BR-FR-17", detail="BT-123", on="attachments", check=_qualifier),
    Rule(code="BR-FR-17", detail="BT-123", check=_other_qualifiers, syntaxes=UBL),
    Rule(code="BR-FR-18", detail="BT-123", check=_one_readable),
    Rule(code="BR-FR-29", check=_objects),
)
