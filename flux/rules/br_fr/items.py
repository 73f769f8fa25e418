"""BR-FR-27, BR-FR-28, BR-FR-30: attributes of the item, and the objects that a line is about."""

from flux.model.invoice import ItemAttribute, ObjectReference
from flux.rules.br_fr.sub_lines import OWN_FRAME, SUB_INVOICE
from flux.rules.br_fr.texts import plain, qualified
from flux.rules.rule import CII, UBL, AnyRule, Hit, Matter, Rule


def _named(attribute: ItemAttribute, _: Matter) -> list[Hit] | None:
    """The artefact for UBL looks where no attribute can stand."""
    if not (attribute.name or attribute.name_code):
        return [Hit(detail="BG-32")]
    slots = (("name", "BT-160", attribute.name), ("name_code", "EXT-FR-FE-159", attribute.name_code))
    return [
        Hit(place=(field, index), detail=term)
        for field, term, terms in slots
        for index, held in enumerate(terms)
        if not plain(held.text)
    ] or None


def _one_value(attribute: ItemAttribute, _: Matter) -> Hit | None:
    measured = attribute.value_quantity
    if bool(attribute.value) is not bool(measured) and (not measured or any(term.qualifier for term in measured)):
        return None
    held = (*attribute.value, *measured)
    return Hit(found=", ".join(term.text for term in held) or None, place=("value", 0))


def _object(reference: ObjectReference, _: Matter) -> list[Hit] | None:
    hits = [
        Hit(place=("identifier", index), detail=term.qualifier)
        for index, term in enumerate(reference.identifier)
        if term.qualifier in (SUB_INVOICE, OWN_FRAME) and not plain(term.text)
    ]
    if any(len(qualified(reference.identifier, scheme)) > 1 for scheme in (SUB_INVOICE, OWN_FRAME)):
        hits.append(Hit(place=("identifier", 0), detail="BT-128"))
    return hits or None


RULES: tuple[AnyRule, ...] = (
    Rule(code="BR-FR-27", on="lines.attributes", check=_named, syntaxes=CII),
    Rule(code="BR-FR-28", detail="Value", on="lines.attributes", check=_one_value),
    # The artefact for CII looks where no reference can stand.
    Rule(code="BR-FR-30", on="lines.objects", check=_object, syntaxes=UBL),
)
