"""The register layer: what each source of the register says of an invoice.

A source that is absent or too old says nothing, and it is said so: stale is never valid. SIRENE only explains, and catches
what closed; the sheets decide on suppliers, the directory on recipients.
"""

from collections.abc import Callable, Iterator, Mapping

from flux.model.finding import Observation
from flux.model.invoice import Invoice
from flux.model.register import RegisterSource
from flux.rules import register_account, register_agent, register_recipient, register_supplier
from flux.rules.context import RuleContext
from flux.rules.identity import bound

Check = Callable[[Invoice, RuleContext], Iterator[Observation]]

CHECKS: Mapping[RegisterSource, tuple[Check, ...]] = {
    RegisterSource.SUPPLIERS: (register_supplier.check, register_account.check, register_agent.check),
    RegisterSource.DIRECTORY: (register_recipient.check,),
    RegisterSource.SIRENE: (register_supplier.check_establishment,),
}
# Where one of these terms was refused already, a source has nobody to look up.
SUPPLIER_TERMS = frozenset({"BT-29", "BT-30"})
RECIPIENT_TERMS = frozenset({"BT-46", "BT-47"})
SUBJECTS: Mapping[RegisterSource, frozenset[str]] = {
    RegisterSource.SUPPLIERS: SUPPLIER_TERMS,
    RegisterSource.DIRECTORY: RECIPIENT_TERMS,
    RegisterSource.SIRENE: SUPPLIER_TERMS,
}


def check_source(source: RegisterSource, invoice: Invoice, context: RuleContext) -> tuple[Observation, ...]:
    """What one source says, check by check, each in the order of the document."""
    return bound([seen for check in CHECKS[source] for seen in check(invoice, context)])
