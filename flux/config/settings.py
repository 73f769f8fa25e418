"""The tables of config.toml, composed of each room's own."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from flux.delivery.settings import DeliverySettings
from flux.intake.settings import IntakeSettings
from flux.model.finding import LayerName, Severity
from flux.model.limits import Limits
from flux.model.override import NO_OVERRIDES, Overrides
from flux.model.partner import (
    Environment,
    ForwardFormat,
    Gateway,
    GatewayRole,
    IrrecevableMember,
    Language,
    Naming,
    Partner,
    PartnerRole,
    RejectedInvoice,
    ReplyFamily,
)
from flux.model.readings import USUAL, Readings
from flux.model.second_opinion import OFF, Decider
from flux.register.settings import RegisterSettings
from flux.transport.accounts import Account, SftpSettings
from flux.transport.settings import TransportSettings

LEGAL_ACCEPTED_YEARS = 10
LEGAL_REFUSED_YEARS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    """The [gateway] table: who we are and where our folders lie.

    `name` tells this gateway from others on the same ledger. `layers` are required: an invoice on which one of them did
    not run is not judged. `workers` 0 means one per processor. What runs at a SIGTERM is finished if it ends within
    `stop_seconds`, else given back. A worker that takes longer than `task_seconds` over a task, or holds more than
    `worker_memory_mb` after one, is replaced.
    """

    application_code: str
    name: str = "main"
    environment: Environment = Environment.PRODUCTION
    role: GatewayRole = GatewayRole.ENTITY_HUB
    language: Language = Language.FR
    layers: tuple[LayerName, ...] = (LayerName.SCHEMA, LayerName.RULES, LayerName.IDENTITY)
    inbox: Path = Path("inbox")
    outbox: Path = Path("outbox")
    workers: int = 0
    chunk_invoices: int = 50
    stop_seconds: float = 8.0
    task_seconds: float = 600.0
    worker_memory_mb: int = 1024

    @property
    def identity(self) -> Gateway:
        """What replies say of us."""
        return Gateway(
            application_code=self.application_code,
            environment=self.environment,
            role=self.role,
            language=self.language,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSettings:
    """The [ledger] table. `url` in SQLAlchemy's form; a password may come from the variable `password_env`."""

    url: str = field(default="sqlite:///var/ledger.db", repr=False)  # once read it may hold a password
    password_env: str = ""

    @property
    def file(self) -> Path | None:
        """The file of an SQLite ledger."""
        prefix = "sqlite:///"
        return Path(self.url.removeprefix(prefix)) if self.url.startswith(prefix) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultSettings:
    """The [vault] table: where every received and every sent byte is kept. `spool` holds what can be made again."""

    path: Path = Path("var/vault")
    spool: Path = Path("var/spool")


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaSettings:
    """The [schemas] table. A file of `folder` takes the place of the schema of ours that bears its name."""

    folder: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentSettings:
    """The [attachments] table. `clamd` is the socket of a ClamAV daemon or its host:port; empty for no virus scan.

    `clamd_seconds` is how long it may keep silent before an invoice counts as not judged.
    """

    clamd: str = ""
    clamd_seconds: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionSettings:
    """The [retention] table: for how many whole calendar years, after that of its reception, the data of a flow stays.

    `accepted_years` for flows with an accepted invoice (commercial documents: Code de commerce L123-22), `refused_years` for
    all others (tax: LPF L102 B).
    """

    accepted_years: int = LEGAL_ACCEPTED_YEARS
    refused_years: int = LEGAL_REFUSED_YEARS


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupSettings:
    """The [backup] table. `flux doctor` tells when a flow has waited for a backup longer than `notice_days`; 0: never."""

    notice_days: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesSettings:
    """The [rules] table. `overrides` names the file of severities that hold until a day; `readings` see the model.

    `official` is "off", "sample 1%" or "always": on which documents the official engine runs beside ours; `decides` says whose
    word counts where they disagree; `official_folder` may hold stylesheets that no package ships.
    """

    overrides: Overrides = NO_OVERRIDES
    readings: Readings = USUAL
    official: str = OFF
    official_folder: Path | None = None
    decides: Decider = Decider.FLUX


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerSettings:
    """A [partners.NAME] table."""

    role: PartnerRole
    application_code: str
    sirets: tuple[str, ...] = ()
    interfaces: tuple[str, ...] = ()
    naming: Naming = Naming.STRICT
    replies: ReplyFamily = ReplyFamily.AUTO
    irrecevable_member: IrrecevableMember = IrrecevableMember.REFUSE_FLOW
    rejected_invoice: RejectedInvoice = RejectedInvoice.PARTIAL
    forward: ForwardFormat = ForwardFormat.ORIGINAL
    reports: bool = True
    language: Language | None = None
    reply_deadline_hours: float = 24.0
    pickup: TransportSettings | None = None
    delivery: TransportSettings | None = None
    account: Account | None = None

    def partner(self, name: str, gateway_language: Language) -> Partner:
        """The partner as the core knows it."""
        return Partner(
            name=name,
            role=self.role,
            application_code=self.application_code,
            sirets=frozenset(self.sirets),
            interfaces=self.interfaces,
            naming=self.naming,
            replies=self.replies,
            irrecevable_member=self.irrecevable_member,
            rejected_invoice=self.rejected_invoice,
            forward=self.forward,
            reports=self.reports,
            language=self.language or gateway_language,
            reply_deadline_hours=self.reply_deadline_hours,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole configuration. `root` is the folder of config.toml; every relative path starts there."""

    gateway: GatewaySettings
    ledger: LedgerSettings = field(default_factory=LedgerSettings)
    vault: VaultSettings = field(default_factory=VaultSettings)
    limits: Limits = field(default_factory=Limits)
    attachments: AttachmentSettings = field(default_factory=AttachmentSettings)
    schemas: SchemaSettings = field(default_factory=SchemaSettings)
    intake: IntakeSettings = field(default_factory=IntakeSettings)
    delivery: DeliverySettings = field(default_factory=DeliverySettings)
    sftp: SftpSettings = field(default_factory=SftpSettings)
    register: RegisterSettings = field(default_factory=RegisterSettings)
    rules: RulesSettings = field(default_factory=RulesSettings)
    retention: RetentionSettings = field(default_factory=RetentionSettings)
    backup: BackupSettings = field(default_factory=BackupSettings)
    severity: Mapping[str, Severity] = field(default_factory=dict)
    partners: Mapping[str, PartnerSettings] = field(default_factory=dict)
    root: Path = Path()

    @property
    def known_partners(self) -> dict[str, Partner]:
        """Every partner as the core knows it, by name."""
        return {name: table.partner(name, self.gateway.language) for name, table in self.partners.items()}

    @property
    def accounts(self) -> dict[str, Account]:
        """The accounts on our own SFTP server, by partner."""
        return {name: table.account for name, table in self.partners.items() if table.account is not None}

    @property
    def secret_variables(self) -> frozenset[str]:
        """The variables of the environment that hold passwords."""
        ends = (end for table in self.partners.values() for end in (table.pickup, table.delivery) if end is not None)
        named = {self.ledger.password_env, self.register.password_env, *(end.password_env for end in ends)}
        return frozenset(named - {""})

    def without_secrets(self) -> "Settings":
        """The same for a process that reads what strangers send: it talks to no partner, and to no ledger."""
        partners = {name: _without_passwords(table) for name, table in self.partners.items()}
        return replace(self, ledger=replace(self.ledger, url=""), partners=partners)

    def delivery_end(self, partner: str) -> TransportSettings:
        """Where a partner's files go: its own table, else its folder of the outbox."""
        return self.partners[partner].delivery or TransportSettings(path=str(self.gateway.outbox / partner))


def _without_passwords(table: PartnerSettings) -> PartnerSettings:
    pickup, delivery = (end and replace(end, password=None) for end in (table.pickup, table.delivery))
    return replace(table, pickup=pickup, delivery=delivery)
