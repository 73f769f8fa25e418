"""Codes of the schema layer."""

from flux.model.codes.code import TO_SENDER, Code, Who, Words
from flux.model.finding import LayerName, Severity

ROWS = (
    Code(
        code="XSD_INVALID",
        layer=LayerName.SCHEMA,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="IRR_SYNTAX",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="Schéma XML non respecté",
            message="Le document ne respecte pas son schéma XML[, ligne {line}][ : {reason_fr}].",
            fix="Corriger le fichier et le renvoyer dans un nouveau flux.",
            expected="un contenu que le schéma XML admet",
        ),
        en=Words(
            title="XML schema not respected",
            message="The document does not respect its XML schema[, line {line}][: {reason_en}].",
            fix="Correct the file and send it in a new flow.",
            expected="content that the XML schema allows",
        ),
    ),
    Code(
        code="FACTURX_SUBSET",
        layer=LayerName.SCHEMA,
        legacy=Severity.WARNING,
        afnor=Severity.WARNING,
        motif="IRR_SYNTAX",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="Profil Factur-X non respecté",
            message="Le document respecte le schéma CII, mais pas le sous-ensemble du profil Factur-X qu'il déclare"
            "[, ligne {line}][ : {reason_fr}].",
            fix="Retirer ce que le profil ne connaît pas, ou déclarer le profil qui le contient.",
            expected="un contenu que le profil Factur-X déclaré admet",
        ),
        en=Words(
            title="Factur-X profile not respected",
            message="The document respects the CII schema, but not the subset of the Factur-X profile that it declares"
            "[, line {line}][: {reason_en}].",
            fix="Remove what the profile does not know, or declare the profile that holds it.",
            expected="content that the declared Factur-X profile allows",
        ),
    ),
)
