"""What the bytes of a document show before any parser reads them.

libxml2 reads a DOCTYPE to its end before anybody is asked, in a time that grows with the square of what it declares; and it
builds all the attributes of an element before it hands over the first.
"""

import codecs
import re

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WITHOUT_MARK = ((b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))

_DECLARATION = re.compile(rb"""(?:\xef\xbb\xbf)?\s*<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""")
# Nothing is tried twice: else the ways to read a row of comments double with each.
_BEFORE_DOCTYPE = re.compile(rb"(?:\xef\xbb\xbf)?(?>\s+|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)
# The shortest attribute with the space before it: a="".
_SHORTEST_ATTRIBUTE_BYTES = 5


def marked_encoding(data: bytes) -> str | None:
    """The encoding that the first bytes show, None where they show none."""
    return next((name for start, name in (*_BYTE_ORDER_MARKS, *_WITHOUT_MARK) if data.startswith(start)), None)


def with_ascii_markup(data: bytes) -> bytes:
    """The document with its markup in bytes of ASCII: itself, unless it is in UTF-16 or UTF-32."""
    if data.startswith(b"<?xml"):
        return data
    marked = marked_encoding(data)
    if marked is None or marked == "utf-8":
        return data
    return data.decode(marked, errors="replace").encode()


def declared_encoding(data: bytes) -> str | None:
    """The encoding that the declaration of a document `with_ascii_markup` names, None where it names none."""
    declared = _DECLARATION.match(data)
    return declared[1].decode("ascii") if declared else None


def has_doctype(data: bytes) -> bool:
    """True where a DOCTYPE stands before the root of a document `with_ascii_markup`."""
    return _BEFORE_DOCTYPE.match(data) is not None


def count_markup(data: bytes) -> int:
    """No fewer than the elements and attributes of a document `with_ascii_markup`: comments and texts may add to them."""
    return data.count(b"<") - data.count(b"</") + data.count(b"=")


class AttributeBound:
    """Tells a document `with_ascii_markup` that has an element of more than `most` attributes, declarations of namespaces included.

    What looks like such an element in a comment or in CDATA counts too. No attribute holds a "<": only an element from which
    it is far to the next one is looked at, and of an attachment nothing is.
    """

    def __init__(self, most: int) -> None:
        self._span = most * _SHORTEST_ATTRIBUTE_BYTES
        attribute = rb"""\s*+[^\s"'<>=/]++\s*+=\s*+(?:"[^"<]*+"|'[^'<]*+')"""
        self._flooded = re.compile(rb"""<[^\s"'<>=/!?]++(?>%b){%d}""" % (attribute, most + 1))

    def is_passed_in(self, data: bytes) -> bool:
        """True where the document has such an element."""
        at = data.find(b"<")
        while at != -1:
            following = data.rfind(b"<", at + 1, at + self._span)
            if following == -1:
                if self._flooded.match(data, at):
                    return True
                following = data.find(b"<", at + self._span)
            at = following
        return False
