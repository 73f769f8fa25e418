"""What each value of a configuration alone allows and all together do not."""

import difflib
import re
from collections.abc import Iterator, Mapping

from flux.config.bounds import find_bound_faults
from flux.config.folders import find_folder_faults
from flux.config.settings import PartnerSettings, Settings
from flux.model.codes import CODES
from flux.model.finding import Severity
from flux.model.interface import INTERFACES, Family, Interface
from flux.model.partner import (
    ForwardFormat,
    Naming,
    PartnerRole,
    ReplyFamily,
)
from flux.model.second_opinion import share_of
from flux.register.settings import DIRECTORY_COLUMN_NAMES, SERVICE_COLUMN_NAMES
from flux.transport import clamd_address
from flux.transport.accounts import find_account_faults
from flux.transport.settings import TransportKind, TransportSettings


def find_contradictions(settings: Settings) -> Iterator[str]:
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
    yield from find_folder_faults(settings)
    yield from find_bound_faults(settings)
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


def find_unpinned(settings: Settings) -> Iterator[str]:
    """Ends by SFTP whose server nobody could tell from another: no host key is pinned."""
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
