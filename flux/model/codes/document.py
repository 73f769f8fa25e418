"""Codes of one document's bytes: size, encoding, XML, and which syntax it is."""

from flux.model.codes.code import TO_SENDER, Code, Who, Words
from flux.model.finding import LayerName, Severity

ROWS = (
    Code(
        code="FILE_SIZE",
        layer=LayerName.INTAKE,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="IRR_TAILLE_F",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="Fichier trop volumineux",
            message="Le fichier dépasse la taille admise[ : {found} octets][ pour {expected} au plus].",
            fix="Alléger les pièces jointes ou scinder la facture, puis la renvoyer dans un nouveau flux.",
        ),
        en=Words(
            title="File too large",
            message="The file exceeds the size that is allowed[: {found} bytes][, {expected} at most].",
            fix="Lighten the attachments or split the invoice, and send it in a new flow.",
        ),
    ),
    Code(
        code="CONTENT_EXTENSION",
        layer=LayerName.INTAKE,
        legacy=Severity.WARNING,
        afnor=Severity.WARNING,
        motif="IRR_TYPE_F",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="Extension trompeuse",
            message="Le contenu du fichier n'est pas celui que son extension annonce"
            "[ : trouvé {found}][, attendu {expected}].",
            fix="Donner au fichier l'extension de son contenu.",
        ),
        en=Words(
            title="Misleading extension",
            message="The content of the file is not what its extension announces[: found {found}][, expected {expected}].",
            fix="Give the file the extension of its content.",
        ),
    ),
    Code(
        code="XML_SYNTAX",
        layer=LayerName.INTAKE,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="IRR_SYNTAX",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="XML mal formé",
            message="Le fichier n'est pas du XML bien formé[, ligne {line}][, colonne {column}][ : {reason_fr}].",
            fix="Corriger la production du fichier XML et le renvoyer dans un nouveau flux.",
        ),
        en=Words(
            title="Broken XML",
            message="The file is not well-formed XML[, line {line}][, column {column}][: {reason_en}].",
            fix="Mend what produces the XML file and send it in a new flow.",
        ),
    ),
    Code(
        code="XML_ENCODING",
        layer=LayerName.INTAKE,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="IRR_SYNTAX",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="Encodage mensonger",
            message="Les octets du fichier ne sont pas dans l'encodage qu'il déclare[ ; déclaré : {found}][ ; ligne {line}].",
            fix="Écrire le fichier en UTF-8 et le déclarer ainsi.",
        ),
        en=Words(
            title="Encoding that lies",
            message="The bytes of the file are not in the encoding that it declares[; declared: {found}][; line {line}].",
            fix="Write the file in UTF-8 and declare it so.",
        ),
    ),
    Code(
        code="XML_ENCODING_OTHER",
        layer=LayerName.INTAKE,
        legacy=Severity.OFF,
        afnor=Severity.WARNING,
        motif="IRR_SYNTAX",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="Encodage autre que UTF-8",
            message="Le fichier est écrit dans un encodage autre que UTF-8[ : {found}].",
            fix="Écrire les prochains fichiers en UTF-8 : d'autres maillons de la réforme refusent le reste.",
        ),
        en=Words(
            title="Encoding other than UTF-8",
            message="The file is written in an encoding other than UTF-8[: {found}].",
            fix="Write the next files in UTF-8: other links of the reform refuse the rest.",
        ),
    ),
    Code(
        code="XML_DOCTYPE",
        layer=LayerName.INTAKE,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="IRR_SYNTAX",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="DOCTYPE interdit",
            message="Le fichier contient une déclaration DOCTYPE[, ligne {line}], refusée par sécurité.",
            fix="Retirer la déclaration DOCTYPE et les entités, puis renvoyer le fichier.",
        ),
        en=Words(
            title="DOCTYPE forbidden",
            message="The file holds a DOCTYPE declaration[, line {line}], which is refused for safety.",
            fix="Remove the DOCTYPE declaration and the entities, and send the file again.",
        ),
    ),
    Code(
        code="XML_LIMIT",
        layer=LayerName.INTAKE,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="IRR_SYNTAX",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="XML hors limites",
            message="Le fichier dépasse une limite (profondeur, nombre d'éléments ou longueur d'un texte)"
            "[ ; trouvé {found}][ ; {expected} au plus].",
            fix="Scinder la facture ; si elle est légitime, demander aux exploitants de relever la limite.",
        ),
        en=Words(
            title="XML beyond the limits",
            message="The file exceeds a limit (depth, number of elements, or length of a text)"
            "[; found {found}][; {expected} at most].",
            fix="Split the invoice; if it is legitimate, ask the operators to raise the limit.",
        ),
    ),
    Code(
        code="SYNTAX_UNKNOWN",
        layer=LayerName.INTAKE,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="IRR_TYPE_F",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="Format non reconnu",
            message="Le fichier n'est d'aucun format traité[ : trouvé « {found} »][ ({detail})]"
            "[. Formats acceptés : {expected}].",
            fix="Produire la facture dans un format accepté et la renvoyer dans un nouveau flux.",
        ),
        en=Words(
            title="Unknown format",
            message="The file is of no format that is treated[: found “{found}”][ ({detail})]"
            "[. Accepted formats: {expected}].",
            fix="Produce the invoice in an accepted format and send it in a new flow.",
        ),
    ),
    Code(
        code="SYNTAX_INTERFACE",
        layer=LayerName.INTAKE,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="IRR_TYPE_F",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="Format d'une autre interface",
            message="Le format du fichier n'est pas celui de l'interface du flux"
            "[ : trouvé {found}][, attendu {expected}].",
            fix="Déposer sous le code interface de ce format, et un seul format par flux.",
        ),
        en=Words(
            title="Format of another interface",
            message="The format of the file is not that of the flow's interface[: found {found}][, expected {expected}].",
            fix="Deposit under the interface code of this format, and one format per flow.",
        ),
    ),
    Code(
        code="PDF_NO_INVOICE",
        layer=LayerName.INTAKE,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="IRR_TYPE_F",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="PDF sans facture",
            message="Le PDF ne contient pas de facture XML[ : {found}].",
            fix="Produire un vrai Factur-X : un PDF/A-3 qui porte factur-x.xml.",
        ),
        en=Words(
            title="PDF without an invoice",
            message="The PDF holds no XML invoice[: {found}].",
            fix="Produce a true Factur-X: a PDF/A-3 that carries factur-x.xml.",
        ),
    ),
    Code(
        code="PDF_TWO_INVOICES",
        layer=LayerName.INTAKE,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="IRR_TYPE_F",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="PDF à deux factures",
            message="Le PDF contient deux factures XML différentes[ : {found}].",
            fix="Ne garder que factur-x.xml dans le PDF.",
        ),
        en=Words(
            title="PDF with two invoices",
            message="The PDF holds two XML invoices that differ[: {found}].",
            fix="Keep only factur-x.xml in the PDF.",
        ),
    ),
)
