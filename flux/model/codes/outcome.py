"""Codes that no check gives: lines of a reply that state an outcome where no finding may, or need, explain it."""

from flux.model.codes.code import TO_SENDER, Code, Who, Words
from flux.model.finding import LayerName, Severity

ROWS = (
    Code(
        code="INVOICE_NOT_TAKEN",
        layer=LayerName.INTAKE,
        legacy=Severity.INFO,
        afnor=Severity.INFO,
        motif=None,
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="bonne, non prise en compte, à renvoyer",
            message="Rien n'est à reprocher à cette facture, mais son flux a été refusé : elle n'a pas été prise en compte.",
            fix="La renvoyer telle quelle, sous le même numéro, dans un nouveau flux.",
        ),
        en=Words(
            title="good, not taken in, send again",
            message="Nothing is wrong with this invoice, but its flow was refused: it was not taken in.",
            fix="Send it again as it is, under the same number, in a new flow.",
        ),
    ),
    # The sender must know that it was refused, not why: the reason would be an oracle for fraud.
    Code(
        code="INVOICE_REFUSED",
        layer=LayerName.INTAKE,
        legacy=Severity.INFO,
        afnor=Severity.INFO,
        motif=None,
        who=Who.PARTNER,
        audience=TO_SENDER,
        fr=Words(
            title="Facture refusée",
            message="La facture est refusée pour un motif qui ne peut pas être communiqué par ce canal.",
            fix="Prendre contact avec l'exploitant de la passerelle.",
        ),
        en=Words(
            title="Invoice refused",
            message="The invoice is refused for a reason that cannot be given over this channel.",
            fix="Contact the operator of the gateway.",
        ),
    ),
    Code(
        code="FLOW_REFUSED",
        layer=LayerName.INTAKE,
        legacy=Severity.INFO,
        afnor=Severity.INFO,
        motif=None,
        who=Who.PARTNER,
        audience=TO_SENDER,
        fr=Words(
            title="Flux refusé",
            message="Le flux est refusé pour un motif qui ne peut pas être communiqué par ce canal.",
            fix="Prendre contact avec l'exploitant de la passerelle.",
        ),
        en=Words(
            title="Flow refused",
            message="The flow is refused for a reason that cannot be given over this channel.",
            fix="Contact the operator of the gateway.",
        ),
    ),
)
