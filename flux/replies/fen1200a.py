"""FEN1200A: status 01, déposée, of each accepted invoice (CPPStatut V1_19, block CPPFactureStatuts).

Rejected invoices are lines of the flow report and never stand here. A slot that the schema demands and the invoice
leaves empty takes the next best thing that is true.
"""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import NamedTuple

from lxml import etree
from lxml.etree import SubElement

from flux.model.paris import in_paris
from flux.model.settlement import Outcome
from flux.model.verdict import InvoiceSummary, PartySummary
from flux.replies.context import ReplyContext
from flux.replies.envelope import begin_message, finish_message, write_text

BLOCK = "CPPFactureStatuts"
# A tree takes ten times what its text takes: a flow of tens of thousands of invoices is written so many at a time.
UNITS_AT_A_TIME = 1000

DEPOSEE = ("01", "Déposée")

# TypeIdentifiant by scheme: the codes of the reform (ISO 6523 and French extensions) and legacy Chorus, which writes the type itself.
IDENTIFIER_TYPES = {
    **dict.fromkeys(("0009", "1"), "1"),  # SIRET
    **dict.fromkeys(("0223", "2"), "2"),  # European Union outside France
    **dict.fromkeys(("0227", "3"), "3"),  # outside the European Union
    **dict.fromkeys(("0228", "4"), "4"),  # RIDET
    **dict.fromkeys(("0229", "5"), "5"),  # Tahiti
    **dict.fromkeys(("0226", "7"), "7"),  # individual
}
OTHER_IDENTIFIER = "6"

# The debtor that Chorus writes where no SIRET is known; a debtor must have 14 characters.
NO_SIRET = "0" * 14
CODE_SERVICE_CHARACTERS = 100

_SLOTS = (
    ("Fournisseur", ("TypeIdentifiant", "Identifiant", "RaisonSociale", "CodePays")),
    ("Debiteur", ("TypeIdentifiant", "Identifiant", "CodeService")),
    ("DonneesStatut", ("IdStatut", "ComplementStatut", "Horodatage", "IdFacture", "DateFacture")),
)


def build_invoice_statuses(context: ReplyContext) -> bytes | None:
    """The message, None when no invoice of the flow is accepted."""
    summaries = [each.summary for each in context.judgments_with(Outcome.ACCEPTED) if each.summary is not None]
    if not summaries:
        return None
    starts = range(0, len(summaries), UNITS_AT_A_TIME)
    parts = [_cut(_write(context, summaries, start, start + UNITS_AT_A_TIME)) for start in starts]
    return b"".join((parts[0].head, *(part.units for part in parts), parts[0].tail))


class _Parts(NamedTuple):
    """A message: what stands before its units, the units, and what stands behind them."""

    head: bytes
    units: bytes
    tail: bytes


def _write(context: ReplyContext, summaries: Sequence[InvoiceSummary], start: int, end: int) -> bytes:
    """The message with some of its units; the counter is that of all."""
    root = begin_message(context)
    block = SubElement(root, BLOCK, compteur=str(len(summaries)))
    received = in_paris(context.case.flow.received_at).isoformat()
    blank = _blank_unit()
    for order, summary in enumerate(summaries[start:end], start=start + 1):
        block.append(_unit(blank, order, summary, received))
    return finish_message(root)


def _cut(message: bytes) -> _Parts:
    """The parts of a message that we wrote ourselves, each element on lines of its own."""
    begin = message.index(b"\n", message.index(b"<" + BLOCK.encode())) + 1
    end = message.rindex(b"\n", 0, message.rindex(b"</" + BLOCK.encode())) + 1
    return _Parts(message[:begin], message[begin:end], message[end:])


def _blank_unit() -> etree._Element:
    """A unit with every slot and no text: copying it is twice as fast as building each anew."""
    unit = etree.Element("CPPFactureStatutUnitaire")
    for group, slots in _SLOTS:
        parent = SubElement(unit, group)
        for slot in slots:
            SubElement(parent, slot)
    return unit


def _unit(blank: etree._Element, order: int, summary: InvoiceSummary, received: str) -> etree._Element:
    unit = deepcopy(blank)
    unit.set("NumOrdre", str(order))
    fournisseur, debiteur, statut = unit
    _fill(fournisseur, _supplier_texts(summary.supplier))
    _fill(debiteur, ("1", _debtor_identifier(summary.buyer), _code_service(summary)))
    _fill(statut, (*DEPOSEE, received, summary.number, summary.issue_date.isoformat() if summary.issue_date else None))
    return unit


def _fill(group: etree._Element, texts: Iterable[str | None]) -> None:
    """Write each slot its text; a slot without one is taken away."""
    for slot, text in zip(list(group), texts, strict=True):
        if text is None:
            group.remove(slot)
        else:
            write_text(slot, text)


def _supplier_texts(supplier: PartySummary) -> tuple[str | None, ...]:
    return (
        IDENTIFIER_TYPES.get(supplier.scheme, OTHER_IDENTIFIER),
        supplier.identifier,
        supplier.name or supplier.identifier,
        supplier.country if len(supplier.country) == 2 else None,
    )


def _debtor_identifier(buyer: PartySummary) -> str:
    return buyer.identifier if len(buyer.identifier) == 14 else NO_SIRET


def _code_service(summary: InvoiceSummary) -> str | None:
    """The service code where there is one that fits: a code cut short would name another service."""
    return summary.code_service if 0 < len(summary.code_service) <= CODE_SERVICE_CHARACTERS else None
