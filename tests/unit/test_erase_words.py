"""An erasure that the vault keeps waiting says what went and what did not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from flux.app.retention import Erased
from flux.cli import retention
from flux.errors import VaultError


def _busy(_: object, __: str, done: Erased) -> Iterator[object]:
    done.flows = 1
    yield from ()
    raise VaultError("the vault is being read as a whole")


def test_what_went_is_told_and_that_the_bytes_are_still_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "erase", _busy)
    (tmp_path / "config.toml").write_text('[gateway]\napplication_code = "FLX001"\n')
    ended = CliRunner().invoke(retention.command, ["erase", "--yes", "--config", str(tmp_path / "config.toml")])
    assert str(ended.exception) == (
        "the vault is being read as a whole; 1 flow went from the ledger, their bytes go when this is run again"
    )
