"""The code lists that the tables of both syntaxes name (`flux.formats.cii_codes`, `flux.formats.ubl_codes`)."""

from collections.abc import Iterable, Mapping

from flux.formats.bound_demands import XML_SPACE, Check
from flux.formats.tree import Element
from flux.model.code_lists.iso import CURRENCIES
from flux.model.code_lists.mime import EXTENDED_MIME_CODES, MIME_CODES
from flux.model.code_lists.schemes import EAS, ICD, ICD_AND_PARTIES
from flux.model.code_lists.units import UNITS
from flux.model.code_lists.untdid import (
    ALLOWANCE_REASONS,
    CHARACTERISTICS,
    CHARGE_REASONS,
    DELIVERY_TERMS,
    ITEM_CLASSIFICATIONS,
    PAYMENT_MEANS,
    REFERENCE_QUALIFIERS,
    TAX_TYPES,
    VAT_CATEGORIES,
)
from flux.model.code_lists.vatex import VATEX

LISTS: Mapping[str, frozenset[str]] = {
    "allowance-reasons": ALLOWANCE_REASONS,
    "characteristics": CHARACTERISTICS,
    "charge-reasons": CHARGE_REASONS,
    "currencies": CURRENCIES,
    # Two blanks in a row stand in the list of the artefact, between which it finds an empty code.
    "delivery-terms": DELIVERY_TERMS | {""},
    "eas": EAS,
    "extended-files": EXTENDED_MIME_CODES,
    "files": MIME_CODES,
    "icd": ICD,
    "icd-and-bank": ICD | {"SEPA"},
    "icd-and-parties": ICD_AND_PARTIES,
    "icd-parties-and-bank": ICD_AND_PARTIES | {"SEPA"},
    "item-classifications": ITEM_CLASSIFICATIONS,
    "payment-means": PAYMENT_MEANS,
    "reference-qualifiers": REFERENCE_QUALIFIERS,
    "tax-types": TAX_TYPES,
    "units": UNITS,
    "vat-categories": VAT_CATEGORIES,
}


def _check_exemption(element: Element) -> Iterable[Element]:
    """BR-CL-22: in either case."""
    return () if (element.text or "").strip(XML_SPACE).upper() in VATEX else (element,)


CHECKS: Mapping[str, Check] = {"an_exemption": _check_exemption}
