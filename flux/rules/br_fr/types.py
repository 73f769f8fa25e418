"""BR-FR-04, BR-FR-08, BR-FR-CO-08: the type of an invoice (BT-3), its frame (BT-23), and the two together."""

from collections.abc import Callable

from flux.model.invoice import Invoice, LineReference, PrecedingInvoice
from flux.rules.br_fr.frames import FRAMES, frame_of, is_final_after_deposit
from flux.rules.br_fr.texts import texts
from flux.rules.rule import AnyRule, Hit, Matter, Rule

TYPES = frozenset(
    ["380", "389", "393", "501", "386", "500", "384", "471", "472", "473", "261", "262", "381", "396", "502", "503"]
)
SELF_BILLED_TYPES = frozenset({"389", "501", "500", "471", "473", "261", "502"})
DEPOSIT_TYPES = frozenset({"386", "500", "503"})
_Typed = Invoice | PrecedingInvoice | LineReference


def _listed(term: str) -> Callable[[_Typed, Matter], Hit | None]:
    def check(group: _Typed, _: Matter) -> Hit | None:
        for index, held in enumerate(group.type_code):
            if held.text not in TYPES:
                return Hit(found=held.text, place=("type_code", index), term=term, detail=term)
        return None

    return check


def _frame_listed(invoice: Invoice, matter: Matter) -> Hit | list[Hit] | None:
    """CII asks it of each element that may hold a frame: a schema allows one."""
    frame = frame_of(invoice)
    if frame in FRAMES and (matter.is_ubl or len(invoice.document_contexts) == 1):
        return None
    hit = Hit(found=frame or None, place=("cadre", max(len(invoice.cadre) - 1, 0)))
    return hit if matter.is_ubl else [hit] * (len(invoice.document_contexts) - (frame in FRAMES)) or None


def _final_is_no_deposit(invoice: Invoice, _: Matter) -> Hit | None:
    if not is_final_after_deposit(invoice) or not texts(invoice.type_code) & DEPOSIT_TYPES:
        return None
    return Hit(found=f"{frame_of(invoice)}, {invoice.type_code[0].text}", place=("cadre", 0))


_TYPED: tuple[Rule[_Typed], ...] = (
    Rule(code="BR-FR-04", check=_listed("BT-3")),
    Rule(code="BR-FR-04", on="preceding_invoices", check=_listed("EXT-FR-FE-02")),
    Rule(code="BR-FR-04", on="lines.references", check=_listed("EXT-FR-FE-137")),
)
_FRAMED: tuple[Rule[Invoice], ...] = (
    Rule(code="BR-FR-08", detail="BT-23", check=_frame_listed),
    Rule(code="BR-FR-CO-08", detail="BT-23", check=_final_is_no_deposit),
)

RULES: tuple[AnyRule, ...] = (*_TYPED, *_FRAMED)
