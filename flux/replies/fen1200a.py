"""FEN1200A: status 01, déposée, of each accepted invoice (CPPStatut V1_19, block CPPFactureStatuts).

Rejected invoices are lines of the flow report and never stand here. A slot that the schema demands and the invoice
leaves empty takes the next best thing that is true.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from lxml.etree import SubElement

from flux.model.paris import in_paris
from flux.model.settlement import Outcome
from flux.model.verdict import InvoiceSummary, PartySummary
from flux.replies.context import ReplyContext
from flux.replies.envelope import begin_message, escape_text, finish_message

BLOCK = "CPPFactureStatuts"

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

# The slots of each group of a unit, in the order of the schema.
_SUPPLIER = ("TypeIdentifiant", "Identifiant", "RaisonSociale", "CodePays")
_DEBTOR = ("TypeIdentifiant", "Identifiant", "CodeService")
_STATUS = ("IdStatut", "ComplementStatut", "Horodatage", "IdFacture", "DateFacture")


def build_invoice_statuses(context: ReplyContext) -> bytes | None:
    """The message, None when no invoice of the flow is accepted."""
    summaries = [each.summary for each in context.judgments_with(Outcome.ACCEPTED) if each.summary is not None]
    if not summaries:
        return None
    root = begin_message(context)
    SubElement(root, BLOCK, compteur=str(len(summaries)))
    head, _, tail = finish_message(root).rpartition(b"/>")
    units = "".join(_units(summaries, in_paris(context.case.flow.received_at).isoformat()))
    return b"".join((head, b">\n", units.encode(), f"  </{BLOCK}>".encode(), tail))


def _units(summaries: Sequence[InvoiceSummary], received: str) -> Iterator[str]:
    """The units as text: a tree takes ten times the memory. The parties of a flow repeat: each is written once."""
    supplier_group, debtor_group = cache(_supplier_group), cache(_debtor_group)
    for order, summary in enumerate(summaries, start=1):
        day = summary.issue_date.isoformat() if summary.issue_date else None
        yield (
            f'    <CPPFactureStatutUnitaire NumOrdre="{order}">\n'
            f"{supplier_group(summary.supplier)}{debtor_group(summary.buyer, summary.code_service)}"
            f"{_group('DonneesStatut', _STATUS, (*DEPOSEE, received, summary.number, day))}"
            "    </CPPFactureStatutUnitaire>\n"
        )


def _supplier_group(supplier: PartySummary) -> str:
    return _group("Fournisseur", _SUPPLIER, _supplier_texts(supplier))


def _debtor_group(buyer: PartySummary, code_service: str) -> str:
    return _group("Debiteur", _DEBTOR, ("1", _debtor_identifier(buyer), _fitting(code_service)))


def _group(name: str, slots: Sequence[str], texts: Iterable[str | None]) -> str:
    """A group with the slots that have a text."""
    filled = [
        f"        <{slot}>{escape_text(text)}</{slot}>\n"
        for slot, text in zip(slots, texts, strict=True)
        if text is not None
    ]
    return f"      <{name}>\n{''.join(filled)}      </{name}>\n"


def _supplier_texts(supplier: PartySummary) -> tuple[str | None, ...]:
    return (
        IDENTIFIER_TYPES.get(supplier.scheme, OTHER_IDENTIFIER),
        supplier.identifier,
        supplier.name or supplier.identifier,
        supplier.country if len(supplier.country) == 2 else None,
    )


def _debtor_identifier(buyer: PartySummary) -> str:
    return buyer.identifier if len(buyer.identifier) == 14 else NO_SIRET


def _fitting(code_service: str) -> str | None:
    """The service code where there is one that fits: a code cut short would name another service."""
    return code_service if 0 < len(code_service) <= CODE_SERVICE_CHARACTERS else None
