"""config.toml read once into frozen settings.

A wrong value or an unknown key is a ConfigError that names every one of them, with the nearest known key. Environment
variables are read here and nowhere else, only where a key (`password_env`) names one.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from enum import Enum
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import cattrs
from cattrs.errors import ForbiddenExtraKeysError
from cattrs.gen import make_dict_structure_fn

from flux.delivery.settings import DeliverySettings
from flux.errors import ConfigError
from flux.intake.settings import IntakeSettings
from flux.model.codes import CODES
from flux.model.finding import LayerName, Severity
from flux.model.interface import INTERFACES, Family, Interface
from flux.model.limits import Limits
from flux.model.override import NO_OVERRIDES, Override, Overrides
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
from flux.model.second_opinion import OFF, Decider, share_of
from flux.overrides import read_overrides
from flux.register.settings import DIRECTORY_COLUMN_NAMES, SERVICE_COLUMN_NAMES, RegisterSettings
from flux.transport import clamd_address
from flux.transport.accounts import Account, AccountKey, SftpSettings, find_account_faults, read_account_key
from flux.transport.settings import TransportKind, TransportSettings

T = TypeVar("T")
LEGAL_ACCEPTED_YEARS = 10
LEGAL_REFUSED_YEARS = 6
# In the place of the password, or among the parameters; sqlite:/// has neither.
_PASSWORD_IN_URL = re.compile(
    r"^(?!sqlite:)[^:]+://[^/@:]*:(?!\{password\}@)[^@]+@|[?&]\w*password=(?!\{password\})", re.IGNORECASE
)


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


def forget_secrets(settings: Settings) -> None:
    """Take passwords out of the environment once they are read: every process that is started would inherit them."""
    for variable in settings.secret_variables:
        os.environ.pop(variable, None)


def take_notify_socket() -> str:
    """Where the supervisor that started us listens, empty where none does; no process of ours inherits it."""
    return os.environ.pop("NOTIFY_SOCKET", "")


def load(path: Path, *, must_pin: bool = True) -> Settings:
    """The settings of a config.toml. Raises ConfigError naming every fault at once.

    `must_pin` is false only for a probe, which tells the host key that is to be pinned.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: no such file; `flux init` makes one") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error
    try:
        return read(tables, root=path.resolve().parent, environ=os.environ, must_pin=must_pin)
    except ConfigError as error:
        raise ConfigError("\n".join(f"{path}: {line}" for line in str(error).splitlines())) from error


def read(tables: Mapping[str, object], *, root: Path, environ: Mapping[str, str], must_pin: bool = True) -> Settings:
    """The settings that the tables of a configuration describe. Raises ConfigError, one line per fault."""
    try:
        settings = _converter(root, environ).structure(dict(tables), Settings)
    except cattrs.BaseValidationError as error:
        faults = cattrs.transform_error(error, path="", format_exception=_explain)
        raise ConfigError("\n".join(_readable(fault) for fault in faults)) from error
    settings = _from_root(settings, root, environ)
    faults = [*_contradictions(settings), *(_unpinned(settings) if must_pin else ())]
    if faults:
        raise ConfigError("\n".join(faults))
    return settings


def advise(settings: Settings, today: date) -> Iterator[str]:
    """What may stand in a configuration and does not do what one may think, one line each."""
    for ended in settings.rules.overrides.ended(today):
        yield f"rules.overrides: {ended.rule}{_of_partner(ended)} held until {ended.until}: the rule weighs as published again"
    yield from _short_retention(settings.retention)
    for name, partner in settings.partners.items():
        for interface in (INTERFACES[code] for code in partner.interfaces):
            if not interface.is_treated:
                yield (
                    f"partners.{name}.interfaces: {interface.code} ({interface.purpose}) is not treated: "
                    "its flows are refused with INTERFACE_NOT_TREATED"
                )
    for name, account in settings.accounts.items():
        for each in account.keys:
            if not each.opens_on(today):
                yield (
                    f"partners.{name}.account.keys: {each.key.fingerprint} opened until {each.expires}: take it out, "
                    "and have the partner send another where it has none that lasts"
                )


def _short_retention(retention: RetentionSettings) -> Iterator[str]:
    for name, years, legal in (
        ("accepted_years", retention.accepted_years, LEGAL_ACCEPTED_YEARS),
        ("refused_years", retention.refused_years, LEGAL_REFUSED_YEARS),
    ):
        if years < legal:
            yield f"retention.{name}: {years} is shorter than the {legal} years of the law, unless another archive keeps the originals"


def _of_partner(override: Override) -> str:
    return f" for {override.partner}" if override.partner else ""


def _converter(root: Path, environ: Mapping[str, str]) -> cattrs.Converter:
    """A converter that coerces nothing: a number in quotes is a fault, not a number."""
    converter = cattrs.Converter(forbid_extra_keys=True, detailed_validation=True)
    for kind, words in ((str, "text in quotes"), (bool, "true or false")):
        converter.register_structure_hook(kind, _exactly(kind, words))
    converter.register_structure_hook(int, _whole_number)
    converter.register_structure_hook(float, _number)
    structure_path = _exactly(str, "a path in quotes")
    converter.register_structure_hook(Path, lambda value, _: root / structure_path(value, str))
    converter.register_structure_hook_factory(is_dataclass, lambda kind: _table_hook(kind, converter))
    converter.register_structure_hook_func(_is_enum, _one_of)
    converter.register_structure_hook_func(_is_text_list, _text_list)
    converter.register_structure_hook_func(
        lambda kind: kind == tuple[Path, ...],
        lambda value, kind: tuple(root / each for each in _text_list(value, kind)),
    )
    structure_end = converter.get_structure_hook(TransportSettings)

    def structure_transport(value: object, kind: type[TransportSettings]) -> TransportSettings:
        table = dict(_exactly(dict, "a table")(value, dict))
        if "password" in table:
            raise ValueError("password: no password stands here; `password_env` names the variable that holds it")
        if isinstance(table.get("host_keys"), str):
            table["host_keys"] = [str(root / table["host_keys"])]
        end: TransportSettings = structure_end(table, kind)
        if end.kind is TransportKind.FOLDER:
            end = replace(end, path=str(root / end.path))
        return replace(end, password=_secret(end.password_env, environ)) if "password_env" in table else end

    converter.register_structure_hook(TransportSettings, structure_transport)
    structure_keys = converter.get_structure_hook(tuple[AccountKey, ...])
    converter.register_structure_hook(
        AccountKey, lambda value, _: read_account_key(_exactly(dict, "a table")(value, dict), root)
    )
    converter.register_structure_hook_func(
        lambda kind: kind == tuple[AccountKey, ...],
        lambda value, kind: structure_keys(_exactly(list, "a list of tables")(value, list), kind),
    )
    converter.register_structure_hook(Overrides, lambda value, _: read_overrides(root / structure_path(value, str)))
    return converter


def _table_hook(kind: type[T], converter: cattrs.Converter) -> Callable[[object, type[T]], T]:
    structure = make_dict_structure_fn(kind, converter, _cattrs_forbid_extra_keys=True)
    return lambda value, _: structure(_exactly(dict, "a table")(value, dict), kind)


def _secret(variable: str, environ: Mapping[str, str]) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", variable):
        # Not shown: it may be the password itself.
        raise ValueError("password_env: the name of a variable expected: letters, digits and _")
    if variable not in environ:
        raise ValueError(f"password_env names the variable {variable!r}, which is not set")
    return environ[variable]


def _exactly(kind: type[T], words: str) -> Callable[[object, type[T]], T]:
    def structure(value: object, _: type[T]) -> T:
        if not isinstance(value, kind):
            raise TypeError(f"{words} expected, found {value!r}")
        return value

    return structure


def _whole_number(value: object, _: type[int]) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"a whole number, 0 or more, expected, found {value!r}")
    return value


def _number(value: object, _: type[float]) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < float("inf"):
        raise ValueError(f"a number, 0 or more, expected, found {value!r}")
    return float(value)


def _is_enum(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _one_of(value: object, kind: type[Enum]) -> Enum:
    members = {member.value: member for member in kind}
    if value not in members:
        raise ValueError(f"one of {', '.join(map(repr, members))} expected, found {value!r}")
    return members[value]


def _is_text_list(kind: object) -> bool:
    return kind == tuple[str, ...]


def _text_list(value: object, _: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"a list of texts expected, found {value!r}")
    return tuple(value)


def _explain(fault: BaseException, _: type | None) -> str:
    if isinstance(fault, ForbiddenExtraKeysError):
        return "; ".join(_unknown_key(key, fault.cl) for key in sorted(fault.extra_fields))
    if isinstance(fault, KeyError):
        return f"the key {fault.args[0]!r} is missing"
    return str(fault)


def _unknown_key(key: str, table: type) -> str:
    known = [item.name for item in fields(table) if item.name != "password"]
    near = difflib.get_close_matches(key, known, n=1)
    return f"unknown key {key!r}" + (f", did you mean {near[0]!r}?" if near else f"; known: {', '.join(known)}")


def _readable(fault: str) -> str:
    """Turn "<fault> @ .partners['acme'].role", as cattrs writes it, into "partners.acme.role: <fault>"."""
    message, _, path = fault.rpartition(" @ ")
    key = re.sub(r"\['?([^'\]]+)'?\]", r".\1", path).lstrip(".")
    return f"{key}: {message}" if key else message


def _from_root(settings: Settings, root: Path, environ: Mapping[str, str]) -> Settings:
    """The same settings with every path made absolute; defaults did not go through the converter."""
    gateway, vault = settings.gateway, settings.vault
    return replace(
        settings,
        root=root,
        gateway=replace(gateway, inbox=root / gateway.inbox, outbox=root / gateway.outbox),
        # Emptied at each start: gateways that share a folder must not empty each other's.
        vault=replace(vault, path=root / vault.path, spool=root / vault.spool / gateway.name),
        ledger=replace(settings.ledger, url=_absolute_url("ledger", settings.ledger, root, environ)),
        register=replace(
            settings.register,
            url=_absolute_url("register", settings.register, root, environ),
            sirene=root / settings.register.sirene,
            account_key=root / settings.register.account_key,
        ),
    )


def _absolute_url(
    table: str, settings: LedgerSettings | RegisterSettings, root: Path, environ: Mapping[str, str]
) -> str:
    url = settings.url
    if url.startswith("sqlite:///") and not url.startswith("sqlite:////"):
        url = f"sqlite:///{root / url.removeprefix('sqlite:///')}"
    if _PASSWORD_IN_URL.search(url):
        raise ConfigError(f"{table}.url: no password stands here; write {{password}}, and its variable in password_env")
    if settings.password_env:
        try:
            url = url.replace("{password}", quote(_secret(settings.password_env, environ), safe=""))
        except ValueError as error:
            raise ConfigError(f"{table}: {error}") from error
    return url


def _contradictions(settings: Settings) -> Iterator[str]:
    """What each value alone allows and all together do not."""
    gateway = settings.gateway
    if not re.fullmatch(r"[A-Z0-9]{6}", gateway.application_code):
        yield f"gateway.application_code: 6 capitals or digits expected, found {gateway.application_code!r}"
    if not re.fullmatch(r"[a-z0-9_-]{1,32}", gateway.name):
        yield f"gateway.name: letters a-z, digits, - and _ expected, found {gateway.name!r}"
    yield from _severity_contradictions(settings)
    for name, partner in settings.partners.items():
        for fault in _partner_contradictions(name, partner):
            yield f"partners.{name}{fault}"
    yield from _register_contradictions(settings)
    yield from _shared_sirets(settings.partners)
    yield from find_account_faults(settings.accounts)
    if settings.accounts:
        yield from _sftp_contradictions(settings)


def _sftp_contradictions(settings: Settings) -> Iterator[str]:
    chroots = settings.sftp.chroots
    if settings.sftp.keys.is_relative_to(chroots):
        yield f"sftp.keys: not inside {chroots}: a partner could reach its own keys"
    for name, folder in (("inbox", settings.gateway.inbox), ("outbox", settings.gateway.outbox)):
        if chroots.is_relative_to(folder) or folder.is_relative_to(chroots):
            yield f"sftp.chroots: apart from the {name} {folder}: root's folders cannot be the gateway's"


def _severity_contradictions(settings: Settings) -> Iterator[str]:
    for code, severity in settings.severity.items():
        if code in CODES and CODES[code].motif is None and severity is Severity.FATAL:
            yield f"severity.{code}: never fatal: it says nothing that a supplier could mend"
        if code not in CODES:
            near = difflib.get_close_matches(code, CODES, n=1)
            yield f"severity.{code}: no such code" + (f", did you mean {near[0]}?" if near else "; see `flux codes`")
    if settings.attachments.clamd and (fault := clamd_address.fault_of(settings.attachments.clamd)):
        yield f"attachments.clamd: {fault}"
    try:
        share_of(settings.rules.official)
    except ValueError as error:
        yield f"rules.official: {error}"
    for override in settings.rules.overrides.entries:
        if override.partner and override.partner not in settings.partners:
            yield f"rules.overrides: {override.rule}: no such partner {override.partner!r}"


def _partner_contradictions(name: str, partner: PartnerSettings) -> Iterator[str]:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", name):
        yield ": a partner's name is its folder: letters, digits, - and _ only"
    if not re.fullmatch(r"[A-Z0-9]{6}", partner.application_code):
        yield f".application_code: 6 capitals or digits expected, found {partner.application_code!r}"
    for siret in partner.sirets:
        if not re.fullmatch(r"\d{14}", siret):
            yield f".sirets: 14 digits expected, found {siret!r}"
    if partner.forward is ForwardFormat.PIVOT:
        yield ".forward: this version forwards 'original' only"
    yield from _interface_contradictions(partner)
    for side, end in (("pickup", partner.pickup), ("delivery", partner.delivery)):
        if end is not None:
            yield from (f".{side}{fault}" for fault in _end_contradictions(end))


def _interface_contradictions(partner: PartnerSettings) -> Iterator[str]:
    if partner.role is PartnerRole.SUPPLIER and partner.naming is Naming.STRICT and not partner.interfaces:
        yield ".interfaces: a supplier with strict names needs at least one, its main interface first"
    for code in partner.interfaces:
        interface = INTERFACES.get(code)
        if interface is None:
            yield f".interfaces: unknown interface {code!r}; known: {', '.join(INTERFACES)}"
        elif partner.naming is Naming.STRICT:
            yield from _reply_contradictions(interface, partner.replies)


def _reply_contradictions(interface: Interface, replies: ReplyFamily) -> Iterator[str]:
    """Messages under a reply code that the specifications give to others; names of our own bind to none."""
    if replies is ReplyFamily.CDAR and interface.family is Family.LEGACY:
        yield f".replies: {interface.report_code} is a CPPStatut: 'auto' or 'cpp' for {interface.code}"
    if replies is ReplyFamily.CPP and interface.is_g2b:
        yield f".replies: {interface.report_code} and {interface.status_code} are CDAR: 'auto' or 'cdar' for {interface.code}"


def _end_contradictions(end: TransportSettings) -> Iterator[str]:
    if end.kind is TransportKind.FOLDER:
        if not end.path:
            yield ".path: a folder needs its path"
        return
    yield from (f".{key}: an SFTP server needs it" for key in ("host", "user") if not getattr(end, key))
    if not end.keys and end.password is None:
        yield ": an SFTP server needs key_file, key_files or password_env"


def _register_contradictions(settings: Settings) -> Iterator[str]:
    register = settings.register
    if register.url == settings.ledger.url:
        yield "register.url: the ledger's own: an import would keep the ledger waiting; give the register another one"
    if register.largest_closing_percent > 100:
        yield f"register.largest_closing_percent: 100 at most expected, found {register.largest_closing_percent}"
    for table, names, known in (
        ("columns", register.columns, DIRECTORY_COLUMN_NAMES),
        ("service_columns", register.service_columns, SERVICE_COLUMN_NAMES),
    ):
        yield from (
            f"register.{table}: unknown column {name!r}; known: {', '.join(known)}"
            for name in names
            if name not in known
        )


def _unpinned(settings: Settings) -> Iterator[str]:
    for name, partner in settings.partners.items():
        for side, end in (("pickup", partner.pickup), ("delivery", partner.delivery)):
            if end is not None and end.kind is TransportKind.SFTP and not end.host_keys:
                yield f"partners.{name}.{side}.host_keys: pin the server's key; `flux partners probe {name}` prints it"


def _shared_sirets(partners: Mapping[str, PartnerSettings]) -> Iterator[str]:
    owners: dict[str, str] = {}
    for name, partner in partners.items():
        for siret in partner.sirets if partner.role is PartnerRole.ENTITY else ():
            if siret in owners:
                yield f"partners.{name}.sirets: {siret} already receives through partners.{owners[siret]}"
            owners.setdefault(siret, name)
