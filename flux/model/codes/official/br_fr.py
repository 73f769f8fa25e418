"""BR-FR: what each rule of the French reform says. Statements are ours, after XP Z12-012; ids are those of FNFE-MPE."""

from flux.model.codes.code import Code
from flux.model.codes.official.making import ADR_ERR, listed, missing, reckoned, rule

_DOCUMENT = (
    rule(
        "BR-FR-01",
        "BT-1",
        "Un numéro de facture compte 35 caractères au plus",
        "The number of an invoice has 35 characters at most",
        fix_fr="Raccourcir le numéro (lettres, chiffres et + - _ / seulement), le même partout où il est cité, et renvoyer la facture.",
        fix_en="Shorten the number (letters, digits and + - _ / only), the same wherever it is quoted, and send the invoice again.",
    ),
    rule(
        "BR-FR-02",
        "BT-1",
        "Un numéro de facture n'a que des lettres, des chiffres et les signes + - _ /, sans espace",
        "The number of an invoice has only letters, digits and the signs + - _ /, without a space",
    ),
    rule(
        "BR-FR-03",
        None,
        "Une date est un jour réel, de 2000 à 2099 : AAAA-MM-JJ en UBL, AAAAMMJJ en CII",
        "A date is a real day, from 2000 to 2099: YYYY-MM-DD in UBL, YYYYMMDD in CII",
    ),
    listed("BR-FR-04", "BT-3", "la liste française des types de facture", "the French list of invoice types"),
    listed(
        "BR-FR-08", "BT-23", "la liste française des cadres de facturation", "the French list of business processes"
    ),
)

_NOTES = (
    rule(
        "BR-FR-05",
        "BT-22",
        "Les mentions PMT (indemnité de recouvrement), PMD (pénalités de retard) et AAB (escompte) sont obligatoires",
        "The notes PMT (recovery costs), PMD (late payment penalties) and AAB (discount) are mandatory",
        message_fr="Une mention obligatoire manque parmi les notes de la facture[ : {expected}].",
        message_en="A mandatory note is missing among the notes of the invoice[: {expected}].",
        fix_fr="Ajouter une note de ce code (BT-21) avec son texte (BT-22) et renvoyer la facture.",
        fix_en="Add a note of that code (BT-21) with its text (BT-22) and send the invoice again.",
    ),
    rule(
        "BR-FR-06",
        "BT-21",
        "Les mentions PMT, PMD, AAB et TXD figurent une fois au plus",
        "The notes PMT, PMD, AAB and TXD occur once at most",
    ),
    listed("BR-FR-20", "BT-22", "la liste des traitements de la note BAR", "the list of treatments of the note BAR"),
    rule(
        "BR-FR-31",
        "BT-22",
        "La note BAR indique un seul traitement",
        "The note BAR says one treatment only",
    ),
)

_PARTIES = (
    rule(
        "BR-FR-09",
        "BT-29",
        "Un SIRET (0009) compte 14 chiffres et commence par le SIREN (0002) de la même partie",
        "A SIRET (0009) has 14 digits and begins with the SIREN (0002) of the same party",
        fix_fr="Mettre en accord le SIRET et le SIREN de la partie et renvoyer la facture.",
        fix_en="Make the SIRET and the SIREN of the party agree and send the invoice again.",
    ),
    rule(
        "BR-FR-10",
        "BT-30",
        "Le SIREN du vendeur (BT-30, schéma 0002, 9 chiffres) est obligatoire",
        "The SIREN of the seller (BT-30, scheme 0002, 9 digits) is mandatory",
    ),
    rule(
        "BR-FR-11",
        "BT-47",
        "Le SIREN de l'acheteur (BT-47, schéma 0002, 9 chiffres) est obligatoire quand la note BAR vaut B2B",
        "The SIREN of the buyer (BT-47, scheme 0002, 9 digits) is mandatory when the note BAR says B2B",
    ),
    rule(
        "BR-FR-24",
        "BT-29",
        "Un code routage (0224) n'a que des lettres, des chiffres, le point et les signes + - _",
        "A routing code (0224) has only letters, digits, the point and the signs + - _",
    ),
    rule(
        "BR-FR-26",
        "BT-29",
        "Un code routage (0224) compte 100 caractères au plus",
        "A routing code (0224) has 100 characters at most",
    ),
    rule(
        "BR-FR-32",
        None,
        "Un identifiant sous le schéma 0002 ou 0231 est un SIREN de 9 chiffres",
        "An identifier under the scheme 0002 or 0231 is a SIREN of 9 digits",
    ),
    rule(
        "BR-FR-CO-10",
        None,
        "Chaque identifiant d'une partie porte un schéma, et chaque schéma ne figure qu'une fois",
        "Each identifier of a party bears a scheme, and each scheme occurs only once",
    ),
    rule(
        "BR-FR-CO-14",
        "BT-22",
        "Un vendeur membre d'un assujetti unique (BT-29, schéma 0231) le dit par la note TXD MEMBRE_ASSUJETTI_UNIQUE",
        "A seller that is a member of a single taxable person (BT-29, scheme 0231) says so by the note TXD MEMBRE_ASSUJETTI_UNIQUE",
    ),
    rule(
        "BR-FR-CO-15",
        "BT-63",
        "Un vendeur membre d'un assujetti unique (BT-29, schéma 0231) nomme l'assujetti unique et son numéro de TVA (BT-63)",
        "A seller that is a member of a single taxable person (BT-29, scheme 0231) names that person and its VAT number (BT-63)",
    ),
)

_ADDRESSES = (
    missing("BR-FR-12", "BT-49", motif=ADR_ERR),
    missing("BR-FR-13", "BT-34", motif=ADR_ERR),
    rule(
        "BR-FR-21",
        "BT-49",
        "Entre assujettis français (note BAR B2B), l'adresse électronique de l'acheteur est sous 0225 et commence par son SIREN",
        "Between French companies (note BAR B2B), the electronic address of the buyer is under 0225 and begins with its SIREN",
        motif=ADR_ERR,
    ),
    rule(
        "BR-FR-22",
        "BT-34",
        "Entre assujettis français (note BAR B2B), l'adresse électronique du vendeur d'une facture auto-facturée est sous 0225 et commence par son SIREN",
        "Between French companies (note BAR B2B), the electronic address of the seller of a self-billed invoice is under 0225 and begins with its SIREN",
        motif=ADR_ERR,
    ),
    rule(
        "BR-FR-23",
        None,
        "Une adresse électronique sous 0225 n'a que des lettres, des chiffres, le point et les signes + - _",
        "An electronic address under 0225 has only letters, digits, the point and the signs + - _",
        motif=ADR_ERR,
    ),
    rule(
        "BR-FR-25",
        None,
        "Une adresse électronique compte 125 caractères au plus",
        "An electronic address has 125 characters at most",
        motif=ADR_ERR,
    ),
)

_CONTENT = (
    listed(
        "BR-FR-15",
        None,
        "la liste française des catégories de TVA (S, E, AE, K, G, O, Z)",
        "the French list of VAT categories (S, E, AE, K, G, O, Z)",
    ),
    listed("BR-FR-16", None, "la liste des taux de TVA français", "the list of French VAT rates"),
    listed(
        "BR-FR-17",
        "BT-123",
        "la liste des qualifiants de pièces jointes (RIB, LISIBLE, DOCUMENT_ANNEXE...)",
        "the list of qualifiers of attachments (RIB, LISIBLE, DOCUMENT_ANNEXE...)",
    ),
    rule(
        "BR-FR-18",
        "BT-123",
        "Une seule pièce jointe est qualifiée de LISIBLE",
        "Only one attachment is qualified as LISIBLE",
    ),
    rule(
        "BR-FR-27",
        "BG-32",
        "Un attribut d'article a un nom (BT-160) ou un code, qui n'est pas vide",
        "An attribute of an item has a name (BT-160) or a code, not an empty one",
    ),
    rule(
        "BR-FR-28",
        "BG-32",
        "Un attribut d'article a une valeur (BT-161) ou une valeur mesurée avec son unité, pas les deux",
        "An attribute of an item has a value (BT-161) or a measured value with its unit, not both",
    ),
    rule(
        "BR-FR-29",
        "BT-18",
        "Dans l'en-tête, les identifiants d'objet facturé AFL et AVV figurent une fois au plus et ne sont pas vides",
        "In the header, the identifiers of an invoiced object AFL and AVV occur once at most and are not empty",
    ),
    rule(
        "BR-FR-30",
        "BT-128",
        "À la ligne, les identifiants d'objet facturé AFL et AVV figurent une fois au plus et ne sont pas vides",
        "In a line, the identifiers of an invoiced object AFL and AVV occur once at most and are not empty",
    ),
)

_CONSISTENCY = (
    rule(
        "BR-FR-CO-01",
        "BT-2",
        "La date d'émission n'est pas postérieure au jour du contrôle",
        "The issue date is not after the day of the check",
        message_fr="La date d'émission est postérieure au jour du contrôle[ : {found}][ ; contrôle du {expected}].",
        message_en="The issue date is after the day of the check[: {found}][; checked on {expected}].",
        fix_fr="Émettre la facture à sa date, ou corriger la date (BT-2), et la renvoyer.",
        fix_en="Issue the invoice on its date, or correct the date (BT-2), and send it again.",
    ),
    rule(
        "BR-FR-CO-03",
        "BT-12",
        "Une remise globale (type 262) cite le contrat (BT-12) et la période complète (BT-73, BT-74)",
        "A global rebate (type 262) quotes the contract (BT-12) and the whole period (BT-73, BT-74)",
    ),
    rule(
        "BR-FR-CO-04",
        "BG-3",
        "Une facture rectificative (types 384, 471, 472, 473) cite une facture antérieure, et une seule",
        "A corrective invoice (types 384, 471, 472, 473) quotes one preceding invoice, and one only",
    ),
    rule(
        "BR-FR-CO-05",
        "BG-3",
        "Un avoir cite le numéro et la date d'une facture antérieure, dans l'en-tête ou à chaque ligne de détail",
        "A credit note quotes the number and the date of a preceding invoice, in the header or in each line of detail",
    ),
    rule(
        "BR-FR-CO-07",
        "BT-9",
        "L'échéance ne précède pas la date d'émission, sauf acompte ou facture déjà payée",
        "The due date is not before the issue date, except for deposits and invoices already paid",
    ),
    rule(
        "BR-FR-CO-08",
        "BT-23",
        "Une facture définitive après acompte (cadres B4, S4, M4) n'est pas une facture d'acompte (types 386, 500, 503)",
        "A final invoice after a deposit (frames B4, S4, M4) is no deposit invoice (types 386, 500, 503)",
    ),
    rule(
        "BR-FR-CO-09",
        "BT-23",
        "Une facture déjà payée (cadres B2, S2, M2) : payé (BT-113) égal au total avec TVA (BT-112), reste (BT-115) nul, date de paiement en BT-9",
        "An invoice already paid (frames B2, S2, M2): paid (BT-113) equal to the total with VAT (BT-112), due (BT-115) zero, day of payment in BT-9",
    ),
    rule(
        "BR-FR-CO-12",
        "BT-6",
        "Une facture dans une autre devise que l'euro donne la TVA en euros : BT-6 EUR et BT-111",
        "An invoice in another currency than the euro gives the VAT in euros: BT-6 EUR and BT-111",
    ),
)

_DECIMALS = (
    rule(
        "BR-FR-DEC-01",
        None,
        "Un montant a deux décimales au plus et 19 caractères au plus, signe compris",
        "An amount has two decimals at most and 19 characters at most, the sign included",
    ),
    rule(
        "BR-FR-DEC-02",
        None,
        "Une quantité a quatre décimales au plus et 19 caractères au plus, signe compris",
        "A quantity has four decimals at most and 19 characters at most, the sign included",
    ),
    rule(
        "BR-FR-DEC-03",
        None,
        "Un prix a six décimales au plus et 19 chiffres au plus, sans signe",
        "A price has six decimals at most and 19 digits at most, without a sign",
    ),
    rule(
        "BR-FR-DEC-04",
        None,
        "Un taux a deux décimales au plus et quatre chiffres au plus, sans signe",
        "A rate has two decimals at most and four digits at most, without a sign",
    ),
)

_SEVERAL_SELLERS = (
    rule(
        "BR-FR-MV-01",
        "EXT-FR-FE-163",
        "Dans les cadres 8 et 9, chaque ligne a un sous-type : GROUP, DETAIL ou INFORMATION",
        "In frames 8 and 9, each line has a subtype: GROUP, DETAIL or INFORMATION",
    ),
    rule(
        "BR-FR-MV-02",
        "EXT-FR-FE-163",
        "Une facture multi-vendeurs (cadres 8) a au moins une ligne GROUP sans parent",
        "An invoice of several sellers (frames 8) has at least one GROUP line without a parent",
    ),
    rule(
        "BR-FR-MV-03",
        None,
        "Une ligne GROUP sans parent donne vendeur, identifiant légal, pays, TVA, numéro de sous-facture (AFL) et cadre propre (AVV)",
        "A GROUP line without a parent gives seller, legal identifier, country, VAT, number of the sub-invoice (AFL) and its own frame (AVV)",
    ),
    reckoned(
        "BR-FR-MV-05",
        "BT-131",
        "montant net d'un groupe = somme de ses lignes, à un centime près par ligne",
        "net amount of a group = sum of its lines, a cent tolerated for each",
    ),
    rule(
        "BR-FR-MV-06",
        "EXT-FR-FE-167",
        "Dans les cadres 8 et 9, chaque ligne porte l'identifiant légal du vendeur, celui de sa ligne parente",
        "In frames 8 and 9, each line bears the legal identifier of the seller, that of its parent line",
    ),
    rule(
        "BR-FR-MV-07",
        "BT-128",
        "Dans les cadres 8 et 9, chaque ligne porte le numéro de sous-facture (AFL), celui de sa ligne parente",
        "In frames 8 and 9, each line bears the number of the sub-invoice (AFL), that of its parent line",
    ),
    rule(
        "BR-FR-MV-08",
        "BT-128",
        "Dans les cadres 8 et 9, la raison d'exonération d'une ligne de détail commence par le numéro de sous-facture entre dièses",
        "In frames 8 and 9, the exemption reason of a line of detail begins with the number of the sub-invoice between number signs",
    ),
    reckoned(
        "BR-FR-MV-09",
        "BT-117",
        "TVA d'un groupe = somme des ventilations dont la raison commence par son numéro",
        "VAT of a group = sum of the breakdowns whose reason begins with its number",
    ),
    reckoned(
        "BR-FR-MV-10",
        "BT-131",
        "montant TTC d'un groupe = montant net + TVA, à un centime près par ligne",
        "amount with VAT of a group = net amount + VAT, a cent tolerated for each line",
    ),
    rule(
        "BR-FR-MV-11",
        "BT-128",
        "Un seul groupe du vendeur principal porte le numéro de la facture (BT-1)",
        "One group only of the main seller bears the number of the invoice (BT-1)",
    ),
    rule(
        "BR-FR-MV-12",
        "BT-128",
        "Les numéros de sous-facture (AFL) des groupes sont distincts",
        "The numbers of the sub-invoices (AFL) of the groups are distinct",
    ),
    rule(
        "BR-FR-MV-13",
        "BT-3",
        "Une facture multi-vendeurs (cadres 8) n'est pas auto-facturée",
        "An invoice of several sellers (frames 8) is not self-billed",
    ),
    rule(
        "BR-FR-MV-14",
        "BG-25",
        "Une rectificative ou un avoir multi-vendeurs cite, à chaque groupe, le numéro et la date de la facture antérieure",
        "A correction or a credit note of several sellers quotes, in each group, the number and the date of the preceding invoice",
    ),
    rule(
        "BR-FR-BD-02",
        "EXT-FR-FE-163",
        "Une facture bidirectionnelle (cadres 9) a deux lignes GROUP sans parent : une du vendeur, une de l'acheteur",
        "An invoice in both directions (frames 9) has two GROUP lines without a parent: one of the seller, one of the buyer",
    ),
    rule(
        "BR-FR-BD-13",
        "BT-3",
        "Une facture bidirectionnelle (cadres 9) est auto-facturée",
        "An invoice in both directions (frames 9) is self-billed",
    ),
    rule(
        "BR-FR-BD-14",
        "BG-25",
        "Une rectificative ou un avoir bidirectionnel cite, à chaque groupe, le numéro et la date de la facture antérieure",
        "A correction or a credit note in both directions quotes, in each group, the number and the date of the preceding invoice",
    ),
)

ROWS: tuple[Code, ...] = (
    *_DOCUMENT,
    *_NOTES,
    *_PARTIES,
    *_ADDRESSES,
    *_CONTENT,
    *_CONSISTENCY,
    *_DECIMALS,
    *_SEVERAL_SELLERS,
)
