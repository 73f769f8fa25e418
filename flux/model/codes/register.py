"""Codes of the register: who the parties are, what the recipient demands, which account is the supplier's.

What the supplier's sheet holds, who else uses an account and what another partner sent never reaches the sender: it would
be an oracle for fraud. Facts: closed_on, successor and day of a structure; declared_on, days, factor and country of an
account; last_used and suppliers of its history.
"""

from flux.model.codes.bank import CHECK_BEFORE_PAYING_EN, CHECK_BEFORE_PAYING_FR
from flux.model.codes.code import TO_BOTH_SIDES, TO_RECIPIENT, TO_SENDER, Code, Who, Words
from flux.model.finding import LayerName, Severity

ROWS = (
    Code(
        code="SIRET_UNKNOWN",
        layer=LayerName.REGISTER,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="REJ_COH",
        who=Who.SUPPLIER,
        audience=TO_SENDER,
        term="BT-29",
        fr=Words(
            title="Fournisseur inconnu du référentiel",
            message="Le SIRET[ {found}] du fournisseur n'est pas connu du référentiel[ ; l'INSEE le dit fermé "
            "depuis le {closed_on}][ ; son successeur est {successor}].",
            fix="Fournisseur : demander la création et l'activation de ce SIRET auprès du destinataire, puis "
            "renvoyer la facture.",
            expected="un SIRET créé et actif au référentiel",
        ),
        en=Words(
            title="Supplier unknown to the register",
            message="The SIRET[ {found}] of the supplier is not known to the register[; INSEE says that it has been "
            "closed since {closed_on}][; its successor is {successor}].",
            fix="Supplier: ask the recipient side to create and activate this SIRET, then send the invoice again.",
            expected="a SIRET that is created and active in the register",
        ),
    ),
    Code(
        code="SIRET_CLOSED",
        layer=LayerName.REGISTER,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="REJ_COH",
        who=Who.BILLING,
        audience=TO_SENDER,
        term="BT-29",
        fr=Words(
            title="SIRET du fournisseur fermé à la date de la facture",
            message="Le SIRET[ {found}] du fournisseur n'est pas actif à la date de la facture[ ({day})][ : fermé "
            "depuis le {closed_on}][ ; son successeur est {successor}].",
            fix="Émettre la facture depuis l'établissement ouvert qui a pris la suite[ : {successor}].",
            expected="un SIRET actif à la date de la facture",
        ),
        en=Words(
            title="SIRET of the supplier closed at the date of the invoice",
            message="The SIRET[ {found}] of the supplier is not active at the date of the invoice[ ({day})][: "
            "closed since {closed_on}][; its successor is {successor}].",
            fix="Issue the invoice from the open establishment that took over[: {successor}].",
            expected="a SIRET that is active at the date of the invoice",
        ),
    ),
    Code(
        code="SIRET_CLOSED_SINCE",
        layer=LayerName.REGISTER,
        legacy=Severity.WARNING,
        afnor=Severity.WARNING,
        motif="REJ_COH",
        who=Who.SUPPLIER,
        audience=TO_BOTH_SIDES,
        term="BT-29",
        fr=Words(
            title="SIRET du fournisseur fermé depuis la facture",
            message="Le SIRET[ {found}] du fournisseur était actif à la date de la facture[ ({day})] ; il ne l'est "
            "plus aujourd'hui[ : fermé depuis le {closed_on}][ ; son successeur est {successor}].",
            fix="Fournisseur : émettre les prochaines factures depuis l'établissement ouvert[ : {successor}].",
            expected="un SIRET encore actif",
        ),
        en=Words(
            title="SIRET of the supplier closed since the invoice",
            message="The SIRET[ {found}] of the supplier was active at the date of the invoice[ ({day})]; today it "
            "no longer is[: closed since {closed_on}][; its successor is {successor}].",
            fix="Supplier: issue the next invoices from the open establishment[: {successor}].",
            expected="a SIRET that is still active",
        ),
    ),
    Code(
        code="SUPPLIER_UNKNOWN",
        layer=LayerName.REGISTER,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="REJ_COH",
        who=Who.SUPPLIER,
        audience=TO_SENDER,
        term="BT-29",
        fr=Words(
            title="Fournisseur inconnu du référentiel",
            message="L'identifiant[ {found}] du fournisseur[ ({kind})] n'est pas connu du référentiel.",
            fix="Fournisseur : demander la création et l'activation de cet identifiant auprès du destinataire, puis "
            "renvoyer la facture.",
            expected="un identifiant créé et actif au référentiel",
        ),
        en=Words(
            title="Supplier unknown to the register",
            message="The identifier[ {found}] of the supplier[ ({kind})] is not known to the register.",
            fix="Supplier: ask the recipient side to create and activate this identifier, then send the invoice again.",
            expected="an identifier that is created and active in the register",
        ),
    ),
    Code(
        code="SUPPLIER_CLOSED",
        layer=LayerName.REGISTER,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="REJ_COH",
        who=Who.SUPPLIER,
        audience=TO_SENDER,
        term="BT-29",
        fr=Words(
            title="Fournisseur inactif à la date de la facture",
            message="L'identifiant[ {found}] du fournisseur n'est pas actif à la date de la facture[ ({day})][ : "
            "fermé depuis le {closed_on}].",
            fix="Fournisseur : demander l'activation de cet identifiant auprès du destinataire, puis renvoyer la "
            "facture.",
            expected="un identifiant actif à la date de la facture",
        ),
        en=Words(
            title="Supplier not active at the date of the invoice",
            message="The identifier[ {found}] of the supplier is not active at the date of the invoice[ ({day})][: "
            "closed since {closed_on}].",
            fix="Supplier: ask the recipient side to activate this identifier, then send the invoice again.",
            expected="an identifier that is active at the date of the invoice",
        ),
    ),
    Code(
        code="SUPPLIER_CLOSED_SINCE",
        layer=LayerName.REGISTER,
        legacy=Severity.WARNING,
        afnor=Severity.WARNING,
        motif="REJ_COH",
        who=Who.SUPPLIER,
        audience=TO_BOTH_SIDES,
        term="BT-29",
        fr=Words(
            title="Fournisseur inactif depuis la facture",
            message="L'identifiant[ {found}] du fournisseur était actif à la date de la facture[ ({day})] ; il ne "
            "l'est plus aujourd'hui[ : fermé depuis le {closed_on}].",
            fix="Fournisseur : voir avec le destinataire sous quel identifiant émettre les prochaines factures.",
            expected="un identifiant encore actif",
        ),
        en=Words(
            title="Supplier no longer active since the invoice",
            message="The identifier[ {found}] of the supplier was active at the date of the invoice[ ({day})]; "
            "today it no longer is[: closed since {closed_on}].",
            fix="Supplier: agree with the recipient under which identifier to issue the next invoices.",
            expected="an identifier that is still active",
        ),
    ),
    Code(
        code="SUPPLIER_PENDING",
        layer=LayerName.REGISTER,
        legacy=Severity.WARNING,
        afnor=Severity.WARNING,
        motif="REJ_COH",
        who=Who.RECIPIENT,
        audience=TO_RECIPIENT,
        term="BT-29",
        fr=Words(
            title="Fournisseur en cours d'immatriculation",
            message="Le fournisseur se dit en cours d'immatriculation, ou porte un identifiant libre[ : {found}] ; "
            "le référentiel ne le connaît pas.",
            fix="Destinataire : s'assurer de l'identité du fournisseur avant de payer.",
            expected="un fournisseur connu du référentiel",
        ),
        en=Words(
            title="Supplier being registered",
            message="The supplier says that it is being registered, or bears a free identifier[: {found}]; the "
            "register does not know it.",
            fix="Recipient: make sure of who the supplier is before paying.",
            expected="a supplier that the register knows",
        ),
    ),
    Code(
        code="SUPPLIER_UNIDENTIFIED",
        layer=LayerName.REGISTER,
        legacy=Severity.FATAL,
        afnor=Severity.OFF,  # BR-FR-CPRO-03 says it there
        motif="REJ_CONT_B2G",
        who=Who.BILLING,
        audience=TO_SENDER,
        term="BT-29",
        fr=Words(
            title="Fournisseur sans SIRET ni identifiant d'un type connu",
            message="La facture ne donne ni SIRET du fournisseur, ni identifiant d'un autre type que le référentiel "
            "connaît[ ; trouvé : {found}].",
            fix="Porter le SIRET du fournisseur (type 1 ou 0009), ou son identifiant étranger avec son type.",
            expected="le SIRET du fournisseur, ou son identifiant étranger avec son type",
        ),
        en=Words(
            title="Supplier without a SIRET or an identifier of a known type",
            message="The invoice gives neither the supplier's SIRET nor an identifier of another type that the "
            "register knows[; found: {found}].",
            fix="Write the supplier's SIRET (type 1 or 0009), or its foreign identifier with its type.",
            expected="the supplier's SIRET, or its foreign identifier with its type",
        ),
    ),
    # Neutral on purpose: it says neither whether the register knows the supplier nor who may send for it.
    Code(
        code="SENDER_NOT_ENTITLED",
        layer=LayerName.REGISTER,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="REJ_COH",
        who=Who.PARTNER,
        audience=TO_SENDER,
        term="BT-29",
        fr=Words(
            title="Dépôt non admis pour ce fournisseur",
            message="Ce dépôt ne peut pas être pris en compte pour le fournisseur que la facture désigne.",
            fix="Voir le mandat de dépôt avec l'exploitant de la passerelle.",
            expected="un fournisseur pour lequel le déposant est mandaté",
        ),
        en=Words(
            title="Deposit not admitted for this supplier",
            message="This deposit cannot be taken in for the supplier that the invoice names.",
            fix="Settle the mandate to deposit with the operator of the gateway.",
            expected="a supplier for which the depositor holds a mandate",
        ),
    ),
    Code(
        code="RECIPIENT_UNIDENTIFIED",
        layer=LayerName.REGISTER,
        legacy=Severity.OFF,  # SIRET_MISSING says it there
        afnor=Severity.OFF,  # BR-FR-CPRO-10 says it there
        motif="REJ_CONT_B2G",
        who=Who.BILLING,
        audience=TO_SENDER,
        term="BT-46",
        fr=Words(
            title="SIRET du destinataire absent",
            message="La facture ne donne pas le SIRET du destinataire public.",
            fix="Porter le SIRET de l'entité publique (14 chiffres, type 0009) dans la facture.",
            expected="le SIRET du destinataire : 14 chiffres, type 0009",
        ),
        en=Words(
            title="SIRET of the recipient absent",
            message="The invoice does not give the SIRET of the public recipient.",
            fix="Write the SIRET of the public entity (14 digits, type 0009) in the invoice.",
            expected="the SIRET of the recipient: 14 digits, type 0009",
        ),
    ),
    Code(
        code="RECIPIENT_UNKNOWN",
        layer=LayerName.REGISTER,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="DEST_INC",
        who=Who.BILLING,
        audience=TO_SENDER,
        term="BT-46",
        fr=Words(
            title="Destinataire inconnu de l'annuaire",
            message="Le SIRET[ {found}] du destinataire n'est pas dans l'annuaire des entités publiques[ ; l'INSEE "
            "le dit fermé depuis le {closed_on}][ ; son successeur est {successor}].",
            fix="Chercher le SIRET de l'entité publique dans l'annuaire de Chorus Pro, corriger la facture et la "
            "renvoyer.",
            expected="le SIRET d'une entité publique de l'annuaire",
        ),
        en=Words(
            title="Recipient unknown to the directory",
            message="The SIRET[ {found}] of the recipient is not in the directory of public entities[; INSEE says "
            "that it has been closed since {closed_on}][; its successor is {successor}].",
            fix="Look the public entity's SIRET up in the directory of Chorus Pro, correct the invoice and send it "
            "again.",
            expected="the SIRET of a public entity of the directory",
        ),
    ),
    Code(
        code="RECIPIENT_CLOSED",
        layer=LayerName.REGISTER,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="DEST_INC",
        who=Who.BILLING,
        audience=TO_SENDER,
        term="BT-46",
        fr=Words(
            title="Destinataire fermé",
            message="L'entité publique[ {found}] n'est pas active à la date de la facture[ ({day})][ : fermée "
            "depuis le {closed_on}][ ; son successeur est {successor}].",
            fix="Chercher dans l'annuaire de Chorus Pro l'entité qui a pris la suite, corriger la facture et la "
            "renvoyer.",
            expected="une entité publique active à la date de la facture",
        ),
        en=Words(
            title="Recipient closed",
            message="The public entity[ {found}] is not active at the date of the invoice[ ({day})][: closed since "
            "{closed_on}][; its successor is {successor}].",
            fix="Find the entity that took over in the directory of Chorus Pro, correct the invoice and send it again.",
            expected="a public entity that is active at the date of the invoice",
        ),
    ),
    Code(
        code="RECIPIENT_CLOSED_SINCE",
        layer=LayerName.REGISTER,
        legacy=Severity.WARNING,
        afnor=Severity.WARNING,
        motif="DEST_INC",
        who=Who.BILLING,
        audience=TO_BOTH_SIDES,
        term="BT-46",
        fr=Words(
            title="Destinataire fermé depuis la facture",
            message="L'entité publique[ {found}] était active à la date de la facture[ ({day})] ; elle ne l'est "
            "plus aujourd'hui[ : fermée depuis le {closed_on}][ ; son successeur est {successor}].",
            fix="Adresser les prochaines factures à l'entité qui a pris la suite[ : {successor}].",
            expected="une entité publique encore active",
        ),
        en=Words(
            title="Recipient closed since the invoice",
            message="The public entity[ {found}] was active at the date of the invoice[ ({day})]; today it no "
            "longer is[: closed since {closed_on}][; its successor is {successor}].",
            fix="Address the next invoices to the entity that took over[: {successor}].",
            expected="a public entity that is still active",
        ),
    ),
    Code(
        code="RECIPIENT_NOT_PUBLIC",
        layer=LayerName.REGISTER,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="DEST_INC",
        who=Who.BILLING,
        audience=TO_SENDER,
        term="BT-46",
        fr=Words(
            title="Destinataire qui n'est pas une entité publique",
            message="Le SIRET[ {found}] du destinataire n'est pas celui d'une entité publique de l'annuaire.",
            fix="Corriger le SIRET du destinataire ; une facture à une entreprise ne passe pas par ce canal.",
            expected="le SIRET d'une entité publique de l'annuaire",
        ),
        en=Words(
            title="Recipient that is no public entity",
            message="The SIRET[ {found}] of the recipient is not that of a public entity of the directory.",
            fix="Correct the recipient's SIRET; an invoice to a firm does not go through this channel.",
            expected="the SIRET of a public entity of the directory",
        ),
    ),
    Code(
        code="SERVICE_MISSING",
        layer=LayerName.REGISTER,
        legacy=Severity.FATAL,
        afnor=Severity.OFF,  # BR-FR-CPRO-11 says it there
        motif="REJ_CONT_B2G",
        who=Who.BILLING,
        audience=TO_SENDER,
        term="BT-46",
        fr=Words(
            title="Code service absent",
            message="L'entité publique exige un code service ; la facture n'en donne pas.",
            fix="Demander le code service à l'entité publique, le porter dans la facture et la renvoyer.",
            expected="un code service du destinataire",
        ),
        en=Words(
            title="Service code absent",
            message="The public entity demands a service code; the invoice gives none.",
            fix="Ask the public entity for the service code, write it in the invoice and send it again.",
            expected="a service code of the recipient",
        ),
    ),
    Code(
        code="SERVICE_UNKNOWN",
        layer=LayerName.REGISTER,
        legacy=Severity.FATAL,
        afnor=Severity.OFF,  # BR-FR-CPRO-11 says it there
        motif="REJ_CONT_B2G",
        who=Who.BILLING,
        audience=TO_SENDER,
        term="BT-46",
        fr=Words(
            title="Code service inconnu",
            message="L'entité publique exige un code service ;[ « {found} »] n'est le code d'aucun de ses services.",
            fix="Demander le code service à l'entité publique, le corriger et renvoyer la facture.",
            expected="un code service du destinataire, majuscules et minuscules comme dans l'annuaire",
        ),
        en=Words(
            title="Service code unknown",
            message="The public entity demands a service code;[ “{found}”] is the code of none of its services.",
            fix="Ask the public entity for the service code, correct it and send the invoice again.",
            expected="a service code of the recipient, capitals and small letters as in the directory",
        ),
    ),
    Code(
        code="SERVICE_CLOSED",
        layer=LayerName.REGISTER,
        legacy=Severity.FATAL,
        afnor=Severity.OFF,  # BR-FR-CPRO-11 says it there
        motif="REJ_CONT_B2G",
        who=Who.BILLING,
        audience=TO_SENDER,
        term="BT-46",
        fr=Words(
            title="Service fermé",
            message="L'entité publique exige un code service ; le service[ « {found} »] n'est pas ouvert à la date "
            "de la facture[ ({day})][ : fermé depuis le {closed_on}].",
            fix="Demander à l'entité publique le code du service qui a pris la suite, le corriger et renvoyer la "
            "facture.",
            expected="le code d'un service ouvert à la date de la facture",
        ),
        en=Words(
            title="Service closed",
            message="The public entity demands a service code; the service[ “{found}”] is not open at the date of "
            "the invoice[ ({day})][: closed since {closed_on}].",
            fix="Ask the public entity for the code of the service that took over, correct it and send the invoice "
            "again.",
            expected="the code of a service that is open at the date of the invoice",
        ),
    ),
    Code(
        code="SERVICE_UNLISTED",
        layer=LayerName.REGISTER,
        legacy=Severity.WARNING,
        afnor=Severity.WARNING,
        motif="REJ_CONT_B2G",
        who=Who.BILLING,
        audience=TO_BOTH_SIDES,
        term="BT-46",
        fr=Words(
            title="Code service qui n'est pas dans l'annuaire",
            message="Le code service[ « {found} »] n'est celui d'aucun service ouvert du destinataire, qui n'en "
            "exige pas.",
            fix="Vérifier le code service auprès de l'entité publique pour les prochaines factures.",
            expected="le code d'un service ouvert du destinataire, ou aucun",
        ),
        en=Words(
            title="Service code that is not in the directory",
            message="The service code[ “{found}”] is that of no open service of the recipient, which demands none.",
            fix="Check the service code with the public entity for the next invoices.",
            expected="the code of an open service of the recipient, or none",
        ),
    ),
    Code(
        code="ENGAGEMENT_MISSING",
        layer=LayerName.REGISTER,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="REJ_CONT_B2G",
        who=Who.BILLING,
        audience=TO_SENDER,
        term="BT-13",
        fr=Words(
            title="Numéro d'engagement absent",
            message="L'entité publique[, pour son service {service},] exige un numéro d'engagement ; la facture n'en "
            "donne pas.",
            fix="Demander le numéro d'engagement à l'entité publique, le porter dans la facture et la renvoyer.",
            expected="le numéro d'engagement, ou celui d'un marché exécutoire",
        ),
        en=Words(
            title="Commitment number absent",
            message="The public entity[, for its service {service},] demands a commitment number; the invoice gives "
            "none.",
            fix="Ask the public entity for the commitment number, write it in the invoice and send it again.",
            expected="the commitment number, or that of an executable contract",
        ),
    ),
    Code(
        code="SERVICE_OR_ENGAGEMENT_MISSING",
        layer=LayerName.REGISTER,
        legacy=Severity.FATAL,
        afnor=Severity.OFF,  # BR-FR-CPRO-13 says it there
        motif="REJ_CONT_B2G",
        who=Who.BILLING,
        audience=TO_SENDER,
        term="BT-13",
        fr=Words(
            title="Ni code service ni numéro d'engagement",
            message="L'entité publique exige un code service ou un numéro d'engagement ; la facture ne donne ni "
            "l'un ni l'autre.",
            fix="Demander l'un des deux à l'entité publique, le porter dans la facture et la renvoyer.",
            expected="un code service ou un numéro d'engagement",
        ),
        en=Words(
            title="Neither service code nor commitment number",
            message="The public entity demands a service code or a commitment number; the invoice gives neither.",
            fix="Ask the public entity for one of the two, write it in the invoice and send it again.",
            expected="a service code or a commitment number",
        ),
    ),
    Code(
        code="IBAN_NOT_DECLARED",
        layer=LayerName.REGISTER,
        legacy=Severity.WARNING,
        afnor=Severity.WARNING,
        motif="REJ_SEMAN",
        who=Who.RECIPIENT,
        audience=TO_RECIPIENT,
        term="BT-84",
        fr=Words(
            title="Compte absent de la fiche du fournisseur",
            message="Le compte[ {found}] n'est pas déclaré sur la fiche du fournisseur à la date de la facture[ "
            "({day})].",
            fix=CHECK_BEFORE_PAYING_FR,
            expected="un compte déclaré sur la fiche du fournisseur",
        ),
        en=Words(
            title="Account not on the supplier's sheet",
            message="The account[ {found}] is not declared on the supplier's sheet at the date of the invoice[ "
            "({day})].",
            fix=CHECK_BEFORE_PAYING_EN,
            expected="an account declared on the supplier's sheet",
        ),
    ),
    Code(
        code="IBAN_NOT_APPROVED",
        layer=LayerName.REGISTER,
        legacy=Severity.WARNING,
        afnor=Severity.WARNING,
        motif="REJ_SEMAN",
        who=Who.RECIPIENT,
        audience=TO_RECIPIENT,
        term="BT-84",
        fr=Words(
            title="Compte déclaré, pas encore approuvé",
            message="Le compte[ {found}] est déclaré sur la fiche du fournisseur[ depuis le {declared_on}], mais "
            "personne ne l'a encore approuvé.",
            fix=CHECK_BEFORE_PAYING_FR,
            expected="un compte approuvé",
        ),
        en=Words(
            title="Account declared, not yet approved",
            message="The account[ {found}] is declared on the supplier's sheet[ since {declared_on}], but nobody "
            "has approved it yet.",
            fix=CHECK_BEFORE_PAYING_EN,
            expected="an approved account",
        ),
    ),
    Code(
        code="IBAN_DECLARED_LATELY",
        layer=LayerName.REGISTER,
        legacy=Severity.WARNING,
        afnor=Severity.WARNING,
        motif="REJ_SEMAN",
        who=Who.RECIPIENT,
        audience=TO_RECIPIENT,
        term="BT-84",
        fr=Words(
            title="Compte changé récemment sur la fiche du fournisseur",
            message="Le compte[ {found}] n'est sur la fiche du fournisseur que depuis peu[ : {declared_on}] ; un "
            "autre y était avant lui.",
            fix=CHECK_BEFORE_PAYING_FR,
            expected="un compte déclaré depuis plus longtemps[ : {days} jours au moins]",
        ),
        en=Words(
            title="Account changed lately on the supplier's sheet",
            message="The account[ {found}] has been on the supplier's sheet for a short time only[: {declared_on}]; "
            "another one was there before it.",
            fix=CHECK_BEFORE_PAYING_EN,
            expected="an account declared longer ago[: {days} days at least]",
        ),
    ),
    Code(
        code="IBAN_FACTOR_PAYEE",
        layer=LayerName.REGISTER,
        legacy=Severity.WARNING,
        afnor=Severity.WARNING,
        motif="REJ_SEMAN",
        who=Who.RECIPIENT,
        audience=TO_RECIPIENT,
        term="BT-84",
        fr=Words(
            title="Compte d'affacturage sans son bénéficiaire",
            message="Le compte[ {found}] est déclaré pour un factor[ ({factor})], que la facture ne désigne pas "
            "comme bénéficiaire.",
            fix=CHECK_BEFORE_PAYING_FR,
            expected="le factor désigné comme bénéficiaire[ : {factor}]",
        ),
        en=Words(
            title="Account of a factor without its payee",
            message="The account[ {found}] is declared for a factor[ ({factor})], whom the invoice does not name as "
            "the payee.",
            fix=CHECK_BEFORE_PAYING_EN,
            expected="the factor named as the payee[: {factor}]",
        ),
    ),
    Code(
        code="IBAN_FOREIGN",
        layer=LayerName.REGISTER,
        legacy=Severity.WARNING,
        afnor=Severity.WARNING,
        motif="REJ_SEMAN",
        who=Who.RECIPIENT,
        audience=TO_RECIPIENT,
        term="BT-84",
        fr=Words(
            title="Compte à l'étranger d'un fournisseur français",
            message="Le compte[ {found}] est tenu à l'étranger[ ({country})] ; le fournisseur est français.",
            fix=CHECK_BEFORE_PAYING_FR,
            expected="un compte tenu en France",
        ),
        en=Words(
            title="Foreign account of a French supplier",
            message="The account[ {found}] is held abroad[ ({country})]; the supplier is French.",
            fix=CHECK_BEFORE_PAYING_EN,
            expected="an account held in France",
        ),
    ),
    Code(
        code="ACCOUNT_CHANGED",
        layer=LayerName.REGISTER,
        legacy=Severity.WARNING,
        afnor=Severity.WARNING,
        motif="REJ_SEMAN",
        who=Who.RECIPIENT,
        audience=TO_RECIPIENT,
        term="BT-84",
        fr=Words(
            title="Compte changé depuis les dernières factures",
            message="Le compte à payer est nouveau pour ce fournisseur : ses factures précédentes en portaient un "
            "autre[, jusqu'au {last_used}].",
            fix=CHECK_BEFORE_PAYING_FR,
            expected="le compte des factures précédentes",
        ),
        en=Words(
            title="Account changed since the last invoices",
            message="The account to be paid is new for this supplier: its former invoices bore another one[, until "
            "{last_used}].",
            fix=CHECK_BEFORE_PAYING_EN,
            expected="the account of the former invoices",
        ),
    ),
    Code(
        code="ACCOUNT_SHARED",
        layer=LayerName.REGISTER,
        legacy=Severity.WARNING,
        afnor=Severity.WARNING,
        motif="REJ_SEMAN",
        who=Who.RECIPIENT,
        audience=TO_RECIPIENT,
        term="BT-84",
        fr=Words(
            title="Compte d'un autre fournisseur",
            message="Le compte à payer a aussi été porté par des factures d'autres fournisseurs[ : {suppliers}].",
            fix=CHECK_BEFORE_PAYING_FR,
            expected="un compte que ce fournisseur est seul à porter",
        ),
        en=Words(
            title="Account of another supplier",
            message="The account to be paid was also borne by invoices of other suppliers[: {suppliers}].",
            fix=CHECK_BEFORE_PAYING_EN,
            expected="an account that this supplier alone bears",
        ),
    ),
)
