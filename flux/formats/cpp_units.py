"""A CPP document with some of its invoices: its head with another counter, or the whole of it rewritten."""

import io
import re
from collections.abc import Collection

from flux.formats.syntax import syntax_of
from flux.formats.tree import Element

_START_TAG = re.compile(r"""<CPPFactures((?:[^>"']|"[^"]*"|'[^']*')*)>""")
_ATTRIBUTE = re.compile(r"""(\s+)([^\s=]+)(\s*=\s*)("[^"]*"|'[^']*')""")

# A text in any other encoding that is read by its first bytes has one byte for each ASCII sign.
_WIDE = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))


def write_counter(head: bytes, factures_offset: int, count: int) -> bytes:
    """The head of a document, up to its first unit, with that counter; every other byte is kept.

    `factures_offset` is where the start tag of CPPFactures begins.
    """
    encoding = next((name for start, name in _WIDE if head.startswith(start)), "latin-1")
    text = head[factures_offset:].decode(encoding)
    written = _START_TAG.sub(lambda tag: _with_counter(tag[1], count), text, count=1)
    return head[:factures_offset] + written.encode(encoding)


def _with_counter(attributes: str, count: int) -> str:
    counter = f'"{count}"'
    if any(attribute[2] == "Compteur" for attribute in _ATTRIBUTE.finditer(attributes)):
        kept = _ATTRIBUTE.sub(
            lambda found: "".join((*found.groups()[:3], counter)) if found[2] == "Compteur" else found[0], attributes
        )
        return f"<CPPFactures{kept}>"
    return f"<CPPFactures Compteur={counter}{attributes}>"


def keep_units(root: Element, wanted: Collection[int]) -> bytes:
    """The document of this tree, written anew with the invoices of those numbers only. Raises ValueError for another syntax."""
    syntax = syntax_of(root)
    if syntax is None or not syntax.units:
        raise ValueError(f"{root.tag} does not hold invoices one after the other")
    for number, holder in enumerate(syntax.holders(root)):
        parent = holder.getparent()
        if parent is None:
            continue
        parent.set("Compteur", str(len(wanted)))
        if number not in wanted:
            parent.remove(holder)
    document = root.getroottree()
    target = io.BytesIO()
    document.write(target, encoding=document.docinfo.encoding or "UTF-8", xml_declaration=True)
    return target.getvalue()
