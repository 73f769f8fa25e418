"""The code lists of the profiles of Factur-X 1.09, by the name that the tables of `flux.formats.facturx_rules` give them."""

from collections.abc import Mapping

from flux.model.code_lists.iso import COUNTRIES, CURRENCIES
from flux.model.code_lists.languages import LANGUAGES
from flux.model.code_lists.mime import EXTENDED_MIME_CODES
from flux.model.code_lists.schemes import EAS, ICD, ICD_AND_PARTIES
from flux.model.code_lists.units import UNITS
from flux.model.code_lists.untdid import (
    ALLOWANCE_REASONS,
    CHARACTERISTICS,
    CHARGE_REASONS,
    CII_NOTE_SUBJECTS,
    CII_TAX_POINTS,
    CII_TYPES,
    DELIVERY_TERMS,
    ITEM_CLASSIFICATIONS,
    PAYMENT_MEANS,
    REFERENCE_QUALIFIERS,
    TAX_TYPES,
    VAT_CATEGORIES,
)
from flux.model.code_lists.vatex import VATEX

_NEW_SCHEMES = frozenset(f"{number:04}" for number in range(241, 249))
_NEW_TYPES = frozenset({"471", "472", "473", "500", "501", "502", "503"})


def _profile(name: str) -> frozenset[str]:
    """The two names of a profile, in France and in Germany."""
    return frozenset({f"{name}", name.replace("factur-x.eu:1p0", "zugferd.de:2p0")})


LISTS: Mapping[str, frozenset[str]] = {
    "minimum": _profile("urn:factur-x.eu:1p0:minimum"),
    "basicwl": _profile("urn:factur-x.eu:1p0:basicwl"),
    "basic": _profile("urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic"),
    "extended": _profile("urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended"),
    "130": frozenset({"130"}),
    "50": frozenset({"50"}),
    "916": frozenset({"916"}),
    "allowance-reasons": ALLOWANCE_REASONS,
    "characteristics": CHARACTERISTICS,
    "charge-reasons": CHARGE_REASONS,
    "contract-types": REFERENCE_QUALIFIERS | {"CONTRAT", "MARCHE"},
    "countries": COUNTRIES | {"SS"},
    "currencies": CURRENCIES - {"STD"} | {"STN"},
    "day": frozenset({"102"}),
    "day-or-minute": frozenset({"102", "205"}),
    "delivery-terms": DELIVERY_TERMS,
    "document-roles": frozenset({"50", "130", "916"}),
    "eas": EAS - {"0219", "0220"},
    "former-types": CII_TYPES - _NEW_TYPES,
    "icd": ICD,
    "icd-and-parties": ICD_AND_PARTIES,
    "item-classifications": ITEM_CLASSIFICATIONS,
    "languages": LANGUAGES,
    "line-kinds": frozenset({"DETAIL", "GROUP", "INFORMATION"}),
    "line-statuses": frozenset(map(str, range(1, 120))),
    "mime-codes": EXTENDED_MIME_CODES | {"application/json"},
    "note-subjects": CII_NOTE_SUBJECTS,
    "party-schemes": ICD - _NEW_SCHEMES,
    "payment-means": PAYMENT_MEANS,
    "price-kinds": frozenset("1234567"),
    "reference-qualifiers": REFERENCE_QUALIFIERS,
    "tax-points": CII_TAX_POINTS,
    "tax-types": TAX_TYPES,
    "tax-types-and-vat": TAX_TYPES | {"VAT"},
    "transport-modes": frozenset("0123456789"),
    "types": CII_TYPES,
    "units": UNITS,
    "vat": frozenset({"VAT"}),
    "vat-categories": VAT_CATEGORIES,
    "vat-categories-but-split": VAT_CATEGORIES - {"B"},
    "vat-number": frozenset({"VA"}),
    "vatex": VATEX,
}
