"""What each worker process is made of."""

from dataclasses import dataclass

from flux.config import Settings
from flux.engine.outputs import OutputBuilder
from flux.engine.worker import Workshop
from flux.formats.reader import TreeReader
from flux.ledger.vault import FolderVault
from flux.pipeline import Judge, JudgeSettings
from flux.schemas import SchemaCatalogue

MESSAGE_SCHEMA = "cpp-statut-1.19"


def build_judge(settings: JudgeSettings, schemas: SchemaCatalogue | None = None) -> Judge:
    """A judge with its own parser and its own compiled schemas: neither may be shared between threads."""
    return Judge(settings=settings, reader=TreeReader(settings.limits), schemas=schemas or SchemaCatalogue())


def judge_settings(settings: Settings) -> JudgeSettings:
    """What the configuration says of judging."""
    return JudgeSettings(
        limits=settings.limits,
        environment=settings.gateway.environment,
        layers=frozenset(settings.gateway.layers),
        severities=dict(settings.severity),
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
            judge=build_judge(judge_settings(settings), schemas),
            outputs=OutputBuilder(
                gateway=settings.gateway.identity,
                vault=FolderVault(settings.vault.path),
                limits=settings.limits,
                message_schema=SchemaCatalogue().compiled(MESSAGE_SCHEMA, "CPPStatut"),
            ),
            limits=settings.limits,
            spool=settings.vault.spool,
            chunk_invoices=settings.gateway.chunk_invoices,
        )
