"""The documents that mutations start from: invoices of our own, of every profile and syntax."""

import re
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from flux.demo.afnor_samples import AFNOR_SAMPLE, EN16931, write_afnor_ubl
from flux.demo.facturx_samples import write_facturx_xml
from flux.demo.samples import Sample, write_cii, write_ubl
from flux.engine.official import Judged
from flux.engine.official_ids import NOT_USED
from flux.model.interface import Syntax
from tests.official.cii_bases import cii_outlines, extended_cii_outlines, facturx_outlines
from tests.official.draft import local
from tests.official.grammar import Grammar
from tests.official.oracle import Oracle, oracle
from tests.official.outline import write_outline
from tests.official.ubl_bases import extended_ubl_outlines, ubl_outlines
from tests.schemas import our_schemas

SCHEMAS = {Syntax.UBL: "ubl-2.1", Syntax.CII: "cii-d22b"}

# What no French rule accepts: the categories of the Canaries, of Ceuta and Melilla, and of Italy.
_ABROAD = ("-L", "-M", "-B")
_STEP = re.compile(r"/\*:(\w+)\[[^\]]*\]\[(\d+)\]")
_SHORT = replace(AFNOR_SAMPLE, line_count=2)
_LEGACY = replace(Sample(), line_count=1)


def grammar_of(schema: str) -> Grammar:
    """What a schema of the catalogue allows."""
    catalogue = our_schemas()
    (entry,) = (entry for entry in catalogue.entries() if entry.id == schema)
    return Grammar(*catalogue.paths(entry))


def bases(ruleset: str, syntax: Syntax) -> dict[str, bytes]:
    """By name, invoices that break no fatal rule of a set."""
    if ruleset.startswith("facturx-"):
        return dict(_facturx(ruleset))
    grammar = grammar_of(SCHEMAS[syntax])
    return {name: write_outline(outline, grammar) for name, outline in _outlines(ruleset, syntax)}


def _outlines(ruleset: str, syntax: Syntax) -> Iterator[tuple[str, str]]:
    standard, extended = (
        (ubl_outlines, extended_ubl_outlines) if syntax is Syntax.UBL else (cii_outlines, extended_cii_outlines)
    )
    match ruleset:
        case "en16931":
            yield from standard()
        case "extended-ctc-fr":
            yield from extended()
        case _:
            yield from (each for each in (*standard(), *extended()) if not each[0].endswith(_ABROAD))


def _facturx(profile: str) -> Iterator[tuple[str, bytes]]:
    grammar = grammar_of(profile)
    with oracle(profile, Syntax.CII) as official:
        for name, outline in facturx_outlines(profile):
            if not name.endswith("-B"):  # none of the lists of Factur-X has it
                yield name, _used(write_outline(outline, grammar, is_pruned=True), official)


def _used(document: bytes, official: Oracle) -> bytes:
    """The document without the elements that its profile knows and does not use, as the official rules report them."""
    root = etree.fromstring(document)
    verdict = official.judge(document)
    reported = [each.location for each in verdict.fired if each.code == NOT_USED] if isinstance(verdict, Judged) else []
    found = [_element_at(root, location) for location in reported]
    for element in found:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _element_at(root: etree._Element, location: str) -> etree._Element:
    """The element of a location as the rules write it: `/*:Name[namespace-uri()='...'][n]`, or its parent for an attribute."""
    element = root
    for name, place in _STEP.findall(location)[1:]:
        element = [each for each in element if local(each) == name][int(place) - 1]
    return element


def strangers(syntax: Syntax) -> dict[str, bytes]:
    """By name, invoices of other worlds, which break rules of every set: mutations start from them too."""
    if syntax is Syntax.UBL:
        return {
            "legacy-ubl": write_ubl(_LEGACY),
            "legacy-credit-ubl": write_ubl(replace(_LEGACY, type_code="381")),
            "afnor-ubl": write_afnor_ubl(replace(_SHORT, code_service=""), profile=EN16931),
            "public-ubl": write_afnor_ubl(_SHORT),
        }
    return {
        "legacy-cii": write_cii(_LEGACY),
        "public-cii": write_facturx_xml(_SHORT),
        "minimum-cii": write_facturx_xml(_SHORT, profile="minimum"),
    }
