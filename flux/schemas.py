"""The closed catalogue of schemas: which one, from which package, in which version, and that it is still the one we pinned.

`schemas/catalogue.toml` lists them. Packages are located without being imported, since importing some costs seconds.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from flux.errors import SchemaCatalogueError
from flux.formats.schema import CompiledSchema

if TYPE_CHECKING:
    import xmlschema

SCHEMA_FOLDER = Path(__file__).resolve().parent / "schemas"

# Stands behind the version of a schema that the installation brought itself, in the ledger and in `flux check`.
REPLACED = "+local"

_LOCATION = re.compile(r'<(?:\w+:)?(?:include|import|redefine)\b[^>]*?\bschemaLocation\s*=\s*"([^"]+)"', re.DOTALL)


class SchemaState(Enum):
    """What the catalogue finds of an entry on this machine."""

    FOUND = "found"
    ABSENT = "absent"
    ALTERED = "altered"


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaFile:
    """The entry file of a schema for one root element; `sha256` is None for our own."""

    root: str
    path: str
    sha256: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaEntry:
    """One schema of the catalogue.

    `package` is the importable package that ships it, `distribution` and `package_version` what to install; all None
    for our own. `set_sha256` covers every file that the entry files include, themselves among them.
    """

    id: str
    version: str
    files: tuple[SchemaFile, ...]
    package: str | None = None
    distribution: str | None = None
    package_version: str | None = None
    folder: str = ""
    set_sha256: str | None = None


class SchemaCatalogue:
    """The entries of a catalogue, each schema compiled once, when it is first asked for. Not for use by several threads.

    A file of the folder `preferred` takes the place of the schema of ours that bears its name: official schemas of the
    CPP messages carry no licence that would let us ship them.
    """

    def __init__(self, folder: Path = SCHEMA_FOLDER, preferred: Path | None = None) -> None:
        self._folder = folder
        self._preferred = preferred
        self._entries = {entry.id: entry for entry in _load(folder / "catalogue.toml")}
        self._compiled: dict[tuple[str, str], CompiledSchema] = {}

    def entries(self) -> tuple[SchemaEntry, ...]:
        """Every entry, in the order of the catalogue."""
        return tuple(self._entries.values())

    def is_replaced(self, entry: SchemaEntry) -> bool:
        """True where the preferred folder holds the schema."""
        own = self._preferred if entry.package is None else None
        return own is not None and all((own / file.path).is_file() for file in entry.files)

    def state(self, entry: SchemaEntry) -> SchemaState:
        """Whether the files of an entry are there, and are those that were pinned."""
        base = self._base(entry)
        if base is None or not all((base / file.path).is_file() for file in entry.files):
            return SchemaState.ABSENT
        return SchemaState.FOUND if _is_pinned(entry, base) else SchemaState.ALTERED

    def paths(self, entry: SchemaEntry) -> tuple[Path, ...]:
        """Where the entry files of a schema lie. Raises SchemaCatalogueError: absent."""
        base = self._base(entry)
        if base is None:
            raise SchemaCatalogueError(f"schema {entry.id}: {SchemaState.ABSENT.value}; {_remedy(entry)}")
        return tuple(base / file.path for file in entry.files)

    def compiled(self, schema_id: str, root_tag: str) -> CompiledSchema:
        """The schema for documents with this root element. Raises SchemaCatalogueError: unknown, absent or altered."""
        key = (schema_id, root_tag)
        if key not in self._compiled:
            self._compiled[key] = self._compile(schema_id, root_tag)
        return self._compiled[key]

    def _compile(self, schema_id: str, root_tag: str) -> CompiledSchema:
        entry = self._entries.get(schema_id)
        if entry is None:
            raise SchemaCatalogueError(
                f"schema {schema_id}: not in the catalogue, which has {', '.join(self._entries)}"
            )
        file = next((file for file in entry.files if file.root == root_tag), None)
        if file is None:
            raise SchemaCatalogueError(f"schema {schema_id}: has no root element {root_tag}")
        state, base = self.state(entry), self._base(entry)
        if state is not SchemaState.FOUND or base is None:
            raise SchemaCatalogueError(f"schema {schema_id}: {state.value}; {_remedy(entry)}")
        path = base / file.path
        return CompiledSchema(
            id=entry.id,
            version=f"{entry.version}{REPLACED}" if self.is_replaced(entry) else entry.version,
            validator=_validator(schema_id, path),
            explainer=cache(partial(_explainer, path)),
        )

    def _base(self, entry: SchemaEntry) -> Path | None:
        if entry.package is None:
            return self._preferred if self.is_replaced(entry) else self._folder
        spec = find_spec(entry.package)
        return Path(spec.origin).parent / entry.folder if spec is not None and spec.origin else None


def _load(path: Path) -> Iterator[SchemaEntry]:
    try:
        listed = tomllib.loads(path.read_text(encoding="utf-8"))
        packages = listed.get("package", {})
        for row in listed["schema"]:
            yield _entry(row, packages)
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise SchemaCatalogueError(f"{path}: cannot be read as a catalogue of schemas: {error}") from error


def _entry(row: Mapping[str, Any], packages: Mapping[str, Any]) -> SchemaEntry:
    files = tuple(SchemaFile(root=file["root"], path=file["path"], sha256=file.get("sha256")) for file in row["files"])
    package = packages[row["package"]] if "package" in row else {}
    return SchemaEntry(
        id=row["id"],
        version=row["version"],
        files=files,
        package=row.get("package"),
        distribution=package.get("distribution"),
        package_version=package.get("version"),
        folder=package.get("folder", ""),
        set_sha256=row.get("set_sha256"),
    )


def _is_pinned(entry: SchemaEntry, base: Path) -> bool:
    paths = [base / file.path for file in entry.files]
    own = all(file.sha256 in (None, _sha256(path)) for file, path in zip(entry.files, paths, strict=True))
    return own and entry.set_sha256 in (None, digest_of_set(paths, base))


def digest_of_set(paths: list[Path], base: Path) -> str:
    """One SHA-256 over the names, relative to `base`, and the contents of the files and of all that they include."""
    lines = sorted(f"{path.relative_to(base.resolve()).as_posix()} {_sha256(path)}" for path in _included(paths))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _included(paths: list[Path]) -> set[Path]:
    found: set[Path] = set()
    pending = [path.resolve() for path in paths]
    while pending:
        path = pending.pop()
        if path not in found and path.is_file():
            found.add(path)
            text = path.read_text(encoding="utf-8", errors="replace")
            pending += [(path.parent / location).resolve() for location in _LOCATION.findall(text)]
    return found


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _remedy(entry: SchemaEntry) -> str:
    if entry.package is None:
        return "install flux again"
    return f"install {entry.distribution}=={entry.package_version}"


def _validator(schema_id: str, path: Path) -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True, resolve_entities=False, load_dtd=False)
    try:
        return etree.XMLSchema(etree.parse(path, parser))
    except (etree.XMLSchemaParseError, etree.XMLSyntaxError) as error:
        raise SchemaCatalogueError(f"schema {schema_id}: {path.name} cannot be compiled: {error}") from error


def _explainer(path: Path) -> "xmlschema.XMLSchema":
    import xmlschema  # noqa: PLC0415 - 0.2 s that only a refused document pays

    return xmlschema.XMLSchema(path, allow="local", defuse="remote")
