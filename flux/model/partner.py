"""Who we exchange with, and who we are."""

from dataclasses import dataclass
from enum import Enum


class Environment(Enum):
    """In qualification, identifiers that fail their key are told as information only: its fake data fail it."""

    PRODUCTION = "production"
    QUALIFICATION = "qualification"


class GatewayRole(Enum):
    """Which acts this installation may perform: 200, 202 and 213 are a registered platform's or Chorus Pro's."""

    COMPATIBLE_SOLUTION = "compatible_solution"
    ENTITY_HUB = "entity_hub"
    PLATFORM = "platform"


class Language(Enum):
    """Language of what people read."""

    FR = "fr"
    EN = "en"


class PartnerRole(Enum):
    """What a partner is to us."""

    SUPPLIER = "supplier"
    ENTITY = "entity"


class Naming(Enum):
    """Whether flow names obey the specification or are the partner's own."""

    STRICT = "strict"
    FREE = "free"


class ReplyFamily(Enum):
    """In which messages we answer; `AUTO` follows the flow's interface."""

    AUTO = "auto"
    CPP = "cpp"
    CDAR = "cdar"


class IrrecevableMember(Enum):
    """What one unreadable or schema-invalid member does to its flow."""

    REFUSE_FLOW = "refuse_flow"
    ISOLATE = "isolate"


class RejectedInvoice(Enum):
    """What one rejected invoice does to its flow."""

    PARTIAL = "partial"
    REFUSE_FLOW = "refuse_flow"


class ForwardFormat(Enum):
    """What a recipient gets: each invoice byte for byte, or the Chorus pivot."""

    ORIGINAL = "original"
    PIVOT = "pivot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """Who we are: the [gateway] table of the configuration, less what only the engine needs."""

    application_code: str
    environment: Environment = Environment.PRODUCTION
    role: GatewayRole = GatewayRole.ENTITY_HUB
    language: Language = Language.FR


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """A partner as the configuration describes it, less its folders and servers.

    `name` is the key of its table and the name of its folder. `sirets` are those for which it
    receives (entity), or for which alone it may deposit (supplier; empty for any).
    """

    name: str
    role: PartnerRole
    application_code: str
    sirets: frozenset[str] = frozenset()
    interfaces: tuple[str, ...] = ()
    naming: Naming = Naming.STRICT
    replies: ReplyFamily = ReplyFamily.AUTO
    irrecevable_member: IrrecevableMember = IrrecevableMember.REFUSE_FLOW
    rejected_invoice: RejectedInvoice = RejectedInvoice.PARTIAL
    forward: ForwardFormat = ForwardFormat.ORIGINAL
    reports: bool = True
    language: Language = Language.FR
    reply_deadline_hours: float = 24.0

    @property
    def deposit_sirets(self) -> frozenset[str]:
        """The suppliers for whom alone it may deposit; empty for any."""
        return self.sirets if self.role is PartnerRole.SUPPLIER else frozenset()
