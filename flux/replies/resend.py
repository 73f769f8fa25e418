"""The list of what to send again, for a spreadsheet: one line per fault, and one per good invoice that fell with its flow."""

from collections.abc import Mapping

from flux.model.business_terms import name_term
from flux.model.partner import Language
from flux.replies.context import ReplyContext
from flux.replies.faults import Fault, single_faults_of
from flux.replies.phrases import name_who
from flux.replies.spreadsheet import write_table

_HEADERS: Mapping[Language, tuple[str, ...]] = {
    Language.FR: (
        "Facture", "Fichier", "Code", "Message", "Champ", "Ligne", "Trouvé", "Attendu", "À faire", "Par qui",
    ),
    Language.EN: (
        "Invoice", "File", "Code", "Message", "Field", "Line", "Found", "Expected", "What to do", "By whom",
    ),
}  # fmt: skip


def build_resend_list(context: ReplyContext) -> bytes | None:
    """The list in the partner's language, None when nothing is to be sent again."""
    language = context.partner.language
    rows = [_row(fault, context, language) for fault in single_faults_of(context)]
    return write_table(_HEADERS[language], rows) if rows else None


def _row(fault: Fault, context: ReplyContext, language: Language) -> tuple[str, ...]:
    finding = fault.finding
    words = fault.describe(language)
    return (
        fault.number,
        (fault.judgment.member if fault.judgment is not None else None) or context.case.flow.name,
        finding.code,
        words.message,
        name_term(finding.term, language) if finding.term else "",
        str(finding.line) if finding.line is not None else "",
        finding.found or "",
        words.expected,
        words.fix,
        name_who(fault.who, language),
    )
