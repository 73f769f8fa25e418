"""`make dist` twice from one commit, in two places that differ in all they may: the same bytes, and a bill that is right.

    python -m tests.faults.distribution [--json]

The bill of materials is compared with what another resolver, uv's, takes from the lock. Needs the package registry.
"""

import argparse
import difflib
import hashlib
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from scripts.closure import name_of

CHECKOUT = Path(__file__).resolve().parents[2]
LIMIT_SECONDS = 300
# What differs between two machines that build the same commit.
PLACES: Mapping[str, Mapping[str, str]] = {
    "here": {"TZ": "UTC", "PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8"},
    "a-longer-path/there": {"TZ": "Pacific/Noumea", "PYTHONHASHSEED": "2", "LC_ALL": "C"},
}


def main() -> int:
    """Build, compare, print a table; 1 where anything differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", dest="as_json")
    as_json = parser.parse_args().as_json
    with tempfile.TemporaryDirectory() as folder:
        builds = [_build(Path(folder, place), differing) for place, differing in PLACES.items()]
        results = {**_compare(*builds), **_judge_bill(builds[0])}
    print(json.dumps(results) if as_json else _table(results))
    return 0 if all(result == "well" for result in results.values()) else 1


def _run(*command: str, cwd: Path = CHECKOUT, **environment: str) -> bytes:
    return subprocess.run(
        command, cwd=cwd, stdout=subprocess.PIPE, check=True, timeout=LIMIT_SECONDS, env={**os.environ, **environment}
    ).stdout


def _build(folder: Path, differing: Mapping[str, str]) -> Path:
    """The commit's own files alone, built under another umask than the one before; where it put what it made."""
    folder.mkdir(parents=True)
    archive = folder.with_suffix(".tar")
    archive.write_bytes(_run("git", "archive", "HEAD"))
    with tarfile.open(archive) as files:
        files.extractall(folder, filter="fully_trusted")
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            file.chmod(0o666 if "there" in folder.parts and not file.stat().st_mode & 0o100 else file.stat().st_mode)
            os.utime(file, (len(str(folder)), len(str(folder))))
    python, tools = (str(CHECKOUT / each / "bin" / "python") for each in (".venv", ".venv-release"))
    moment = _run("git", "log", "-1", "--format=%ct").decode().strip()
    _run("scripts/dist", python, tools, cwd=folder, SOURCE_DATE_EPOCH=moment, **differing)
    return folder / "dist"


def _compare(first: Path, second: Path) -> dict[str, str]:
    names = sorted({file.name for made in (first, second) for file in made.iterdir()})
    return {f"{name}: the same bytes": _same(first / name, second / name) for name in names}


def _same(first: Path, second: Path) -> str:
    sums = [hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else "absent" for file in (first, second)]
    return "well" if len(set(sums)) == 1 else " / ".join(sums)


def _judge_bill(made: Path) -> dict[str, str]:
    bill = json.loads((made / "flux-gateway.cdx.json").read_bytes())
    components = bill["components"]
    listed = sorted(f"{name_of(each['name'])}=={each['version']}" for each in components)
    resolved = sorted(_resolve())
    differences = [line for line in difflib.unified_diff(resolved, listed, n=0, lineterm="") if line[1:2].isalnum()]
    unknown = [each["name"] for each in components if not each.get("licenses")]
    bare = [each["name"] for each in components if not each.get("hashes")]
    (wheel,) = made.glob("*.whl")
    carried = [name for name in zipfile.ZipFile(wheel).namelist() if name.endswith("/sboms/flux-gateway.cdx.json")]
    return {
        f"bill: the {len(resolved)} packages that uv takes, once each": ", ".join(differences) or "well",
        "bill: a licence for each": ", ".join(unknown) or "well",
        "bill: hashes for each": ", ".join(bare) or "well",
        "bill: in the wheel": "well" if len(carried) == 1 else "absent",
    }


def _resolve() -> Iterator[str]:
    """What another resolver takes for this Python, held to the lock."""
    options = ("--all-extras", "--no-header", "--no-annotate", "--constraint", "requirements.lock")
    uv = str(CHECKOUT / ".venv" / "bin" / "uv")
    python = str(CHECKOUT / ".venv" / "bin" / "python")
    found = _run(uv, "pip", "compile", "--quiet", "pyproject.toml", "--python", python, *options).decode()
    for line in found.splitlines():
        name, _, version = line.partition("==")
        yield f"{name_of(name)}=={version}"


def _table(results: Mapping[str, str]) -> str:
    return "\n".join(
        ["| asked | found |", "|---|---|", *(f"| {asked} | {found} |" for asked, found in results.items())]
    )


if __name__ == "__main__":
    sys.exit(main())
