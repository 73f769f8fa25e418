"""`make bench-keeping`: what it takes to back up, verify and put back an installation with a past; writes var/bench-keeping.json.

Each command runs in a process of its own, as an operator would type it; the start of the interpreter is in every figure.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import figure, show
from flux.demo.samples import Sample, write_ubl
from flux.demo.scenario import write_archive
from tests.acceptance.installation import FRN001, Installation

FLOWS, INVOICES, ROUNDS = 2_000, 5, 3
RESULTS = Path("var/bench-keeping.json")


def main() -> None:
    """Make a past, then keep it, prove it and put it back, some times."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.keeping", description=__doc__)
    parser.add_argument("--flows", type=int, default=FLOWS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        installation = live(Path(folder), arguments.flows)
        taken: dict[str, list[float]] = {}
        for _ in range(arguments.rounds):
            for name, seconds in keep(installation):
                taken.setdefault(name, []).append(seconds)
        figures = {name: figure(seconds, "s") for name, seconds in taken.items()}
        figures["archived files"] = figure([float(len(list(vault_of(installation).glob("??/*"))))], "files")
        figures["ledger"] = figure([(installation.root / "var/ledger.db").stat().st_size / 2**20], "MiB")
    show(figures)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def live(folder: Path, flows: int) -> Installation:
    """An installation that has treated so many flows of five invoices."""
    root = folder / "lived"
    root.mkdir()
    installation = Installation(root)
    for number in range(1, flows + 1):
        invoices = [write_ubl(Sample(number=f"F{number}-{index}")) for index in range(INVOICES)]
        installation.drop("frn001", FRN001.format(number), write_archive(invoices))
    _take("run", "--once", "--config", str(installation.config))
    return installation


def keep(installation: Installation) -> Iterator[tuple[str, float]]:
    """Every command once, with its seconds, from no backup to a restored installation."""
    store, elsewhere = installation.root.parent / "store", installation.root.parent / "elsewhere"
    for left in (store, elsewhere):
        shutil.rmtree(left, ignore_errors=True)
    elsewhere.mkdir()
    config = str(installation.config)
    yield "backup, the first", _take("backup", str(store), "--config", config)
    yield "backup, nothing came since", _take("backup", str(store), "--config", config)
    yield "verify", _take("verify", "--config", config)
    yield "restore --check", _take("restore", str(store), "--check", "--config", config)
    yield "restore", _take("restore", str(store), "--config", str(elsewhere / "config.toml"))


def vault_of(installation: Installation) -> Path:
    """Where it keeps its bytes."""
    return installation.root / "var/vault"


def _take(*arguments: str) -> float:
    began = time.monotonic()
    subprocess.run([sys.executable, "-m", "flux", *arguments], check=True, capture_output=True)
    return time.monotonic() - began


if __name__ == "__main__":
    main()
