"""What a sender wrote reaches no terminal and no log as something to obey."""

import json
import os
from pathlib import Path

import pytest

from flux.demo.samples import Sample, write_ubl
from flux.model.printable import printable
from tests.acceptance.installation import ONE_WORKER, Installation, run_process
from tests.faults.hostile.documents import zipped

HOSTILE = "f\u202elmx\x9b2J.xml"
ESCAPE = "a\x1b[2J\x1b]0;x\x07.xml"
NO_UTF_8 = os.fsdecode(b"facture\xe9.xml")


def is_inert(text: str) -> bool:
    return printable(text) == text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = tmp_path / "files"
    files.mkdir()
    number = "F\u202e\x9b2J"
    for name in (HOSTILE, ESCAPE, NO_UTF_8):
        (files / name).write_bytes(write_ubl(Sample(number=number, supplier_siret="73282932\u202e000075")))
    (files / "a.zip").write_bytes(zipped((HOSTILE.replace("\x9b", ""), write_ubl(Sample(number=number)))))
    return files


@pytest.mark.parametrize("options", [("--show-xml",), ("--json",)])
def test_check_prints_nothing_that_a_terminal_obeys(folder: Path, options: tuple[str, ...]) -> None:
    done = run_process("check", *options, str(folder), cwd=folder)
    assert done.returncode == 1, done.stderr
    assert is_inert(done.stdout)
    assert is_inert(done.stderr)
    if "--json" in options:  # and the name comes out as it was given
        assert str(folder / NO_UTF_8) in {json.loads(line)["file"] for line in done.stdout.splitlines()}


def test_operators_see_hostile_names_by_their_codes(tmp_path: Path) -> None:
    installation = Installation(tmp_path, gateway=ONE_WORKER)
    for name in (HOSTILE, ESCAPE, NO_UTF_8):
        installation.drop("libre", name, write_ubl(Sample()))
    log = installation.run_once_as_process()
    config = ("--config", str(installation.config))
    shown = [installation.flux("flows", "list", *config), installation.flux("deliveries", "list", *config)]
    shown.append(installation.flux("flows", "show", "1", *config))
    assert all(done.returncode == 0 and is_inert(done.stdout) for done in shown)
    assert is_inert(log)
    assert "\\u202e" in shown[0].stdout
    assert "\\x1b" in shown[0].stdout
