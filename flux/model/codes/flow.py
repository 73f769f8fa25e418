"""Codes of a flow as a whole: who brought it, its name, its size, and our own failures."""

from flux.model.codes.code import TO_OPERATORS, TO_SENDER, Code, Who, Words
from flux.model.finding import LayerName, Severity

ROWS = (
    Code(
        code="FLOW_EMPTY",
        layer=LayerName.INTAKE,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="IRR_VIDE_F",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="Fichier vide",
            message="Le fichier reçu ne contient rien à lire[ : {reason_fr}][ ; trouvé : {found}].",
            fix="Refaire l'export et renvoyer le fichier dans un nouveau flux.",
            expected="un fichier qui contient au moins une facture",
        ),
        en=Words(
            title="Empty file",
            message="The file that came holds nothing to read[: {reason_en}][; found: {found}].",
            fix="Export again and send the file in a new flow.",
            expected="a file that holds at least one invoice",
        ),
    ),
    Code(
        code="FLOW_SIZE",
        layer=LayerName.INTAKE,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="IRR_TAILLE_F",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="Flux trop volumineux",
            message="Le flux dépasse la taille admise[ : {found} octets][ pour {expected} au plus].",
            fix="Répartir les factures sur plusieurs flux.",
            expected="un flux moins volumineux[ : {expected} octets au plus]",
        ),
        en=Words(
            title="Flow too large",
            message="The flow exceeds the size that is allowed[: {found} bytes][, {expected} at most].",
            fix="Spread the invoices over several flows.",
            expected="a smaller flow[: {expected} bytes at most]",
        ),
    ),
    Code(
        code="FLOW_COUNT",
        layer=LayerName.INTAKE,
        legacy=Severity.WARNING,
        afnor=Severity.WARNING,
        motif="IRR_TAILLE_F",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="Beaucoup de factures dans un flux",
            message="Le flux contient plus de factures que conseillé[ : {found}][ pour {expected} au plus].",
            fix="Répartir les prochains envois sur plusieurs flux.",
            expected="moins de factures par flux[ : {expected} au plus]",
        ),
        en=Words(
            title="Many invoices in one flow",
            message="The flow holds more invoices than advised[: {found}][, {expected} at most].",
            fix="Spread the next deliveries over several flows.",
            expected="fewer invoices in a flow[: {expected} at most]",
        ),
    ),
    Code(
        code="FLOW_NAME",
        layer=LayerName.INTAKE,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="IRR_NOM_F",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="Nom de flux non conforme",
            message="Le nom du flux n'est pas recevable[ : {reason_fr}][ ; trouvé « {found} »].",
            fix="Renommer le fichier et le renvoyer[ ; forme attendue : {expected}].",
            expected="un nom imprimable[, fait du code interface, du code application et de l'identifiant du flux : {expected}]",
        ),
        en=Words(
            title="Flow name of the wrong form",
            message="The name of the flow cannot be taken[: {reason_en}][; found “{found}”].",
            fix="Rename the file and send it again[; expected form: {expected}].",
            expected="a printable name[, made of interface code, application code and flow identifier: {expected}]",
        ),
    ),
    Code(
        code="FLOW_NAME_DIGITS",
        layer=LayerName.INTAKE,
        legacy=Severity.WARNING,
        afnor=Severity.WARNING,
        motif="IRR_NOM_F",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="Identifiant de flux d'une autre interface",
            message="Les quatre chiffres qui suivent le code application dans l'identifiant du flux ne sont pas ceux de "
            "l'interface[ : trouvé {found}][, attendu {expected}].",
            fix="Reprendre dans l'identifiant les quatre chiffres du code interface.",
            expected="les quatre chiffres du code interface",
        ),
        en=Words(
            title="Flow identifier of another interface",
            message="The four digits after the application code in the flow identifier are not those of the interface"
            "[: found {found}][, expected {expected}].",
            fix="Repeat the four digits of the interface code in the identifier.",
            expected="the four digits of the interface code",
        ),
    ),
    Code(
        code="FLOW_NAME_REUSED",
        layer=LayerName.INTAKE,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="IRR_NOM_F",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="Nom de flux déjà reçu",
            message="Un flux du même nom a déjà été reçu[ : {found}][, sous notre numéro {first}]. Le premier reste traité, "
            "celui-ci est refusé.",
            fix="Si le contenu est nouveau, le renvoyer sous une nouvelle séquence ; sinon, ne rien faire.",
            expected="un nom de flux jamais utilisé",
        ),
        en=Words(
            title="Flow name received before",
            message="A flow of this name came before[: {found}][, under our number {first}]. The first one stands, this one "
            "is refused.",
            fix="If the content is new, send it under a new sequence; else there is nothing to do.",
            expected="a flow name never used before",
        ),
    ),
    Code(
        code="FLOW_INTERFACE",
        layer=LayerName.INTAKE,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="IRR_NOM_F",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="Interface inconnue ou non souscrite",
            message="Le code interface du nom de flux n'est pas de ceux que ce partenaire peut déposer"
            "[ : {reason_fr}][ ; trouvé {found}][ ; possibles : {expected}].",
            fix="Corriger le code interface, ou demander aux exploitants d'ouvrir cette interface.",
            expected="un code interface que ce partenaire peut déposer",
        ),
        en=Words(
            title="Interface unknown or not subscribed",
            message="The interface code of the flow name is not one that this partner may deposit"
            "[: {reason_en}][; found {found}][; possible: {expected}].",
            fix="Correct the interface code, or ask the operators to open this interface.",
            expected="an interface code that this partner may deposit",
        ),
    ),
    Code(
        code="FLOW_APPLICATION",
        layer=LayerName.INTAKE,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="IRR_NOM_F",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="Code application d'un autre émetteur",
            message="Le code application du nom de flux n'est pas celui du partenaire qui l'a déposé"
            "[ : trouvé {found}][, attendu {expected}].",
            fix="Déposer le flux sous son propre code application.",
            expected="le code application du partenaire qui dépose",
        ),
        en=Words(
            title="Application code of another sender",
            message="The application code of the flow name is not that of the partner who deposited it"
            "[: found {found}][, expected {expected}].",
            fix="Deposit the flow under one's own application code.",
            expected="the application code of the partner who deposits",
        ),
    ),
    Code(
        code="CPP_ENVELOPE",
        layer=LayerName.INTAKE,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="IRR_SYNTAX",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="Enveloppe CPP fausse",
            message="L'enveloppe du document CPP n'est pas juste[, ligne {line}][ : {reason_fr}][ ; trouvé {found}]"
            "[ ; attendu {expected}].",
            fix="Corriger l'enveloppe et renvoyer le fichier dans un nouveau flux.",
            expected="une enveloppe dont le compteur, la date, l'identifiant et les partenaires sont justes[ : {expected}]",
        ),
        en=Words(
            title="Wrong CPP envelope",
            message="The envelope of the CPP document is not right[, line {line}][: {reason_en}][; found {found}]"
            "[; expected {expected}].",
            fix="Correct the envelope and send the file in a new flow.",
            expected="an envelope with the right counter, date, identifier and partners[: {expected}]",
        ),
    ),
    Code(
        code="PARTNER_UNKNOWN",
        layer=LayerName.INTAKE,
        legacy=Severity.INFO,
        afnor=Severity.INFO,
        motif=None,
        who=Who.OPERATORS,
        audience=TO_OPERATORS,
        fr=Words(
            title="Partenaire inconnu",
            message="Ce dossier n'appartient à aucun partenaire de la configuration[ : « {found} »]. Le fichier est conservé, "
            "sans jugement ni réponse.",
            fix="Déclarer le partenaire, puis rejouer le flux ; ou retirer le dossier.",
            expected="le dossier d'un partenaire de la configuration",
        ),
        en=Words(
            title="Unknown partner",
            message="This folder belongs to no partner of the configuration[: “{found}”]. The file is kept, neither judged "
            "nor answered.",
            fix="Declare the partner and reprocess the flow; or remove the folder.",
            expected="the folder of a partner of the configuration",
        ),
    ),
    Code(
        code="ANTIVIRUS_FAILED",
        layer=LayerName.INTAKE,
        legacy=Severity.INFO,
        afnor=Severity.INFO,
        motif=None,
        who=Who.OPERATORS,
        audience=TO_OPERATORS,
        fr=Words(
            title="Antivirus sans réponse",
            message="L'antivirus n'a rien dit de la facture[ : {detail}] ; elle n'est pas jugée.",
            fix="Rétablir clamd (flux doctor), puis relâcher le flux : flux flows release.",
        ),
        en=Words(
            title="Virus scanner without an answer",
            message="The virus scanner said nothing of the invoice[: {detail}]; it is not judged.",
            fix="Bring clamd back (flux doctor), then let the flow go: flux flows release.",
        ),
    ),
    Code(
        code="ANTIVIRUS",
        layer=LayerName.INTAKE,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="IRR_ANTIVIRUS",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="Virus détecté",
            message="L'antivirus a refusé un fichier du flux[ : {found}].",
            fix="Assainir le poste d'origine et renvoyer des fichiers sains dans un nouveau flux.",
            expected="des fichiers sains",
        ),
        en=Words(
            title="Virus found",
            message="The virus scanner refused a file of the flow[: {found}].",
            fix="Clean the machine of origin and send clean files in a new flow.",
            expected="clean files",
        ),
    ),
    Code(
        code="ENGINE_FAILED",
        layer=LayerName.INTAKE,
        legacy=Severity.INFO,
        afnor=Severity.INFO,
        motif=None,
        who=Who.OPERATORS,
        audience=TO_OPERATORS,
        fr=Words(
            title="Panne de la passerelle",
            message="La passerelle n'a pas pu juger ce document[ : {detail}]. La faute est la nôtre : rien n'est dit à "
            "l'émetteur.",
            fix="Corriger la cause, puis rejouer le flux.",
        ),
        en=Words(
            title="Gateway failure",
            message="The gateway could not judge this document[: {detail}]. The fault is ours: the sender is told nothing.",
            fix="Mend the cause, then reprocess the flow.",
        ),
    ),
)
