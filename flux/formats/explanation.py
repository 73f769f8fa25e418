"""What xmlschema objects to in a document that libxml2 refused: every fault, where libxml2 stops at the first.

Apart from `flux.formats.schema` because importing xmlschema takes 0.2 s.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import cast

from lxml import etree
from xmlschema import (
    XMLSchema,
    XMLSchemaChildrenValidationError,
    XMLSchemaDecodeError,
    XMLSchemaException,
    XMLSchemaValidationError,
)
from xmlschema.validators import (
    XsdAtomic,
    XsdAttributeGroup,
    XsdElement,
    XsdEnumerationFacets,
    XsdGroup,
    XsdLengthFacet,
    XsdMaxLengthFacet,
    XsdMinLengthFacet,
    XsdPatternFacets,
)

from flux.formats.fault import TYPES, Fault, shorten
from flux.formats.position import CUSTOMARY_PREFIXES, name_of, prefixes_of
from flux.formats.tree import Element, line_of

# A reader is helped by the first values of a list.
LISTED_VALUES = 8

# xmlschema says only in its sentence which attribute it means.
_QUOTED = re.compile(r"'([^']+)'")
_OF_ATTRIBUTE = re.compile(r"attribute (\S+?)=")


def explain(root: Element, schema: XMLSchema, limit: int) -> list[Fault]:
    """The faults of a document, `limit` at most; none where xmlschema sees none or gives up."""
    try:
        return [_examine(error, root) for error in islice(schema.iter_errors(root), limit)]
    except XMLSchemaException:
        return []  # the verdict is libxml2's and stands; its own words explain it then


def _examine(error: XMLSchemaValidationError, root: Element) -> Fault:
    element = root if error.elem is None else cast("Element", error.elem)  # of the tree that was given
    if isinstance(error, XMLSchemaChildrenValidationError):
        return _examine_children(error, element, root)
    reason = str(error.reason or "")
    fault = Fault("other", element, line_of(element), name_of(element), subject=reason)
    if isinstance(error.validator, XsdAttributeGroup):
        return _examine_attributes(fault, reason)
    if isinstance(error.obj, Element):
        return fault
    attribute = _OF_ATTRIBUTE.match(reason)
    value = element.get(attribute[1]) if attribute else element.text
    return _examine_value(fault._replace(found=shorten(value or "")), error)


def _examine_attributes(fault: Fault, reason: str) -> Fault:
    named = _QUOTED.search(reason)
    attribute = named[1] if named else ""
    if reason.startswith("missing"):
        return fault._replace(kind="attribute_missing", expected=attribute, subject=attribute)
    return fault._replace(kind="attribute_unknown", subject=attribute)


def _examine_value(fault: Fault, error: XMLSchemaValidationError) -> Fault:
    rule = error.validator
    if isinstance(rule, XsdEnumerationFacets):
        return fault._replace(kind="enumeration", expected=_list_first([str(value) for value in rule.enumeration]))
    if isinstance(rule, XsdPatternFacets):
        return fault._replace(kind="pattern", expected=_list_first([str(pattern) for pattern in rule.regexps]))
    if isinstance(rule, XsdLengthFacet | XsdMinLengthFacet | XsdMaxLengthFacet):
        sign = {XsdMinLengthFacet: "≥ ", XsdMaxLengthFacet: "≤ "}.get(type(rule), "")
        return fault._replace(kind="length", expected=f"{sign}{rule.value}")
    if isinstance(error, XMLSchemaDecodeError) and isinstance(rule, XsdAtomic):
        name = str(rule.local_name or rule.primitive_type.local_name)
        return fault._replace(kind="type", expected=TYPES[name].example if name in TYPES else name, subject=name)
    return fault


def _examine_children(error: XMLSchemaChildrenValidationError, parent: Element, root: Element) -> Fault:
    expected = [wanted.name for wanted in error.expected or () if isinstance(wanted, XsdElement) and wanted.name]
    names = _list_first([_display(tag, root) for tag in expected])
    intruder = cast("object", error.invalid_child)
    if isinstance(intruder, Element):
        if not _stands_after_gap(intruder, parent, expected, error):
            return _examine_intruder(intruder, expected, names)
        line = line_of(intruder)
    else:
        line = line_of(parent)
    missing = expected[0] if len(expected) == 1 else None
    return Fault("missing_element", parent, line, name_of(parent), names or "…", missing)


def _examine_intruder(intruder: Element, expected: Sequence[str], names: str) -> Fault:
    local = etree.QName(intruder).localname
    twin = next((tag for tag in expected if etree.QName(tag).localname == local and tag != intruder.tag), None)
    if twin is not None:  # the right name in another namespace: prefixes would hide it
        return Fault("unexpected_element", intruder, line_of(intruder), str(intruder.tag), twin)
    return Fault("unexpected_element", intruder, line_of(intruder), name_of(intruder), names or None)


def _stands_after_gap(
    child: Element, parent: Element, expected: Sequence[str], error: XMLSchemaChildrenValidationError
) -> bool:
    """True where the child may stand in the parent, and what was to come before it stands nowhere there."""
    return bool(expected) and child.tag in _known_tags(error) and not any(held.tag in expected for held in parent)


def _known_tags(error: XMLSchemaChildrenValidationError) -> set[str | None]:
    """The children that the parent may have somewhere."""
    model = error.validator
    known: Iterable[object] = model.iter_elements() if isinstance(model, XsdGroup) else ()
    return {element.name for element in known if isinstance(element, XsdElement)}


def _display(tag: str, root: Element) -> str:
    """A tag with the prefix that the document gives its namespace, or the customary one."""
    name = etree.QName(tag)
    if not name.namespace:
        return name.localname
    prefixes = {uri: prefix for prefix, uri in prefixes_of(root).items()}
    prefix = prefixes.get(name.namespace) or CUSTOMARY_PREFIXES.get(name.namespace)
    return f"{prefix}:{name.localname}" if prefix else name.localname


def _list_first(values: Sequence[str]) -> str:
    return ", ".join([*values[:LISTED_VALUES], *(["…"] if len(values) > LISTED_VALUES else [])])
