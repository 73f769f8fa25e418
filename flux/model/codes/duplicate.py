"""Codes of duplicates: same supplier, number and year of issue.

Facts of the first invoice, for its own sender only: first_flow, first_received, first_state.
"""

from flux.model.codes.code import TO_BOTH_SIDES, TO_SENDER, Code, Who, Words
from flux.model.finding import LayerName, Severity

ROWS = (
    Code(
        code="DUPLICATE_SAME",
        layer=LayerName.REGISTER,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="DOUBLON",
        who=Who.NOBODY,
        audience=TO_SENDER,
        term="BT-1",
        fr=Words(
            title="Facture déjà reçue",
            message="La même facture a déjà été reçue[ : {found}][, dans le flux {first_flow}][, le {first_received}]"
            "[ ; son état : {first_state}]. La première reste acceptée.",
            fix="Ne rien faire.",
            expected="une facture qui n'a pas encore été envoyée",
        ),
        en=Words(
            title="Invoice received before",
            message="The same invoice came before[: {found}][, in flow {first_flow}][, on {first_received}]"
            "[; its state: {first_state}]. The first one stays accepted.",
            fix="Nothing to do.",
            expected="an invoice that was not sent before",
        ),
    ),
    Code(
        code="DUPLICATE_NUMBER",
        layer=LayerName.REGISTER,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="DOUBLON",
        who=Who.BILLING,
        audience=TO_SENDER,
        term="BT-1",
        fr=Words(
            title="Numéro de facture déjà utilisé",
            message="Une autre facture porte déjà ce numéro pour ce fournisseur et cette année[ : {found}]"
            "[, dans le flux {first_flow}][, le {first_received}][ ; son état : {first_state}]. La première reste acceptée.",
            fix="Émettre cette facture sous un nouveau numéro.",
            expected="un numéro que ce fournisseur n'a pas encore utilisé dans l'année",
        ),
        en=Words(
            title="Invoice number used before",
            message="Another invoice bears this number already for this supplier and year[: {found}]"
            "[, in flow {first_flow}][, on {first_received}][; its state: {first_state}]. The first one stays accepted.",
            fix="Issue this invoice under a new number.",
            expected="a number that this supplier has not used yet in the year",
        ),
    ),
    Code(
        code="DUPLICATE_PARTNER",
        layer=LayerName.REGISTER,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="DOUBLON",
        who=Who.BILLING,
        audience=TO_SENDER,
        term="BT-1",
        # Neutral on purpose: what another partner sent, and when, is never told.
        fr=Words(
            title="Numéro de facture déjà utilisé",
            message="Une facture de ce fournisseur porte déjà ce numéro cette année[ : {found}]. La première reste acceptée.",
            fix="Vérifier qui a émis la facture ; s'il s'agit d'une autre, l'émettre sous un nouveau numéro.",
            expected="un numéro que ce fournisseur n'a pas encore utilisé dans l'année",
        ),
        en=Words(
            title="Invoice number used before",
            message="An invoice of this supplier bears this number already this year[: {found}]. The first one stays accepted.",
            fix="Check who issued the invoice; if this is another one, issue it under a new number.",
            expected="a number that this supplier has not used yet in the year",
        ),
    ),
    # Where it is switched off, such an invoice is judged as any other, and is a duplicate of the first.
    Code(
        code="DUPLICATE_EXEMPT",
        layer=LayerName.IDENTITY,
        legacy=Severity.INFO,
        afnor=Severity.INFO,
        motif=None,
        who=Who.NOBODY,
        audience=TO_BOTH_SIDES,
        fr=Words(
            title="Facture renvoyée sous le même numéro",
            message="La facture revient sous le même numéro[ : Renvoi = {found}] : elle n'est pas tenue pour un doublon.",
            fix="Rien à faire.",
            expected="un numéro jamais utilisé, ou un renvoi déclaré",
        ),
        en=Words(
            title="Invoice sent again under its number",
            message="The invoice comes back under its number[: Renvoi = {found}]: it is not held to be a duplicate.",
            fix="Nothing to do.",
            expected="a number never used, or a declared re-send",
        ),
    ),
)
