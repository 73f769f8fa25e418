"""`make audit`: are the pinned packages free of known vulnerabilities.

pip-audit ends with 0 where it found nothing, also for a package that it could not ask about: here that is a failure too.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from scripts.lock import read_lock

LIMIT_SECONDS = 600


def main(locks: Sequence[str]) -> int:
    """Audit each lock; 0 where every pin was asked about and none is known to be vulnerable."""
    faults = [f"{lock}: {fault}" for lock in locks for fault in audit(Path(lock))]
    for fault in faults:
        print(fault, file=sys.stderr)
    print("NOT clean" if faults else f"clean: {', '.join(locks)}")
    return 1 if faults else 0


def audit(lock: Path) -> list[str]:
    """What is wrong with a lock, one line each."""
    options = ("--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off")
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LIMIT_SECONDS)
    return list(judge(done.stdout, done.stderr, {pin.name for pin in read_lock(lock) if pin.is_for_this_python}))


def judge(output: str, told: str, pinned: set[str]) -> Iterator[str]:
    """What an output of pip-audit says against a lock that pins these names."""
    try:
        packages: list[Mapping[str, object]] = json.loads(output)["dependencies"]
    except (json.JSONDecodeError, KeyError):
        yield f"not audited: pip-audit gave no report: {told.strip()}"
        return
    asked = {str(package["name"]): package for package in packages if "skip_reason" not in package}
    for name, package in sorted(asked.items()):
        yield from _vulnerabilities(name, package)
    unasked = sorted(pinned.difference(asked))
    if unasked:
        yield (
            f"not audited: the database of vulnerabilities could not be asked about {len(unasked)} of {len(pinned)} "
            f"packages: {', '.join(unasked)}"
        )


def _vulnerabilities(name: str, package: Mapping[str, object]) -> Iterator[str]:
    found = package.get("vulns")
    for vulnerability in found if isinstance(found, list) else ():
        mended = ", ".join(vulnerability["fix_versions"]) or "no version yet"
        yield f"{name} {package['version']}: {vulnerability['id']}, mended in {mended}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
