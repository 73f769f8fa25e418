"""The schema check: libxml2 decides, xmlschema explains what it refused."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from lxml import etree

from flux.formats.fault import Fault, sentences, shorten
from flux.formats.flood import find_refused, left_out
from flux.formats.position import Positions, name_of, prefixes_of
from flux.formats.syntax import TermFinder, find_no_term, syntax_of
from flux.formats.tree import Element, LogEntry, line_of
from flux.model.finding import Observation
from flux.model.limits import Limits

if TYPE_CHECKING:
    import xmlschema

# Terms that name an account or a card: what was found there is shown in part only.
_SECRET_TERMS = frozenset({"BT-84", "BT-87", "BT-91"})

# For each fault xmlschema goes through all the children, or writes out all the attributes, of the element at fault: its time
# grows with their square, and this much is a second. A real document of 3,000 lines stays below half of it.
_EXPLAINED_SQUARES = 25_000_000
_ATTRIBUTE_WEIGHT = 80  # of the square of attributes against that of children, by the time that each takes
_USUAL_ATTRIBUTES = 4

_NAMESPACE = re.compile(r"\{[^}]*\}")
_XML_SCHEMA_TYPE = re.compile(r"'xs:(\w+)'")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledSchema:
    """A schema of the catalogue, ready for one worker.

    `validator` decides. `explainer` gives the same schema for xmlschema: it costs seconds, so it is asked for only
    when a document is refused, and answers from memory afterwards. Not to be shared between threads: libxml2 mixes
    their error logs.
    """

    id: str
    version: str
    validator: etree.XMLSchema
    explainer: "Callable[[], xmlschema.XMLSchema]"


def check_schema(root: Element, schema: CompiledSchema, limits: Limits, data_size: int) -> tuple[Observation, ...]:
    """One XSD_INVALID per fault in the order of the document, none where the schema accepts.

    A document of more than `limits.explain_bytes` is explained by what libxml2 says before it stops, and so are one with
    a flood of children or attributes and one in which xmlschema sees no fault. Of one that is both, the first faults are told.
    """
    is_large = data_size > limits.explain_bytes
    if is_large and _is_flooded(root):
        faults = _first_faults(root, schema, limits)
    else:
        faults = _all_faults(root, schema, limits, is_large=is_large)
    if not faults:
        return ()
    syntax = syntax_of(root)
    find_term = find_no_term if syntax is None else syntax.term_finder(root)
    positions = Positions(root)
    return tuple(sorted(_observe(faults, find_term, positions), key=lambda observation: observation.line or 0))


def _all_faults(root: Element, schema: CompiledSchema, limits: Limits, *, is_large: bool) -> list[Fault]:
    if schema.validator.validate(root):
        return []
    log = _log_of(schema, limits)
    faults = [] if is_large or _is_flooded(root) else _explain(root, schema, limits)
    return faults or _repeat_all(log, root) or [_unexplained(root, schema)]


def _first_faults(root: Element, schema: CompiledSchema, limits: Limits) -> list[Fault]:
    refused = find_refused(root, schema.validator)
    if refused is None:
        return []
    with left_out(root, keep=refused):
        schema.validator.validate(root)
        faults = _repeat_all(_log_of(schema, limits), root)
    return faults or [_unexplained(root, schema)]


def _log_of(schema: CompiledSchema, limits: Limits) -> Sequence[LogEntry]:
    return list(cast("Iterable[LogEntry]", schema.validator.error_log))[: limits.findings_per_invoice]


def _unexplained(root: Element, schema: CompiledSchema) -> Fault:
    return Fault("other", root, line_of(root), name_of(root), subject=schema.id)


def _is_flooded(root: Element) -> bool:
    """True where xmlschema would need more than a moment, were all of the document at fault."""
    squares = 0
    for element in root.iter(etree.Element):
        squares += len(element) ** 2
        if (attributes := len(element.attrib)) > _USUAL_ATTRIBUTES:
            squares += _ATTRIBUTE_WEIGHT * attributes**2
    return squares > _EXPLAINED_SQUARES


def _explain(root: Element, schema: CompiledSchema, limits: Limits) -> list[Fault]:
    from flux.formats.explanation import explain  # noqa: PLC0415 - brings xmlschema: 0.2 s for refused documents only

    return explain(root, schema.explainer(), limits.findings_per_invoice)


def _observe(faults: list[Fault], find_term: TermFinder, positions: Positions) -> Iterator[Observation]:
    for stated in faults:
        term = find_term(stated.element, stated.missing)
        fault = stated.masked() if term in _SECRET_TERMS else stated
        french, english = sentences(fault)
        position = positions.of(fault.element)
        yield Observation(
            code="XSD_INVALID",
            term=term,
            found=fault.found,
            expected=fault.expected,
            line=fault.line or position.line,
            xpath=position.xpath,
            facts=(("kind", fault.kind), ("element", fault.name), ("reason_fr", french), ("reason_en", english)),
        )


def _repeat_all(log: Sequence[LogEntry], root: Element) -> list[Fault]:
    """What libxml2 said, on the elements that it named."""
    find = etree.XPathEvaluator(root, namespaces=prefixes_of(root))
    return [_repeat(entry, root, find(entry.path) if entry.path else []) for entry in log]


def _repeat(entry: LogEntry, root: Element, found: object) -> Fault:
    element = found[0] if isinstance(found, list) and found and isinstance(found[0], Element) else root
    said = _NAMESPACE.sub("", entry.message).partition(": ")[2]
    if entry.type_name == "SCHEMAV_ELEMENT_CONTENT":
        kind = "missing_element" if said.startswith("Missing") else "unexpected_element"
        expected = said.partition("Expected is ")[2].removeprefix("one of ").strip("( ).") or None
        return Fault(kind, element, entry.line, name_of(element), expected)
    if entry.type_name.startswith("SCHEMAV_CVC_DATATYPE"):
        named = _XML_SCHEMA_TYPE.search(said)
        return Fault("type", element, entry.line, shorten(element.text or ""), subject=named[1] if named else "")
    return Fault("other", element, entry.line, name_of(element), subject=said)
