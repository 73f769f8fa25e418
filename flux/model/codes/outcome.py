"""Codes that no check gives: lines of a reply that state an outcome where no finding may, or need, explain it."""

from flux.model.codes.code import TO_OPERATORS, TO_SENDER, Code, Who, Words
from flux.model.finding import LayerName, Severity

ROWS = (
    Code(
        code="OFFICIAL_DISAGREES",
        layer=LayerName.RULES,
        legacy=Severity.INFO,
        afnor=Severity.INFO,
        motif=None,
        who=Who.OPERATORS,
        audience=TO_OPERATORS,
        fr=Words(
            title="Désaccord avec le moteur officiel",
            message="flux et le moteur officiel ne disent pas la même chose : flux seul voit {found} ; le moteur officiel seul voit"
            " {expected}.",
            fix="Garder la facture, prévenir l'éditeur de flux ; la configuration (table rules, clé decides) dit lequel des deux l'emporte.",
        ),
        en=Words(
            title="Disagreement with the official engine",
            message="flux and the official engine do not say the same: flux alone sees {found}; the official engine alone sees"
            " {expected}.",
            fix="Keep the invoice, tell the makers of flux; the configuration (table rules, key decides) says whose word counts.",
        ),
    ),
    Code(
        code="OFFICIAL_FAILED",
        layer=LayerName.RULES,
        legacy=Severity.INFO,
        afnor=Severity.INFO,
        motif=None,
        who=Who.OPERATORS,
        audience=TO_OPERATORS,
        fr=Words(
            title="Moteur officiel sans réponse",
            message="Le moteur officiel n'a pas jugé la facture : {detail}.",
            fix="Rien si flux décide ; sinon retraiter le flux une fois le moteur rétabli.",
        ),
        en=Words(
            title="Official engine without an answer",
            message="The official engine did not judge the invoice: {detail}.",
            fix="Nothing where flux decides; otherwise reprocess the flow once the engine is back.",
        ),
    ),
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
