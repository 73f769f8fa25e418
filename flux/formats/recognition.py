"""What a document is, by namespace and local name of its root, whatever prefixes it uses; or by its first bytes."""

from typing import NamedTuple

from lxml import etree

from flux.formats.fault import shorten
from flux.formats.syntax import CII, FACTURX, SyntaxFormat, read_syntaxes, syntax_of
from flux.formats.tree import Element
from flux.model.finding import Observation

_SIGNATURE = "XML signature"
_SIGNATURE_NAMESPACES = (
    "http://www.w3.org/2000/09/xmldsig#",
    "http://uri.etsi.org/01903/",
    "http://uri.etsi.org/02918/",
    "http://uri.etsi.org/2918/",
)

# Documents of this field that flux does not treat, by root element.
_KNOWN_ROOTS = {
    "{urn:ferd:CrossIndustryDocument:invoice:1p0}CrossIndustryDocument": "ZUGFeRD 1.0",
    "{urn:un:unece:uncefact:data:SCRDMCCBDACIOMessageStructure:100}SCRDMCCBDACIOMessageStructure": "Order-X",
    "{urn:un:unece:uncefact:data:standard:CrossDomainAcknowledgementAndResponse:100}"
    "CrossDomainAcknowledgementAndResponse": "CDAR",
    "CPPStatut": "CPPStatut",
    "{http://www.w3.org/1999/xhtml}html": "HTML",
    "html": "HTML",
    "HTML": "HTML",
}
_LIFE_CYCLE = frozenset({"CDAR", "CPPStatut"})
_UBL_DOCUMENTS = "urn:oasis:names:specification:ubl:schema:xsd:"
_CII_DOCUMENTS = "urn:un:unece:uncefact:data:standard:"

# First bytes of files that are no XML, as people name them.
_MAGIC_BYTES = (
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "ZIP"),
    (b"\x1f\x8b", "gzip"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"{", "JSON"),
    (b"ISA", "EDI X12"),
    (b"UNA", "EDIFACT"),
    (b"UNB", "EDIFACT"),
    (b"\x00\x05\x16\x07", "AppleDouble"),
)
_HTML_STARTS = (b"<!doctype html", b"<html")


class Recognition(NamedTuple):
    """What a document is. `format` is None where flux does not read it, and then `name` is what people call it.

    A signature is a companion of the invoices beside it; where it comes alone, its observation refuses it.
    """

    format: SyntaxFormat | None
    name: str
    is_signature: bool = False
    observations: tuple[Observation, ...] = ()


def recognise(root: Element) -> Recognition:
    """What the document with this root is."""
    syntax = syntax_of(root)
    if syntax is not None:
        return Recognition(syntax, syntax.name)
    name = etree.QName(root)
    if (name.namespace or "").startswith(_SIGNATURE_NAMESPACES):
        return Recognition(None, _SIGNATURE, is_signature=True, observations=(unknown_syntax(_SIGNATURE),))
    found = _name_root(name)
    refuse = _life_cycle if found in _LIFE_CYCLE else unknown_syntax
    return Recognition(None, found, observations=(refuse(found),))


def recognise_embedded(root: Element) -> Recognition:
    """What the document with this root is, that a PDF carries: only CII makes a Factur-X."""
    found = recognise(root)
    if found.format is None:
        return found
    if found.format is CII:
        return Recognition(FACTURX, FACTURX.name)
    name = f"PDF ({found.name})"
    return Recognition(None, name, observations=(unknown_syntax(name),))


def recognise_bytes(data: bytes) -> str | None:
    """The name of a kind of file that is no XML document of ours, None where the first bytes tell nothing."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.lower().startswith(_HTML_STARTS):
        return "HTML"
    return next((name for magic, name in _MAGIC_BYTES if start.startswith(magic)), None)


def unknown_syntax(found: str) -> Observation:
    """The refusal of a document that flux does not read, by its name."""
    return Observation(code="SYNTAX_UNKNOWN", found=found, expected=", ".join(read_syntaxes()))


def _life_cycle(found: str) -> Observation:
    """The refusal of a message about invoices."""
    return Observation(code="SYNTAX_LIFE_CYCLE", found=found, expected=", ".join(read_syntaxes()))


def _name_root(name: etree.QName) -> str:
    known = _KNOWN_ROOTS.get(name.text)
    if known is not None:
        return known
    namespace = name.namespace or ""
    if namespace.startswith(_UBL_DOCUMENTS):
        return shorten(f"UBL {name.localname}")
    if namespace.startswith(_CII_DOCUMENTS):
        return shorten(f"CII {namespace.removeprefix(_CII_DOCUMENTS)}")
    return shorten(f"{{{namespace}}}{name.localname}" if namespace else name.localname)
