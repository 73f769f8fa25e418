"""The hardened reader: bytes to a tree, or to the observation that says why there is none."""

from typing import NamedTuple, cast

from lxml import etree

from flux.formats.first_bytes import (
    AttributeBound,
    count_markup,
    declared_encoding,
    has_doctype,
    marked_encoding,
    with_ascii_markup,
)
from flux.formats.recognition import recognise_bytes, unknown_syntax
from flux.formats.syntax_errors import reason_of
from flux.formats.tree import Element
from flux.model.finding import Observation
from flux.model.limits import Limits

# libxml2 refuses a text above 10,000,000 bytes unless told that the document is huge.
_HUGE_TEXT_BYTES = 10_000_000
# The shortest element is <a/>.
_SHORTEST_NODE_BYTES = 4

_UTF_8 = frozenset({"utf-8", "utf8"})
_PLAIN_UTF_8 = ("UTF-8", "utf-8")
_WIDE = ("utf-16", "utf-32", "ucs-", "iso-10646")
_WITH_ESCAPES = ("iso-2022", "iso2022", "csiso2022")
# "<?xm" as libxml2 knows the code pages of IBM by it.
_EBCDIC_DECLARATION = b"\x4c\x6f\xa7\x94"
_ASCII = bytes(range(0x20, 0x7F))

_ENCODING_ERRORS = frozenset(
    {
        etree.ErrorTypes.ERR_INVALID_ENCODING,
        etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING,
        etree.ErrorTypes.ERR_UNKNOWN_ENCODING,
        etree.ErrorTypes.I18N_CONV_FAILED,
    }
)
_LIMIT_ERRORS = frozenset({114, etree.ErrorTypes.ERR_NAME_TOO_LONG})  # 114 is XML_ERR_RESOURCE_LIMIT, unnamed in lxml


class Reading(NamedTuple):
    """A tree and what was seen on the way to it; `root` is None where the bytes are refused."""

    root: Element | None
    observations: tuple[Observation, ...] = ()


class _NothingOutside(etree.Resolver):
    """Answers every reference to something outside with nothing.

    Without it libxml2 opens the file that a DOCTYPE names, whatever `load_dtd` says: a device or a pipe would hang us.
    """

    def resolve(self, _url: str, _public_id: str, context: object) -> object:  # type: ignore[override]  # the stubs forget the context
        return self.resolve_string("", context)  # type: ignore[call-arg]  # base_url is optional


class TreeReader:
    """One parser for a worker: not to be shared between threads, which would wait for one another."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._parser = _hardened_parser(huge=False)
        self._huge_parser = _hardened_parser(huge=True)
        self._attributes = AttributeBound(limits.xml_attributes)
        self._is_too_deep = etree.XPath("boolean(" + "/*" * (limits.xml_depth + 1) + ")")
        self._count_nodes = etree.XPath("count(//*)")
        self._longest_text = etree.XPath(f"boolean(//text()[string-length() > {limits.xml_text_bytes}])")

    def read(self, data: bytes) -> Reading:
        """The tree of a document, refused where it is empty, no XML, lies about its encoding, or passes a bound."""
        if len(data) > self._limits.member_bytes:
            return _refused(_limit("FILE_SIZE", len(data), self._limits.member_bytes, "bytes"))
        if not data or data.isspace():
            return _refused(_empty(data))
        early = self._refuse_early(data, with_ascii_markup(data))
        if early is not None:
            return _refused(early)
        try:
            root = etree.fromstring(data, self._parser if len(data) <= _HUGE_TEXT_BYTES else self._huge_parser)
        except etree.XMLSyntaxError as error:
            return _refused(_explain_failure(data, error))
        return self._accept(root, data)

    def _refuse_early(self, data: bytes, markup: bytes) -> Observation | None:
        """What is refused before libxml2 reads it, which would take it longer than anybody waits."""
        if has_doctype(markup):
            return _explain_doctype(data)
        if data.startswith(_EBCDIC_DECLARATION) or _hides_markup(declared_encoding(markup) or "UTF-8"):
            return _lie(data)
        if self._attributes.is_passed_in(markup):
            most = self._limits.xml_attributes
            return Observation(code="XML_LIMIT", found=f"> {most}", expected=str(most), facts=(("unit", "attributes"),))
        most = self._limits.xml_nodes
        if len(markup) > most * _SHORTEST_NODE_BYTES and count_markup(markup) > most:
            return Observation(code="XML_LIMIT", found=f"> {most}", expected=str(most), facts=(("unit", "nodes"),))
        return None

    def _accept(self, root: Element, data: bytes) -> Reading:
        document = root.getroottree().docinfo
        if cast("object", document.internalDTD) is not None:
            return _refused(_explain_doctype(data))
        passed = self._passed_limit(root, len(data))
        if passed is not None:
            return _refused(passed)
        if document.encoding in _PLAIN_UTF_8 and data[0] < 0x80:  # no byte-order mark: nothing to compare
            return Reading(root)
        return _judge_encoding(root, data)

    def _passed_limit(self, root: Element, size: int) -> Observation | None:
        limits = self._limits
        if self._is_too_deep(root):
            return _limit("XML_LIMIT", limits.xml_depth + 1, limits.xml_depth, "depth")
        if (
            size > limits.xml_nodes * _SHORTEST_NODE_BYTES
            and (nodes := cast("float", self._count_nodes(root))) > limits.xml_nodes
        ):
            return _limit("XML_LIMIT", int(nodes), limits.xml_nodes, "nodes")
        if size > limits.xml_text_bytes and self._longest_text(root):
            return _limit("XML_LIMIT", limits.xml_text_bytes + 1, limits.xml_text_bytes, "text")
        return None


def _hardened_parser(*, huge: bool) -> etree.XMLParser:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        huge_tree=huge,
    )
    parser.resolvers.add(_NothingOutside())
    return parser


def _refused(observation: Observation) -> Reading:
    return Reading(None, (observation,))


def _limit(code: str, found: int, allowed: int, unit: str) -> Observation:
    return Observation(code=code, found=str(found), expected=str(allowed), facts=(("unit", unit),))


def _explain_failure(data: bytes, error: etree.XMLSyntaxError) -> Observation:
    kind = recognise_bytes(data)
    if kind is not None:
        return unknown_syntax(kind)
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        return _empty(data)
    return _explain_syntax(data, cast("int", getattr(error, "code", 0)), error)


def _explain_syntax(data: bytes, code: int, error: etree.XMLSyntaxError) -> Observation:
    line, column = error.position
    where = (("column", str(column)),)
    if code in _ENCODING_ERRORS or b"\0" in data or _declares_other_width(data):
        return _lie(data, line=line, facts=where)
    if code in _LIMIT_ERRORS:
        return Observation(code="XML_LIMIT", line=line, facts=(*where, ("unit", "parser")))
    french, english = reason_of(code, error.msg)
    return Observation(code="XML_SYNTAX", line=line, facts=(*where, ("reason_fr", french), ("reason_en", english)))


def _empty(data: bytes) -> Observation:
    french, english = ("que des blancs", "white space only") if data else ("aucun octet", "no byte")
    return Observation(code="FLOW_EMPTY", facts=(("reason_fr", french), ("reason_en", english)))


def _explain_doctype(data: bytes) -> Observation:
    return unknown_syntax("HTML") if recognise_bytes(data) == "HTML" else _doctype()


def _doctype() -> Observation:
    return Observation(code="XML_DOCTYPE", found="<!DOCTYPE")


def _judge_encoding(root: Element, data: bytes) -> Reading:
    """A document that was read, but perhaps not as its author meant."""
    declared = _declared_encoding(data)
    actual = marked_encoding(data)
    if declared is not None and _lies(declared, actual, data):
        return _refused(_lie(data))
    name = declared or actual or "UTF-8"
    if name.lower() in _UTF_8:
        return Reading(root)
    return Reading(root, (Observation(code="XML_ENCODING_OTHER", found=name, expected="UTF-8", detail=name),))


def _lies(declared: str, actual: str | None, data: bytes) -> bool:
    """True where the bytes are not in the encoding that the document declares.

    A text in a one-byte encoding is read without complaint whatever it is; when it holds other than ASCII and is good
    UTF-8 all the same, it was written in UTF-8, for no accented text is both.
    """
    name = declared.lower().replace("-", "").replace("_", "")
    if actual is not None and actual != "utf-8":
        return not name.startswith((actual.replace("-", "")[:5], "ucs", "iso10646"))
    return name != "utf8" and not data.isascii() and _is_utf_8(data)


def _hides_markup(declared: str) -> bool:
    """True for an encoding in which bytes of ASCII may be other characters: UTF-7, HZ, the escapes of ISO 2022.

    Who does not decode them sees another document than who does. What Python does not know, few readers will.
    """
    if declared.lower() in _UTF_8 or declared.lower().startswith(_WIDE):
        return False
    if declared.lower().replace("_", "-").startswith(_WITH_ESCAPES):
        return True
    try:
        return _ASCII.decode(declared) != _ASCII.decode("ascii")
    except (LookupError, UnicodeError):
        return True


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _lie(data: bytes, *, line: int | None = None, facts: tuple[tuple[str, str], ...] = ()) -> Observation:
    declared = _declared_encoding(data) or "UTF-8"
    return Observation(code="XML_ENCODING", found=declared, expected="UTF-8", detail=declared, line=line, facts=facts)


def _declares_other_width(data: bytes) -> bool:
    """True for one-byte text that says it is UTF-16 or UTF-32, or the reverse."""
    declared = (_declared_encoding(data) or "utf-8").lower()
    wide = (marked_encoding(data) or "utf-8") != "utf-8"
    return declared.startswith(("utf-16", "utf-32", "ucs-")) != wide


def _declared_encoding(data: bytes) -> str | None:
    return declared_encoding(with_ascii_markup(data))
