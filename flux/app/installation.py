"""An installation on disk: making one, reading its configuration, telling its schemas."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from flux.config import Settings, load
from flux.durable import make_folders as make_synced
from flux.errors import ConfigError
from flux.schemas import SchemaCatalogue, SchemaState


def load_settings(config_path: Path, *, must_pin: bool = True) -> Settings:
    """The settings of an installation. Raises ConfigError naming every fault."""
    return load(config_path, must_pin=must_pin)


def make_installation(folder: Path) -> tuple[Path, ...]:
    """Write a commented config.toml and the folders it names; what is there already stays. Returns what was made."""
    config = folder / "config.toml"
    if config.exists():
        raise ConfigError(f"{config} is there already; nothing was changed")
    make_synced(folder)
    config.write_text(files("flux.app").joinpath("template.toml").read_text(encoding="utf-8"), encoding="utf-8")
    return (config, *make_folders(load(config)))


def make_folders(settings: Settings) -> tuple[Path, ...]:
    """Make the folders that an installation works in, on disk each before the next; those that were missing. Raises ConfigError where one cannot be."""
    inboxes = [settings.gateway.inbox / name for name in settings.partners]
    wanted = [*inboxes, settings.gateway.outbox, settings.vault.path, settings.vault.spool]
    if settings.ledger.file is not None:
        wanted.append(settings.ledger.file.parent)
    missing = tuple(folder for folder in wanted if not folder.is_dir())
    for folder in missing:
        try:
            make_synced(folder)
        except OSError as error:
            raise ConfigError(f"{folder} cannot be made: {error.strerror}") from error
    return missing


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSchema:
    """A schema of the catalogue: where it comes from, and whether it is the one that was pinned."""

    id: str
    version: str
    origin: str
    state: SchemaState


def list_schemas() -> tuple[ListedSchema, ...]:
    """Every schema of the catalogue, in its order."""
    catalogue = SchemaCatalogue()
    return tuple(
        ListedSchema(
            id=entry.id,
            version=entry.version,
            origin=f"{entry.distribution} {entry.package_version}" if entry.distribution else "flux",
            state=catalogue.state(entry),
        )
        for entry in catalogue.entries()
    )
