"""The list of alerts that goes with a forwarded flow: warnings that its recipient should look at before paying.

The pivot and the deposit formats have no slot for a warning, hence a file of its own. Accounts are masked.
"""

from collections.abc import Iterator, Mapping

from flux.model.business_terms import name_term
from flux.model.finding import Audience, Finding, Severity
from flux.model.partner import Language
from flux.model.verdict import InvoiceSummary
from flux.model.words import describe
from flux.replies.context import ReplyContext
from flux.replies.spreadsheet import write_table
from flux.replies.texts import presentable

_HEADERS: Mapping[Language, tuple[str, ...]] = {
    Language.FR: (
        "Facture", "Fournisseur", "Identifiant", "Code", "Alerte", "Champ", "Trouvé", "Attendu", "À vérifier avant paiement",
    ),
    Language.EN: (
        "Invoice", "Supplier", "Identifier", "Code", "Alert", "Field", "Found", "Expected", "To check before paying",
    ),
}  # fmt: skip


def build_alerts(context: ReplyContext) -> bytes | None:
    """The alerts on the invoices that the forwarded flow carries, in the recipient's language; None when there are none."""
    language = context.partner.language
    rows = [_row(summary, presentable(finding), language) for summary, finding in _alerts(context)]
    return write_table(_HEADERS[language], rows) if rows else None


def _alerts(context: ReplyContext) -> Iterator[tuple[InvoiceSummary, Finding]]:
    carried = frozenset(context.invoices)
    for judgment in context.case.judgments:
        if (judgment.ordinal, judgment.unit) in carried and judgment.summary is not None:
            for finding in judgment.findings:
                if finding.severity is Severity.WARNING and finding.is_for(Audience.RECIPIENT):
                    yield judgment.summary, finding


def _row(summary: InvoiceSummary, finding: Finding, language: Language) -> tuple[str, ...]:
    words = describe(finding, language)
    return (
        summary.number,
        summary.supplier.name,
        summary.supplier.identifier,
        finding.code,
        words.message,
        name_term(finding.term, language) if finding.term else "",
        finding.found or "",
        words.expected,
        words.fix,
    )
