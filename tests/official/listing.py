"""The rules that a stylesheet holds, by the names that `flux.engine.official_ids` gives them."""

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from flux.engine.official_ids import rule_name

_XSL = "{http://www.w3.org/1999/XSL/Transform}"
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"


def rules_of(stylesheet: Path) -> frozenset[str]:
    """Every rule, without those whose test is always true: they cannot fire."""
    return frozenset(_rules(etree.parse(stylesheet).getroot()))


def _rules(root: etree._Element) -> Iterator[str]:
    for element in root.iter(_SVRL + "failed-assert", _SVRL + "successful-report"):
        choice = next(element.iterancestors(_XSL + "choose"), None)
        tested = None if choice is None else choice.find(_XSL + "when")
        if tested is None or tested.get("test") not in {"true()", "true"}:
            yield rule_name(_id(element), _text(element)).code


def _id(element: etree._Element) -> str:
    for attribute in element.iterchildren(_XSL + "attribute"):
        if attribute.get("name") == "id":
            return attribute.text or ""
    return element.get("id", "")


def _text(element: etree._Element) -> str:
    text = element.find(_SVRL + "text")
    return "" if text is None else " ".join("".join(map(str, text.itertext())).split())
