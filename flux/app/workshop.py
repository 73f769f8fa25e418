"""What each worker process is made of."""

from dataclasses import dataclass

from flux.app.logs import hush_pypdf
from flux.app.register import account_key, open_register
from flux.config import Settings
from flux.engine.outputs import MessageSchemas, OutputBuilder
from flux.engine.second_opinion import OfficialOpinion
from flux.engine.worker import Workshop
from flux.formats.cdar import CDAR_ROOT
from flux.formats.reader import TreeReader
from flux.ledger.vault import FolderVault
from flux.model.ports import Register, Scanner
from flux.model.second_opinion import OFF
from flux.pipeline import Judge, JudgeSettings
from flux.pipeline.second_opinion import SecondOpinion
from flux.schemas import SchemaCatalogue


def build_message_schemas() -> MessageSchemas:
    """The schemas of our own messages, compiled."""
    catalogue = SchemaCatalogue()
    return MessageSchemas(
        cpp_statut=catalogue.compiled("cpp-statut-1.19", "CPPStatut"),
        cdar=catalogue.compiled("cdar-d22b", CDAR_ROOT),
    )


def build_judge(
    settings: JudgeSettings,
    schemas: SchemaCatalogue | None = None,
    *,
    register: Register | None = None,
    account_key: bytes | None = None,
    second: SecondOpinion | None = None,
    scanner: Scanner | None = None,
) -> Judge:
    """A judge with its own parser and its own compiled schemas: neither may be shared between threads."""
    hush_pypdf()
    return Judge(
        settings=settings,
        reader=TreeReader(settings.limits),
        schemas=schemas or SchemaCatalogue(),
        register=register,
        account_key=account_key,
        second=second,
        scanner=scanner,
    )


def virus_scanner(settings: Settings) -> Scanner | None:
    """The virus scanner, None where the configuration names none."""
    attachments = settings.attachments
    if not attachments.clamd:
        return None
    from flux.transport.clamd import Clamd  # noqa: PLC0415 - only who has a scanner pays for its client

    return Clamd(attachments.clamd, attachments.clamd_seconds)


def second_opinion(settings: Settings) -> SecondOpinion | None:
    """The official engine beside ours, None where the configuration asks for none."""
    rules = settings.rules
    if rules.official == OFF:
        return None
    return OfficialOpinion(sample=rules.official, decider=rules.decides, folder=rules.official_folder)


def judge_settings(settings: Settings) -> JudgeSettings:
    """What the configuration says of judging."""
    return JudgeSettings(
        limits=settings.limits,
        environment=settings.gateway.environment,
        layers=frozenset(settings.gateway.layers),
        severities=dict(settings.severity),
        recent_change_days=settings.register.recent_change_days,
        overrides=settings.rules.overrides,
        readings=settings.rules.readings,
    )


@dataclass(frozen=True, slots=True)
class WorkshopFactory:
    """Makes the workshop of a worker process; travels there by pickle."""

    settings: Settings

    def __call__(self) -> Workshop:
        """A workshop for this process."""
        settings = self.settings
        schemas = SchemaCatalogue(preferred=settings.schemas.folder)
        return Workshop(
            judge=build_judge(
                judge_settings(settings),
                schemas,
                register=open_register(settings),
                account_key=account_key(settings),
                second=second_opinion(settings),
                scanner=virus_scanner(settings),
            ),
            outputs=OutputBuilder(
                gateway=settings.gateway.identity,
                vault=FolderVault(settings.vault.path),
                limits=settings.limits,
                schemas=build_message_schemas(),
            ),
            limits=settings.limits,
            spool=settings.vault.spool,
            chunk_invoices=settings.gateway.chunk_invoices,
        )
