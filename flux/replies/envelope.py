"""What every CPPStatut message begins with: the root, the envelope, and how text is written.

Source: CPPStatut V1_19; the envelope must carry DtPrd (production date) and IdFlx (identifier of this flow).
"""

from collections.abc import Iterable
from xml.sax.saxutils import escape

from lxml import etree
from lxml.etree import SubElement

from flux.model.paris import in_paris
from flux.replies.context import ReplyContext
from flux.replies.texts import clean

VERSION = "V1_19"


def begin_message(context: ReplyContext) -> etree._Element:
    """A CPPStatut root with its envelope; the caller appends one block."""
    root = etree.Element("CPPStatut", Version=VERSION)
    unit = SubElement(SubElement(root, "Enveloppe"), "EnveloppeUnitaire", NumOrdre="1")
    settings = SubElement(unit, "Parametres")
    for order, code, value in (
        ("0001", "DtPrd", in_paris(context.moment).date().isoformat()),
        ("0002", "IdFlx", context.identifier),
    ):
        append_texts(
            SubElement(settings, "ParametreIndiv", NumOrdre=order), (("Code", code), ("Valeurparametre", value))
        )
    partners = SubElement(unit, "Partenaires")
    append_texts(SubElement(partners, "Recepteur"), (("Id", context.partner.application_code),))
    append_texts(SubElement(partners, "Emetteur"), (("Id", context.gateway.application_code),))
    return root


def append_texts(parent: etree._Element, texts: Iterable[tuple[str, str]]) -> None:
    """Append one child for each name and text."""
    for tag, text in texts:
        write_text(SubElement(parent, tag), text)


def write_text(element: etree._Element, text: str) -> None:
    """Give an element its text; what XML forbids in it is replaced, because a name or a value may hold anything."""
    try:
        element.text = text
    except ValueError:
        element.text = clean(text)


def escape_text(text: str) -> str:
    """The text as it stands between tags that are written by hand, as `write_text` would have it."""
    return escape(text) if text.isprintable() else escape(clean(text), {"\r": "&#13;"})


def finish_message(root: etree._Element) -> bytes:
    """The bytes of a message, in UTF-8, indented so that people can read it too."""
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
