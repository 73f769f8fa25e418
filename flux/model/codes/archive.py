"""Codes of archives and their members."""

from flux.model.codes.code import TO_SENDER, Code, Who, Words
from flux.model.finding import LayerName, Severity

ROWS = (
    Code(
        code="ARCHIVE_DAMAGED",
        layer=LayerName.INTAKE,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="IRR_TYPE_F",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="Archive endommagée",
            message="L'archive ne peut pas être ouverte en entier[ : {reason_fr}][ ; fichier en cause : {found}].",
            fix="Reconstruire l'archive et la renvoyer dans un nouveau flux.",
            expected="une archive entière et lisible",
        ),
        en=Words(
            title="Damaged archive",
            message="The archive cannot be opened in full[: {reason_en}][; file at fault: {found}].",
            fix="Build the archive again and send it in a new flow.",
            expected="a whole and readable archive",
        ),
    ),
    Code(
        code="ARCHIVE_ENCRYPTED",
        layer=LayerName.INTAKE,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="IRR_TYPE_F",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="Archive chiffrée",
            message="L'archive demande un mot de passe[ ; fichier en cause : {found}].",
            fix="Reconstruire l'archive sans chiffrement et la renvoyer dans un nouveau flux.",
            expected="une archive sans mot de passe",
        ),
        en=Words(
            title="Encrypted archive",
            message="The archive asks for a password[; file at fault: {found}].",
            fix="Build the archive without encryption and send it in a new flow.",
            expected="an archive without a password",
        ),
    ),
    Code(
        code="ARCHIVE_NESTED",
        layer=LayerName.INTAKE,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="IRR_TYPE_F",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="Archive dans une archive",
            message="L'archive contient une autre archive[ : {found}].",
            fix="Placer les factures directement dans une seule archive.",
            expected="des factures placées directement dans l'archive",
        ),
        en=Words(
            title="Archive inside an archive",
            message="The archive holds another archive[: {found}].",
            fix="Put the invoices directly into one archive.",
            expected="invoices put directly into the archive",
        ),
    ),
    Code(
        code="ARCHIVE_LIMIT",
        layer=LayerName.INTAKE,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="IRR_TAILLE_F",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="Archive hors limites",
            message="L'archive dépasse une limite[ : {reason_fr}][ ; trouvé {found}][ ; {expected} au plus].",
            fix="Répartir les factures sur plusieurs archives.",
            expected="une archive dans les limites[ : {expected} au plus]",
        ),
        en=Words(
            title="Archive beyond the limits",
            message="The archive exceeds a limit[: {reason_en}][; found {found}][; {expected} at most].",
            fix="Spread the invoices over several archives.",
            expected="an archive within the limits[: {expected} at most]",
        ),
    ),
    Code(
        code="ARCHIVE_MEMBER",
        layer=LayerName.INTAKE,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="IRR_NOM_F",
        who=Who.TECHNICAL_TEAM,
        audience=TO_SENDER,
        fr=Words(
            title="Fichier interdit dans l'archive",
            message="L'archive contient un fichier dont le nom ou la nature est interdit[ : {reason_fr}]"
            "[ ; fichier en cause : « {found} »].",
            fix="Ne mettre dans l'archive que des fichiers ordinaires, aux noms simples et tous différents.",
            expected="des fichiers ordinaires, aux noms simples et tous différents",
        ),
        en=Words(
            title="Forbidden file in the archive",
            message="The archive holds a file whose name or nature is forbidden[: {reason_en}]"
            "[; file at fault: “{found}”].",
            fix="Put only ordinary files into the archive, with simple names that all differ.",
            expected="ordinary files, with simple names that all differ",
        ),
    ),
)
