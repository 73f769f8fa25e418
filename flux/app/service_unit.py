"""The unit under which systemd runs an installation: its own folders to write in, and no other right."""

import sys
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from string import Template

from flux.config import Settings
from flux.errors import ConfigError
from flux.register.database import file_of
from flux.transport.settings import TransportKind

_HOMES = (Path("/home"), Path("/root"), Path("/run/user"))
_TEMPORARY = (Path("/tmp"), Path("/var/tmp"))  # noqa: S108 - only looked for
_SECRETS = """# The passwords, root's alone (mode 600), one NAME=value a line: {variables}.
EnvironmentFile={file}"""


def write_unit(settings: Settings, config: Path, user: str) -> str:
    """The unit of an installation. Raises ConfigError for a path that no unit can hold."""
    command = (sys.executable, "-m", "flux", "run", "--config", str(config.resolve()))
    folders = writable_folders(settings)
    used = (*folders, settings.root, Path(sys.prefix), config.resolve(), *_keys(settings))
    return Template(files("flux.app").joinpath("flux.service").read_text(encoding="utf-8")).substitute(
        user=user,
        root=_escape(str(settings.root)),
        command=" ".join(map(_quote, command)).replace("$", "$$"),
        secrets=_secrets(settings),
        folders=" ".join(_quote(str(folder)) for folder in folders),
        protect_home="read-only" if _touches(used, _HOMES) else "yes",
        private_tmp="no" if _touches(used, _TEMPORARY) else "yes",
    )


def writable_folders(settings: Settings) -> tuple[Path, ...]:
    """Every folder that a gateway writes in, none of them inside another."""
    wanted = {folder.resolve() for folder in _written(settings)}
    return tuple(sorted(folder for folder in wanted if not wanted.intersection(folder.parents)))


def _written(settings: Settings) -> Iterator[Path]:
    yield from (settings.gateway.inbox, settings.gateway.outbox, settings.vault.path, settings.vault.spool)
    yield from (settings.register.account_key.parent, settings.register.sirene.parent)
    for file in (settings.ledger.file, file_of(settings.register.url)):
        if file is not None:
            yield file.parent
    for table in settings.partners.values():
        for end in (table.pickup, table.delivery):
            if end is not None and end.kind is TransportKind.FOLDER:
                yield Path(end.path)


def _keys(settings: Settings) -> Iterator[Path]:
    for table in settings.partners.values():
        for end in (table.pickup, table.delivery):
            if end is not None:
                yield from (file.resolve() for file in end.keys)


def _secrets(settings: Settings) -> str:
    variables = ", ".join(sorted(settings.secret_variables))
    file = _escape(str(settings.root / "secrets.env"))
    return _SECRETS.format(variables=variables, file=file) if variables else "# No password is asked for."


def _touches(used: Iterable[Path], places: tuple[Path, ...]) -> bool:
    return any(path.is_relative_to(place) for path in used for place in places)


def _quote(text: str) -> str:
    """A word of a unit: systemd reads quotes as a shell does, and a percent sign as the start of a name of its own."""
    escaped = _escape(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"' if any(character in text for character in " \t'\"\\") else escaped


def _escape(text: str) -> str:
    if not text.isprintable():
        raise ConfigError(f"{text!r}: no unit of systemd can hold this path")
    return text.replace("%", "%%")
