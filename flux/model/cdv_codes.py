"""The code lists of a life-cycle message (AFNOR XP Z12-012 and Z12-014, BR-FR-CDV).

Partners write codes outside these lists, and the list of statuses is left open; so a field holds a member where the code is
known and the text as it came elsewhere. A member is equal to its text.
"""

from enum import StrEnum
from typing import TypeVar


class CdvStatus(StrEnum):
    """The status, MDT-105. 200 to 228 are of an invoice, 25x to 40x of what the PPF received, 50x of a flow, 601 of a CDAR."""

    DEPOSEE = "200"
    EMISE = "201"
    RECUE = "202"
    MISE_A_DISPOSITION = "203"
    PRISE_EN_CHARGE = "204"
    APPROUVEE = "205"
    APPROUVEE_PARTIELLEMENT = "206"
    EN_LITIGE = "207"
    SUSPENDUE = "208"
    COMPLETEE = "209"
    REFUSEE = "210"
    PAIEMENT_TRANSMIS = "211"
    ENCAISSEE = "212"
    REJETEE = "213"
    VISEE = "214"
    ANNULEE = "220"
    ERREUR_ROUTAGE = "221"
    DEMANDE_PAIEMENT_DIRECT = "224"
    AFFACTUREE = "225"
    AFFACTUREE_CONFIDENTIEL = "226"
    CHANGEMENT_COMPTE_A_PAYER = "227"
    NON_AFFACTUREE = "228"
    F1_DEPOSEE = "250"
    F1_REJETEE = "251"
    F10_DEPOSEE = "300"
    F10_REJETEE = "301"
    F13_ACCEPTEE = "400"
    F13_REJETEE = "401"
    RECEVABLE = "500"
    IRRECEVABLE = "501"
    CDAR_REJETE = "601"


class CdvPhase(StrEnum):
    """The phase, MDT-77: who may speak, and which MDT-88 is allowed."""

    TRANSMISSION = "305"  # platforms: sender and issuer are WK
    TREATMENT = "23"  # parties: the issuer is one and says who it is


class DocumentStatus(StrEnum):
    """The state of the referenced document, MDT-88 (UNTDID 1373): those that the two phases allow."""

    ACCEPTED = "1"
    CONDITIONALLY_ACCEPTED = "5"
    REJECTED = "8"
    DOCUMENT_CURRENT = "10"
    COMPLETED = "37"
    ON_HOLD = "39"
    RECEIVED = "43"
    IN_PROCESS = "45"
    UNDER_QUERY = "46"
    PAID = "47"
    MADE_AVAILABLE = "48"
    PARTIALLY_APPROVED = "49"
    REFUSED = "50"
    ISSUED = "51"


class CdvRole(StrEnum):
    """The role of a party, MDT-21, 40, 59, 132, 158 (UNCL 3035)."""

    SELLER = "SE"
    BUYER = "BY"
    BUYER_AGENT = "AB"
    SELLER_AGENT = "SR"
    FACTOR = "DL"
    PAYEE = "PE"
    PAYER = "PR"
    INVOICER = "II"
    INVOICEE = "IV"
    PLATFORM = "WK"
    PPF = "DFH"


class CdvAction(StrEnum):
    """What the receiver is asked to do, MDT-121."""

    NONE = "NOA"
    PROVIDE_INFORMATION = "PIN"
    NEW_INVOICE = "NIN"
    CREDIT_NOTE_FULL = "CNF"
    CREDIT_NOTE_PARTIAL = "CNP"
    CREDIT_NOTE_AMOUNT = "CNA"
    OTHER = "OTH"


class CharacteristicType(StrEnum):
    """What a value of a status detail is, MDT-207."""

    CASHED = "MEN"  # VAT included
    PAID = "MPA"
    REMAINING = "RAP"
    EARLY_PAYMENT_DISCOUNT = "ESC"
    REBATE = "RAB"
    REMISE = "REM"
    APPROVED_WITHOUT_VAT = "MAP"
    APPROVED_WITH_VAT = "MAPTTC"
    NOT_APPROVED_WITHOUT_VAT = "MNA"
    NOT_APPROVED_WITH_VAT = "MNATTC"
    ACCOUNT_TO_CHANGE = "CBB"
    INVALID_AS_FOUND = "DIV"
    VALID_EXPECTED = "DVA"
    TO_USE_INSTEAD = "MAJ"


class CdvProcess(StrEnum):
    """The business process, MDT-2; absent towards the PPF."""

    REGULATED = "REGULATED"
    NON_REGULATED = "NON_REGULATED"
    B2C = "B2C"
    B2CINT = "B2CINT"
    B2BINT = "B2BINT"
    OUTOFSCOPE = "OUTOFSCOPE"


class CdvGuideline(StrEnum):
    """The profile, MDT-3: between platforms `INVOICE`, towards and from the PPF the others."""

    INVOICE = "urn.cpro.gouv.fr:1p0:CDV:invoice"
    FLOW = "urn.cpro.gouv.fr:1p0:CDV:flux"
    F1 = "urn.cpro.gouv.fr:1p0:CDV:einvoicingF1"
    F2 = "urn.cpro.gouv.fr:1p0:CDV:einvoicingF2"
    F10 = "urn.cpro.gouv.fr:1p0:CDV:ereportingF10"
    DIRECTORY = "urn.cpro.gouv.fr:1p0:CDV:annuaire"
    CDV_MESSAGE = "urn.cpro.gouv.fr:1p0:CDV:messageCDV"


class CdvScheme(StrEnum):
    """The schemes of the identifiers that these messages bear (ISO 6523)."""

    SIREN = "0002"
    SIRET = "0009"
    ELECTRONIC_ADDRESS = "0225"
    PLATFORM = "0238"


# Platforms that have a fixed identifier of the scheme 0238.
PPF = "0000"
CHORUS_PRO_RECEPTION = "9999"
CHORUS_PRO_EMISSION = "9997"

_List = TypeVar("_List", bound=StrEnum)


def known(codes: type[_List], text: str) -> _List | str:
    """The member of a list that this text is, else the text."""
    try:
        return codes(text)
    except ValueError:
        return text
