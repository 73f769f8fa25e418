"""An installation with a past, which several suites look at."""

import shutil
from pathlib import Path

import pytest

from flux.demo.samples import Sample, write_ubl
from flux.demo.scenario import write_archive
from tests.acceptance.installation import FRN001, Installation


@pytest.fixture(scope="session")
def lived_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation with two flows, closed and sealed; flux.log is its log."""
    installation = Installation(tmp_path_factory.mktemp("lived"))
    for number in (1, 2):
        installation.drop("frn001", FRN001.format(number), write_archive([write_ubl(Sample(number=f"F{number}"))]))
    log = installation.run_once()
    (installation.root / "flux.log").write_text(log, encoding="utf-8")
    return installation.root


@pytest.fixture
def lived(lived_once: Path, tmp_path: Path) -> Installation:
    """The same, in a folder of the test."""
    root = tmp_path / "lived"
    shutil.copytree(lived_once, root)
    return Installation(root)


@pytest.fixture(scope="session")
def backed_up_once(lived_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Such a folder, `lived`, and a backup of it, `backups`, side by side."""
    folder = tmp_path_factory.mktemp("backed-up")
    shutil.copytree(lived_once, folder / "lived")
    installation = Installation(folder / "lived")
    installation.json("backup", str(folder / "backups"))
    return folder


@pytest.fixture
def backed_up(backed_up_once: Path, tmp_path: Path) -> Installation:
    """The same, in a folder of the test."""
    shutil.copytree(backed_up_once, tmp_path, dirs_exist_ok=True)
    return Installation(tmp_path / "lived")
