"""`make sbom`: the bill of materials of what flux runs on, CycloneDX, with licences, and with the hashes of the lock.

cyclonedx-py describes the whole environment. Kept of it is what flux asks for, followed through the metadata of the
packages themselves; what only an extra asks for is optional. A package of another version than the lock's is an error.
"""

import json
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from importlib.metadata import distributions
from pathlib import Path
from typing import NotRequired, TypedDict

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from flux import __version__
from scripts.closure import OURS, Arrows, declare, follow, name_of
from scripts.lock import Pin, read_lock

SPECIFICATION = "1.6"
LIMIT_SECONDS = 120
# Of packages whose metadata declare none: the licence under which their publishers offer them.
UNDECLARED = {"saxonche": "MPL-2.0"}


class Hash(TypedDict):
    """One file of a release."""

    alg: str
    content: str


Component = TypedDict(
    "Component",
    {
        "bom-ref": str,
        "name": str,
        "version": str,
        "purl": str,
        "scope": NotRequired[str],
        "hashes": NotRequired[list[Hash]],
        "licenses": NotRequired[list[object]],
    },
)


class Dependency(TypedDict):
    """What one package asks for, by references."""

    ref: str
    dependsOn: list[str]


class Metadata(TypedDict):
    """Of the bill: what it is about."""

    component: Component


class Bill(TypedDict):
    """CycloneDX, in what is read or written here."""

    metadata: Metadata
    components: list[Component]
    dependencies: list[Dependency]


def main(python: str, lock: str, target: str) -> int:
    """Write the bill of the environment of `python` to `target`."""
    asking: dict[str, Collection[str]] = {
        name_of(each.name): each.requires or () for each in distributions(path=_paths_of(python))
    }
    extras = declare(asking, Path("pyproject.toml"))
    pins = {pin.name: pin for pin in read_lock(Path(lock)) if pin.is_for_this_python}
    arrows, required = follow(asking, extras), follow(asking, ())
    bill = describe_environment(python)
    bill["components"] = list(_kept(bill["components"], arrows, required, pins))
    root = bill["metadata"]["component"]
    root["version"] = __version__
    root["purl"] = f"pkg:pypi/{OURS}@{root['version']}"
    bill["dependencies"] = list(
        _drawn(arrows, {_name_of(each): each["bom-ref"] for each in (root, *bill["components"])})
    )
    _write(bill, Path(target))
    print(f"{target}: {len(bill['components'])} packages, {len(required) - 1} of them required")
    return 0


def describe_environment(python: str) -> Bill:
    """What cyclonedx-py says of an environment; SOURCE_DATE_EPOCH is its date."""
    options = ("--pyproject", "pyproject.toml", "--output-reproducible", "--sv", SPECIFICATION)
    command = [sys.executable, "-m", "cyclonedx_py", "environment", *options, python]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=LIMIT_SECONDS)
    bill: Bill = json.loads(done.stdout)
    return bill


def _paths_of(python: str) -> list[str]:
    command = [python, "-c", "import json, sys; print(json.dumps(sys.path[1:]))"]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=LIMIT_SECONDS)
    paths: list[str] = json.loads(done.stdout)
    return paths


def _name_of(component: Component) -> str:
    return name_of(component["name"])


def _kept(
    components: Collection[Component], arrows: Arrows, required: Arrows, pins: Mapping[str, Pin]
) -> Iterator[Component]:
    for component in components:
        name = _name_of(component)
        if name not in arrows:
            continue
        pin = pins[name]
        if component["version"] != pin.version:
            raise SystemExit(f"{name} {component['version']} is installed, the lock says {pin.version}: `make setup`")
        component["scope"] = "required" if name in required else "optional"
        if name in UNDECLARED and not component.get("licenses"):
            component["licenses"] = [{"license": {"id": UNDECLARED[name]}}]
        component["hashes"] = [Hash(alg="SHA-256", content=each) for each in sorted(pin.hashes)]
        yield component


def _drawn(arrows: Arrows, references: Mapping[str, str]) -> Iterator[Dependency]:
    for name, asked in sorted(arrows.items()):
        yield Dependency(ref=references[name], dependsOn=sorted(references[other] for other in asked))


def _write(bill: Bill, target: Path) -> None:
    text = json.dumps(bill, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if error is not None:
        raise SystemExit(f"not CycloneDX {SPECIFICATION}: {error}")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
