"""A life-cycle message, CDV: UN/CEFACT CrossDomainAcknowledgementAndResponse D22B, as the French reform uses it.

The fields stand in the order of the schema, each with its number in the French data dictionary (MDT). Absent is None or an
empty tuple; empty texts are kept. Moments are aware, to the second, and on the wire those of Paris (format 204); days are
dates (format 102). A code is a member of its list in `flux.model.cdv_codes`, or the text where it is none.
Sources: AFNOR XP Z12-012 annex A; XP Z12-014; annex 2 of the external specifications, for the lengths.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from flux.model.cdv_codes import (
    CdvAction,
    CdvGuideline,
    CdvPhase,
    CdvProcess,
    CdvRole,
    CdvStatus,
    CharacteristicType,
    DocumentStatus,
)

_STANDARD = "urn:un:unece:uncefact:data:standard:"
CDAR_NAMESPACES = {
    "rsm": _STANDARD + "CrossDomainAcknowledgementAndResponse:100",
    "ram": _STANDARD + "ReusableAggregateBusinessInformationEntity:100",
    "qdt": _STANDARD + "QualifiedDataType:100",
    "udt": _STANDARD + "UnqualifiedDataType:100",
}

# What stands for a value that could not be read from the object (general rule G1.114); the raw value is quoted in MDT-126.
UNKNOWN_NUMBER = "X" * 20
UNKNOWN_DAY = date(1900, 1, 1)
UNKNOWN_SIREN = "0" * 9


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalText:
    """A text in one language, `fr` or `en` in messages of ours; None where the message does not say which."""

    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemedId:
    """An identifier and its scheme (`flux.model.cdv_codes.CdvScheme`), None where the message gives none."""

    text: str
    scheme: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CdvParty:
    """A party: the sender (MDT-19 to 21), the issuer (38 to 40), a recipient (57 to 59, 73), the seller (129, 132)."""

    identifiers: tuple[SchemedId, ...] = ()  # ID
    global_identifiers: tuple[SchemedId, ...] = ()  # GlobalID: MDT-19, 38, 57, 129
    name: str | None = None  # MDT-20, 39, 58
    role: CdvRole | str | None = None  # MDT-21, 40, 59, 132, 158
    address: SchemedId | None = None  # MDT-73, the electronic address


@dataclass(frozen=True, slots=True, kw_only=True)
class CdvAttachment:
    """A file inside the message, MDT-96."""

    content: bytes
    mime_code: str | None = None
    filename: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CdvAmount:
    """An amount, MDT-215: at most 19 digits, 6 of them decimals."""

    value: Decimal
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CdvNote:
    """One remark of a status detail."""

    code: str | None = None  # MDT-125: the rule
    content: tuple[LocalText, ...] = ()  # MDT-126: the sentence, once for each language
    subject: str | None = None  # MDT-127: names of files or fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Characteristic:
    """One value that a status detail is about."""

    term: str | None = None  # MDT-206: BT-31
    type_code: CharacteristicType | str | None = None  # MDT-207
    is_changed: bool | None = None  # MDT-209
    names: tuple[LocalText, ...] = ()  # MDT-211
    location: str | None = None  # MDT-213: XPath in the invoice
    values: tuple[LocalText, ...] = ()  # MDT-214
    amount: CdvAmount | None = None  # MDT-215
    day: date | datetime | None = None  # MDT-219
    percent: Decimal | None = None  # MDT-224: at most 3 digits before the point, 2 after


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusDetail:
    """Why a status was given. BR-FR-CDV demands `sequence`, 1 to 999, in each; messages under its earlier versions lack it."""

    motif: str | None = None  # MDT-113
    motif_labels: tuple[LocalText, ...] = ()  # MDT-114
    status: CdvStatus | str | None = None  # MDT-115
    action: CdvAction | str | None = None  # MDT-121
    action_labels: tuple[LocalText, ...] = ()  # MDT-122
    sequence: int | None = None  # MDT-124-2
    notes: tuple[CdvNote, ...] = ()
    characteristics: tuple[Characteristic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencedDocument:
    """The invoice, the flow or the message that the status is about.

    `issue_date` is written in format 102, as a moment in format 204: the PPF's specification asks for the second.
    """

    identifier: str  # MDT-87: number of the invoice, name of the file for 500 and 501
    document_status: DocumentStatus | str | None = None  # MDT-88
    type_code: str | None = None  # MDT-91: BT-3
    received_at: datetime | None = None  # MDT-95
    attachments: tuple[CdvAttachment, ...] = ()  # MDT-96
    reference_type: CdvGuideline | str | None = None  # MDT-97: towards the PPF
    issue_date: date | datetime | None = None  # MDT-100: BT-2
    status: CdvStatus | str  # MDT-105
    status_labels: tuple[LocalText, ...] = ()  # MDT-106
    seller: CdvParty | None = None  # MDT-129, 132: the issuer of the invoice
    recipients: tuple[CdvParty, ...] = ()  # MDT-158: a new payee
    details: tuple[StatusDetail, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """The statuses given in one phase; `documents` is never empty."""

    is_multiple: bool | None = False  # MDT-74
    phase: CdvPhase | str  # MDT-77
    issued_at: datetime | None = None  # MDT-78: when the status was given
    documents: tuple[ReferencedDocument, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cdar:
    """The message; `recipients` and `acknowledgements` are never empty."""

    process: CdvProcess | str | None = None  # MDT-2: absent towards the PPF
    guideline: CdvGuideline | str  # MDT-3
    identifier: str  # MDT-4
    name: str | None = None  # MDT-5
    issued_at: datetime  # MDT-8
    sender: CdvParty | None = None
    issuer: CdvParty | None = None
    recipients: tuple[CdvParty, ...]
    acknowledgements: tuple[Acknowledgement, ...]

    @property
    def documents(self) -> tuple[ReferencedDocument, ...]:
        """Every document that the message gives a status to, in its order."""
        return tuple(document for each in self.acknowledgements for document in each.documents)
