"""The same job on a ledger in PostgreSQL, and two gateways that share it."""

import os
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

import pytest
from lxml import etree

from flux.app import ledger_restoring
from flux.app.restoring import read_generation, restore
from flux.demo.samples import Sample, write_ubl
from flux.demo.scenario import write_archive
from tests.acceptance.installation import FRN001, GATEWAY, Installation
from tests.servers.postgres import Postgres, run_postgres

# The server of the tests asks for none; it is to be handed over all the same, and to be written nowhere.
PASSWORD = "sesame-4711"


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with run_postgres() as server:
        yield server


def on_postgresql(root: Path, url: str, name: str) -> Installation:
    root.mkdir()
    with_password = url.replace("postgres@", "postgres:{password}@")
    ledger = f'[ledger]\nurl = "{with_password}"\npassword_env = "LEDGER_PASSWORD"\n'
    gateway = GATEWAY.replace("workers = 2", f'workers = 1\nname = "{name}"') + ledger
    return Installation(root, gateway=gateway, environment={"LEDGER_PASSWORD": PASSWORD})


def statuses(installation: Installation) -> list[str | None]:
    return [etree.parse(file).findtext(".//IdStatut") for file in installation.put_out("frn001", "CSO*")]


def test_a_flow_is_answered_and_forwarded(postgres: Postgres, tmp_path: Path) -> None:
    installation = on_postgresql(tmp_path / "one", postgres.create_database(), "one")
    installation.drop("frn001", FRN001.format(1), write_archive([write_ubl(Sample(number=f"P{n}")) for n in range(60)]))
    log = installation.run_once_as_process()
    assert statuses(installation) == ["90"]
    assert len(installation.put_out("sei001", "FSO*")) == 1
    written = b"".join(file.read_bytes() for file in installation.root.rglob("*") if file.is_file())
    assert PASSWORD not in log
    assert PASSWORD.encode() not in written


def test_two_gateways_on_one_ledger_take_the_same_invoice_once(postgres: Postgres, tmp_path: Path) -> None:
    url = postgres.create_database()
    first, second = on_postgresql(tmp_path / "one", url, "one"), on_postgresql(tmp_path / "two", url, "two")
    for sequence, installation in enumerate((first, second), start=1):
        installation.drop("frn001", FRN001.format(sequence), write_ubl(Sample()))
        installation.run_once()
    assert (statuses(first), statuses(second)) == (["90"], ["93"])


def test_gateways_that_share_a_ledger_each_prove_and_keep_their_own_archive(postgres: Postgres, tmp_path: Path) -> None:
    url = postgres.create_database()
    first, second = on_postgresql(tmp_path / "one", url, "one"), on_postgresql(tmp_path / "two", url, "two")
    for sequence, installation in enumerate((first, second), start=1):
        installation.drop("frn001", FRN001.format(sequence), write_ubl(Sample(number=f"P{sequence}")))
        installation.run_once()
    for installation in (first, second):
        [told] = installation.json("verify")
        [made] = installation.json("backup", str(installation.root / "backups"))
        kept = len(list((installation.root / "var/vault").glob("??/*")))
        assert (told["sound"], told["flows"], told["files"], made["files"]) == (True, 2, kept, kept)


def test_a_backup_of_one_database_fills_another(postgres: Postgres, tmp_path: Path) -> None:
    first = on_postgresql(tmp_path / "one", postgres.create_database(), "one")
    first.drop("frn001", FRN001.format(1), write_archive([write_ubl(Sample())]))
    first.run_once()
    [made] = first.json("backup", str(tmp_path / "backups"))
    second = on_postgresql(tmp_path / "two", postgres.create_database(), "one")
    put_back = second.flux("restore", str(tmp_path / "backups"), "--config", str(second.config))
    assert put_back.returncode == 0, put_back.stderr
    [told] = second.json("verify", "--against", str(made["generation"]))
    assert (told["sound"], told["flows"], told["files"]) == (True, 1, made["files"])
    again = second.flux("restore", str(tmp_path / "backups"), "--config", str(second.config))
    assert (again.returncode, "database is not empty" in again.stderr) == (2, True)


def restore_until_marking(backups: Path, config: Path) -> None:
    """Put a backup back, and die as soon as pg_restore has ended."""
    os.environ["LEDGER_PASSWORD"] = PASSWORD
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger_restoring, "upgrade", lambda _: os._exit(9))
        restore(read_generation(backups), config, moved=False, progress=lambda _, __: None)


def test_no_gateway_works_on_a_ledger_whose_restore_was_cut_off_and_it_is_put_back_again(
    postgres: Postgres, tmp_path: Path
) -> None:
    first = on_postgresql(tmp_path / "one", postgres.create_database(), "one")
    first.drop("frn001", FRN001.format(1), write_archive([write_ubl(Sample())]))
    first.run_once()
    first.json("backup", str(tmp_path / "backups"))
    second = on_postgresql(tmp_path / "two", postgres.create_database(), "one")
    dying = get_context("fork").Process(target=restore_until_marking, args=(tmp_path / "backups", second.config))
    dying.start()
    dying.join(60)
    assert dying.exitcode == 9
    for command in (("run", "--once"), ("flows", "list"), ("backup", str(tmp_path / "other"))):
        refused = second.flux(*command, "--config", str(second.config))
        assert (refused.returncode, "run `flux restore` again" in refused.stderr) == (2, True), refused.stderr
    again = second.flux("restore", str(tmp_path / "backups"), "--config", str(second.config))
    assert again.returncode == 0, again.stderr
    [told] = second.json("verify")
    assert (told["sound"], told["flows"]) == (True, 1)
