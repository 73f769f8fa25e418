"""`flux backup` and `flux restore`: what an operator has after a disk is lost."""

import gzip
import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flux.app.restoring import read_generation
from flux.app.restoring import restore as put_back
from flux.backup.snapshot import take_snapshot
from flux.demo.samples import Sample, write_ubl
from flux.demo.scenario import write_archive
from flux.ledger.database import Database
from flux.ledger.restored import NUMBERS_LEFT_OUT
from flux.ledger.retirement import Cutoffs, retire_flows
from tests.acceptance.installation import FRN001, PARTNERS, Installation, run_flux, wait_until


def backup(installation: Installation, *arguments: str) -> dict[str, object]:
    """Make a generation; what the command says of it."""
    done = installation.flux(
        "backup", str(store(installation)), *arguments, "--json", "--config", str(installation.config)
    )
    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0), done.stderr
    told: dict[str, object] = json.loads(done.stdout)
    return told


def store(installation: Installation) -> Path:
    return installation.root.parent / "backups"


def restore(installation: Installation, *arguments: str) -> tuple[Installation, subprocess.CompletedProcess[str]]:
    """Put the latest generation back elsewhere, into a folder that holds nothing."""
    root = installation.root.parent / "elsewhere"
    root.mkdir(exist_ok=True)
    done = run_flux("restore", str(store(installation)), "--config", str(root / "config.toml"), *arguments, cwd=root)
    assert "Traceback" not in done.stderr
    if not (root / "config.toml").exists():
        shutil.copy(installation.config, root)
    return Installation(root), done


def verify(installation: Installation, *arguments: str) -> dict[str, object]:
    [told] = installation.json("verify", *arguments)
    return told


def archived(installation: Installation, number: int) -> Path:
    """Where the vault keeps what was received as a flow."""
    with sqlite3.connect(installation.root / "var/ledger.db") as connection:
        ((sha256,),) = connection.execute("SELECT sha256 FROM flows WHERE number = ?", (number,))
    return installation.root / "var/vault" / str(sha256)[:2] / str(sha256)


def generation(installation: Installation) -> Path:
    """The one generation that there is."""
    [folder] = store(installation).glob("*Z")
    return folder


def test_what_is_put_back_is_sound_and_goes_on_from_the_seal_of_the_backup(backed_up: Installation) -> None:
    elsewhere, done = restore(backed_up)
    assert done.returncode == 0, done.stderr
    told = verify(elsewhere, "--against", str(generation(backed_up)))
    assert (told["sound"], told["flows"]) == (True, 2)
    assert elsewhere.json("flows", "list") == backed_up.json("flows", "list")


# Two flows were answered and forwarded: four numbers were given.
@pytest.mark.parametrize(("option", "number"), [((), NUMBERS_LEFT_OUT + 6), (("--moved",), 6)])
def test_a_restored_gateway_works_on_and_gives_no_number_twice(
    backed_up: Installation, option: tuple[str, ...], number: int
) -> None:
    elsewhere, _ = restore(backed_up, *option)
    elsewhere.drop("frn001", FRN001.format(3), write_archive([write_ubl(Sample(number="F3"))]))
    elsewhere.run_once()
    assert int(elsewhere.only("sei001", "FSO*").name[-15:]) == number


def test_what_was_due_at_the_backup_is_not_sent_again_by_itself(lived: Installation) -> None:
    blocked = lived.root / "outbox/sei001"
    shutil.rmtree(blocked)
    blocked.write_text("no folder")
    lived.drop("frn001", FRN001.format(3), write_archive([write_ubl(Sample(number="F3"))]))
    lived.run_once()
    backup(lived)
    elsewhere, done = restore(lived)
    [delivery] = elsewhere.json("deliveries", "list", "--state", "uncertain")
    assert f"uncertain: deliveries {delivery['id']};" in done.stdout
    elsewhere.run_once()
    assert elsewhere.put_out("sei001", "FSO*") == []
    elsewhere.flux("deliveries", "retry", str(delivery["id"]), "--config", str(elsewhere.config))
    elsewhere.run_once()
    assert len(elsewhere.put_out("sei001", "FSO*")) == 1


def test_no_gateway_starts_where_a_backup_is_being_put_back(backed_up: Installation) -> None:
    root, said = backed_up.root.parent / "elsewhere", list[str]()
    root.mkdir()
    shutil.copy(backed_up.config, root)
    elsewhere = Installation(root)

    def start(stage: str, share: float) -> None:
        if not said:
            done = run_flux("run", "--once", "--config", str(elsewhere.config), cwd=root)
            said.append(f"{done.returncode} {done.stderr}")

    put_back(read_generation(store(backed_up)), elsewhere.config, moved=False, progress=start)
    assert said[0].startswith("2 ")
    assert "another flux runs on this ledger" in said[0]
    assert len(elsewhere.json("flows", "list")) == 2


def test_a_delivery_that_had_arrived_is_closed_by_a_word(lived: Installation) -> None:
    blocked = lived.root / "outbox/sei001"
    shutil.rmtree(blocked)
    blocked.write_text("no folder")
    lived.drop("frn001", FRN001.format(3), write_archive([write_ubl(Sample(number="F3"))]))
    lived.run_once()
    backup(lived)
    elsewhere, _ = restore(lived)
    [delivery] = elsewhere.json("deliveries", "list", "--state", "uncertain")
    word = ("--reason", "they have it", "--config", str(elsewhere.config))
    done = elsewhere.flux("deliveries", "close", str(delivery["id"]), *word)
    assert (done.returncode, done.stdout) == (0, f"1 closed: {delivery['id']}\n")
    assert {flow["state"] for flow in elsewhere.json("flows", "list")} == {"closed"}


def test_the_doctor_knows_the_last_backup(lived: Installation) -> None:
    made = backup(lived)
    [told] = [each for each in lived.json("doctor") if each["subject"] == "backup"]
    assert (told["well"], str(made["generation"]) in str(told["state"])) == (True, True)


def test_a_second_backup_copies_what_came_since(lived: Installation) -> None:
    first = backup(lived)
    lived.drop("frn001", FRN001.format(3), write_archive([write_ubl(Sample(number="F3"))]))
    lived.run_once()
    second = backup(lived)
    assert second["files"] == int(str(first["files"])) + int(str(second["copied_files"]))
    third = backup(lived, "--keep", "1")
    assert (third["copied_files"], third["pruned"]) == (0, [first["generation"], second["generation"]])
    assert restore(lived)[1].returncode == 0


def test_a_gateway_at_work_is_backed_up_between_two_moments(lived: Installation) -> None:
    with lived.running():
        wait_until(lambda: "gateway_started" in (lived.root / "flux.log").read_text(), "the gateway starts")
        for number in range(3, 12):
            lived.drop("frn001", FRN001.format(number), write_archive([write_ubl(Sample(number=f"F{number}"))]))
        wait_until(lambda: len(lived.put_out("frn001", "CSO*")) >= 4, "flows are answered")
        made = backup(lived)
    elsewhere, done = restore(lived)
    assert (done.returncode, verify(elsewhere, "--against", str(made["generation"]))["sound"]) == (0, True)


def test_the_list_of_the_archive_is_read_by_sha256sum(backed_up: Installation) -> None:
    listed = gzip.decompress((generation(backed_up) / "archive.sha256.gz").read_bytes())
    checked = subprocess.run(
        ["sha256sum", "-c"], input=listed, cwd=generation(backed_up), capture_output=True, check=False
    )
    assert (checked.returncode, checked.stdout.count(b": OK")) == (0, listed.count(b"\n"))


def test_bytes_that_are_not_what_they_were_are_named_and_the_rest_is_kept(lived: Installation) -> None:
    file = archived(lived, 1)
    file.chmod(0o644)
    file.write_bytes(b"?")
    done = lived.flux("backup", str(store(lived)), "--config", str(lived.config))
    assert (done.returncode, f"not in the backup: {file}: other bytes" in done.stdout) == (1, True)
    elsewhere, put_back = restore(lived)
    assert (put_back.returncode, file.name in put_back.stdout, archived(elsewhere, 2).exists()) == (1, True, True)


@pytest.mark.parametrize("name", ["ledger.db", "archive.sha256.gz", "manifest.json"])
def test_a_backup_that_lost_its_end_is_not_put_back(backed_up: Installation, name: str) -> None:
    file = generation(backed_up) / name
    file.write_bytes(file.read_bytes()[:-20])
    elsewhere, done = restore(backed_up)
    assert (done.returncode, name in done.stderr) == (2, True)
    assert not (elsewhere.root / "var").exists()


def test_bytes_of_the_store_that_changed_are_found_before_they_are_needed(backed_up: Installation) -> None:
    assert restore(backed_up, "--check")[1].returncode == 0
    file = next((store(backed_up) / "vault").glob("??/*"))
    file.chmod(0o644)
    file.write_bytes(b"?")
    _, done = restore(backed_up, "--check")
    assert (done.returncode, f"{file}: other bytes" in done.stdout) == (1, True)


@pytest.mark.parametrize("name", ["ledger.db", "ledger.db-wal", "register.db"])
def test_it_is_put_back_only_where_nothing_is(backed_up: Installation, name: str) -> None:
    there = backed_up.root.parent / "elsewhere/var" / name
    there.parent.mkdir(parents=True)
    there.write_bytes(b"")
    _, done = restore(backed_up)
    assert (done.returncode, f"{there}: a {name.partition('.')[0]} is there already" in done.stderr) == (2, True)


def test_a_restore_that_was_cut_off_goes_on(backed_up: Installation) -> None:
    elsewhere, _ = restore(backed_up)
    (elsewhere.root / "var/ledger.db").rename(elsewhere.root / "var/ledger.db.restoring")
    next((elsewhere.root / "var/vault").glob("??/*")).unlink()
    _, done = restore(backed_up)
    assert (done.returncode, verify(elsewhere)["sound"]) == (0, True)


def test_the_account_key_is_kept_apart_unless_it_is_asked_for(backed_up: Installation) -> None:
    assert not list(generation(backed_up).glob("*key*"))
    with_key = Path(str(backup(backed_up, "--with-account-key")["generation"]))
    assert (with_key / "account.key").read_bytes() == (backed_up.root / "var/account.key").read_bytes()


def test_nobody_else_may_read_a_backup(lived: Installation) -> None:
    made = Path(str(backup(lived)["generation"]))
    assert [folder.stat().st_mode & 0o077 for folder in (store(lived), made)] == [0, 0]


# In the second the store of the backups would be the vault itself.
@pytest.mark.parametrize("folder", ["inbox/backups", "var"])
def test_a_folder_of_the_gateway_takes_no_backup(lived: Installation, folder: str) -> None:
    done = lived.flux("backup", str(lived.root / folder), "--config", str(lived.config))
    assert (done.returncode, "choose another folder" in done.stderr) == (2, True)


def test_a_backup_of_a_clock_that_was_ahead_does_not_push_out_the_one_just_made(backed_up: Installation) -> None:
    generation(backed_up).rename(store(backed_up) / "20990101T000000Z")
    made = Path(str(backup(backed_up, "--keep", "1")["generation"]))
    assert (generation(backed_up), restore(backed_up)[1].returncode) == (made, 0)


def test_what_is_retired_while_it_is_backed_up_keeps_the_bytes_that_the_copy_names(
    lived: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def take_and_retire(database: Database, target: Path, tell: Callable[[float], None]) -> None:
        take_snapshot(database, target, tell)
        if target.stem == "ledger":
            late = datetime(2100, 1, 1, tzinfo=UTC)
            retired = list(retire_flows(database, Cutoffs(accepted=late, refused=late), by="ops", at=datetime.now(UTC)))
            assert retired

    monkeypatch.setattr("flux.app.backing_up.take_snapshot", take_and_retire)
    backup(lived)
    elsewhere, _ = restore(lived)
    assert verify(elsewhere)["sound"]


def test_what_a_partner_keeps_on_its_server_is_not_forwarded_again_by_itself(tmp_path: Path) -> None:
    (tmp_path / "server").mkdir()
    (tmp_path / "lived").mkdir()
    pickup = f'[partners.libre.pickup]\nkind = "folder"\npath = "{tmp_path}/server"\nafter_fetch = "keep"\n'
    lived = Installation(tmp_path / "lived", partners=PARTNERS + pickup)
    lived.run_once()
    backup(lived)
    (tmp_path / "server/facture.xml").write_bytes(write_ubl(Sample(number="A1")))
    lived.run_once()
    assert len(lived.put_out("sei001", "FSO*")) == 1
    _, done = restore(lived)
    assert "libre" in done.stdout
    elsewhere = Installation(tmp_path / "elsewhere", partners=PARTNERS + pickup)
    elsewhere.run_once()
    [flow] = elsewhere.json("flows", "list")
    assert (flow["state"], elsewhere.put_out("sei001", "FSO*")) == ("held", [])
    elsewhere.flux("flows", "release", str(flow["flow"]), "--reason", "new", "--config", str(elsewhere.config))
    elsewhere.run_once()
    assert len(elsewhere.put_out("sei001", "FSO*")) == 1
