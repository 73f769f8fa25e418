"""The documents that mutations start from: invoices of our own, of every profile and syntax."""

from collections.abc import Iterator
from dataclasses import replace

from flux.demo.afnor_samples import AFNOR_SAMPLE, EN16931, write_afnor_ubl
from flux.demo.facturx_samples import write_facturx_xml
from flux.demo.samples import Sample, write_ubl
from flux.model.interface import Syntax

_SHORT = replace(AFNOR_SAMPLE, line_count=2)
_EN16931_UBL = replace(_SHORT, code_service="")


def bases(ruleset: str, syntax: Syntax) -> dict[str, bytes]:
    """By name, the bases of a rule set and syntax."""
    return dict(_ubl(ruleset) if syntax is Syntax.UBL else _cii(ruleset))


def _ubl(ruleset: str) -> Iterator[tuple[str, bytes]]:
    if ruleset != "extended-ctc-fr":
        yield "afnor-ubl", write_afnor_ubl(_EN16931_UBL, profile=EN16931)
        yield "credit-ubl", write_ubl(replace(Sample(), line_count=2, type_code="381"))
    yield "extended-ubl", write_afnor_ubl(_SHORT)


def _cii(ruleset: str) -> Iterator[tuple[str, bytes]]:
    profile = ruleset.removeprefix("facturx-") if ruleset.startswith("facturx-") else "en16931"
    yield f"facturx-{profile}", write_facturx_xml(_SHORT, profile=profile)
