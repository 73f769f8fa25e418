"""BR-FR-29: the identifiers of what the invoice is about (AFL a sub-invoice, AVV its frame), reference by reference.

The model holds these identifiers by what they mean, whichever reference bears them, and the rule counts in one reference.
"""

from collections.abc import Iterator

from flux.formats import cii
from flux.formats.french_identifiers import SCHEME, SPACE, observe
from flux.formats.tree import Element
from flux.formats.ubl_names import PREFIXES as UBL_PREFIXES
from flux.model.finding import Observation

_SCHEMES = ("AFL", "AVV")
_CAC, _CBC = UBL_PREFIXES["cac"], UBL_PREFIXES["cbc"]
_RSM, _RAM = cii.PREFIXES["rsm"], cii.PREFIXES["ram"]
_UBL_REFERENCE, _UBL_IDENTIFIER = f"{{{_CAC}}}AdditionalDocumentReference", f"{{{_CBC}}}ID"
_TRANSACTION, _AGREEMENT = f"{{{_RSM}}}SupplyChainTradeTransaction", f"{{{_RAM}}}ApplicableHeaderTradeAgreement"
_CII_REFERENCE, _CII_IDENTIFIER = f"{{{_RAM}}}AdditionalReferencedDocument", f"{{{_RAM}}}IssuerAssignedID"
_CII_SCHEME = f"{{{_RAM}}}ReferenceTypeCode"

# A scheme, and an identifier under it.
_Identifiers = list[tuple[str | None, Element]]


def judge_references(holder: Element) -> tuple[Observation, ...]:
    """What the rule says of the references in the header of a document."""
    return tuple(_judge_cii(holder) if holder.tag == cii.INVOICE_ROOT else _judge_ubl(holder))


def _judge_ubl(invoice: Element) -> Iterator[Observation]:
    """Each reference has one identifier of a scheme at most."""
    for reference in invoice.iterchildren(_UBL_REFERENCE):
        held = [(identifier.get(SCHEME), identifier) for identifier in reference.iterchildren(_UBL_IDENTIFIER)]
        yield from _observe(reference, [scheme for scheme, _ in held], held)


def _judge_cii(invoice: Element) -> Iterator[Observation]:
    """The header has one reference of a scheme at most, however many identifiers that has."""
    for transaction in invoice.iterchildren(_TRANSACTION):
        for agreement in transaction.iterchildren(_AGREEMENT):
            references = list(agreement.iterchildren(_CII_REFERENCE))
            if references:
                yield from _judge_agreement(agreement, references)


def _judge_agreement(agreement: Element, references: list[Element]) -> Iterator[Observation]:
    schemes: list[str | None] = []
    held: _Identifiers = []
    for reference in references:
        own = {scheme.text for scheme in reference.iterchildren(_CII_SCHEME)}
        schemes += own
        held += [(scheme, identifier) for scheme in own for identifier in reference.iterchildren(_CII_IDENTIFIER)]
    yield from _observe(agreement, schemes, held)


def _observe(bearer: Element, schemes: list[str | None], held: _Identifiers) -> Iterator[Observation]:
    if any(schemes.count(scheme) > 1 for scheme in _SCHEMES):
        yield observe("BR-FR-29", bearer, "BT-18")
    for scheme, identifier in held:
        if scheme in _SCHEMES and not (identifier.text or "").strip(SPACE):
            yield observe("BR-FR-29", identifier, scheme)
