"""Codes of a message that is no invoice: a life-cycle message or a status that cannot be read."""

from flux.model.codes.code import TO_SENDER, Code, Who, Words
from flux.model.finding import LayerName, Severity

ROWS = (
    Code(
        code="MESSAGE_MISSING",
        layer=LayerName.SCHEMA,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="IRR_SYNTAX",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="Message incomplet",
            message="Il manque {expected} dans le message[, ligne {line}].",
            fix="Compléter le message et le renvoyer dans un nouveau flux.",
            expected="tout ce qu'un message de statut doit dire",
        ),
        en=Words(
            title="Incomplete message",
            message="{expected} is missing in the message[, line {line}].",
            fix="Complete the message and send it in a new flow.",
            expected="everything that a status message must say",
        ),
    ),
    Code(
        code="MESSAGE_VALUE",
        layer=LayerName.SCHEMA,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="IRR_SYNTAX",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="Valeur illisible dans un message",
            message="Le champ {detail} du message contient « {found} », qui ne se lit pas[, ligne {line}]"
            "[ ; attendu : {expected}].",
            fix="Corriger la valeur et renvoyer le message dans un nouveau flux.",
            expected="une valeur du type que le format demande",
        ),
        en=Words(
            title="Unreadable value in a message",
            message="The field {detail} of the message holds “{found}”, which cannot be read[, line {line}]"
            "[; expected: {expected}].",
            fix="Correct the value and send the message in a new flow.",
            expected="a value of the type that the format demands",
        ),
    ),
)
