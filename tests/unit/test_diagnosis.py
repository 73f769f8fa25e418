"""`flux doctor`: what it says of the official engine beside ours, of backups, of archived bytes, and of keys that end."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flux.app.diagnosis import Diagnosis, diagnose
from flux.app.diagnosis.ledger import OFFICIAL_SPAN, diagnose_ledger
from flux.app.installation import make_installation
from flux.config import BackupSettings, Settings, load
from flux.ledger.backups import BackupNote, note_backup
from flux.ledger.database import open_database
from flux.ledger.migrate import upgrade
from flux.ledger.tables import findings, flows
from flux.ledger.vault import FolderVault
from flux.model.second_opinion import ALWAYS, DISAGREES, FAILED, OFF
from flux.transport.accounts import Account, AccountKey
from flux.transport.public_key import PublicKey

NOW = datetime.now(UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    make_installation(tmp_path)
    read = load(tmp_path / "config.toml")
    return replace(read, rules=replace(read.rules, official=ALWAYS))


def find(settings: Settings, *codes: str, received_at: datetime = NOW, **changes: object) -> None:
    """Put a flow with these findings into the ledger."""
    flow = {
        "attempt": 1, "gateway": settings.gateway.name, "claim": str(received_at), "partner": "acme", "known_partner": True, "name": "n",
        "sha256": "", "size_bytes": 0, "received_at": received_at, "state": "closed", "pending": 0, "event_count": 0,
        "event_head": "", **changes,
    }  # fmt: skip
    finding = {
        "attempt": 1, "is_added": False, "severity": "info", "layer": "rules", "ruleset": "br-fr", "audience": "",
    }  # fmt: skip
    with closing(open_database(settings.ledger.url)) as database:
        upgrade(database)
        with database.write() as connection:
            number = connection.execute(flows.insert().values(**flow)).inserted_primary_key
            assert number is not None
            for code in codes:
                connection.execute(findings.insert().values(**finding, flow=number[0], code=code))


def told(settings: Settings, subject: str = "official engine") -> list[Diagnosis]:
    return [each for each in diagnose(settings) if each.subject == subject]


def back_up(settings: Settings, *, at: datetime, last_flow: int) -> None:
    note = BackupNote(gateway=settings.gateway.name, at=at, folder="/backup/20261128T020000Z", last_flow=last_flow)
    with closing(open_database(settings.ledger.url)) as database:
        upgrade(database)
        note_backup(database, note)


def test_an_engine_that_is_off_is_no_subject(settings: Settings) -> None:
    assert told(replace(settings, rules=replace(settings.rules, official=OFF))) == []


def test_two_engines_that_agree_are_well(settings: Settings) -> None:
    (official,) = told(settings)
    assert (official.well, official.state) == (True, "no disagreement in 7 days")


def test_disagreements_and_failures_are_counted_and_the_flows_can_be_listed(settings: Settings) -> None:
    find(settings, DISAGREES, DISAGREES, FAILED)
    (official,) = told(settings)
    assert not official.well
    assert official.state == "OFFICIAL_DISAGREES: 2, OFFICIAL_FAILED: 1 in 7 days"
    assert official.advice == "flux flows list --code OFFICIAL_DISAGREES"


def test_what_is_long_past_is_no_news(settings: Settings) -> None:
    find(settings, DISAGREES, received_at=NOW - OFFICIAL_SPAN - timedelta(hours=1))
    (official,) = told(settings)
    assert official.well


AGES = timedelta(days=2, hours=1)


def test_a_gateway_without_flows_needs_no_backup(settings: Settings) -> None:
    (backup,) = told(settings, "backup")
    assert (backup.well, backup.state) == (True, "none was made")


@pytest.mark.parametrize(("age", "well"), [(timedelta(days=1), True), (AGES, False)])
def test_a_flow_that_waits_too_long_for_a_backup_is_told(settings: Settings, age: timedelta, *, well: bool) -> None:
    find(settings, received_at=NOW - age)
    (backup,) = told(settings, "backup")
    assert (backup.well, bool(backup.advice)) == (well, not well)


@pytest.mark.parametrize(("last_flow", "well"), [(1, False), (2, True)])
def test_a_flow_that_came_after_the_last_backup_waits_for_the_next(
    settings: Settings, last_flow: int, *, well: bool
) -> None:
    find(settings, received_at=NOW - 3 * AGES)
    find(settings, received_at=NOW - AGES)
    back_up(settings, at=NOW - 2 * AGES, last_flow=last_flow)
    (backup,) = told(settings, "backup")
    assert (backup.well, "flows since" in backup.state) == (well, not well)
    assert "/backup/20261128T020000Z" in backup.state


def test_who_backs_up_otherwise_is_not_told(settings: Settings) -> None:
    find(settings, received_at=NOW - AGES)
    assert told(replace(settings, backup=BackupSettings(notice_days=0)), "backup") == []


def test_archived_bytes_that_an_open_flow_waits_for_in_vain_are_named(settings: Settings) -> None:
    there = FolderVault(settings.vault.path).put([b"invoice"]).sha256
    find(settings, state="judging", sha256=there)
    find(settings, state="judged", sha256="ab" * 32, claim="lost")
    find(settings, state="closed", sha256="cd" * 32, claim="over")
    (archive,) = told(settings, "archive")
    assert (archive.well, archive.state) == (
        False,
        "1 files that open flows need cannot be read: flow 2 (abababababab...)",
    )


TODAY = datetime.now(UTC).astimezone().date()
KEYS = [PublicKey(type="ssh-ed25519", text=text) for text in ("AAAA", "BBBB")]


@pytest.mark.parametrize(
    ("days", "well", "state"),
    [
        ((None,), True, "1 key"),
        ((31,), True, "1 key"),
        ((30,), True, "1 key"),
        ((29,), False, f"1 key, ends {TODAY + timedelta(29)}"),
        ((0,), False, f"1 key, ends {TODAY}"),
        ((-1,), False, f"1 key, ended {TODAY - timedelta(1)}"),
        ((29, None), True, f"2 keys, ends {TODAY + timedelta(29)}"),  # being changed
        ((29, -1), False, f"2 keys, ended {TODAY - timedelta(1)}, ends {TODAY + timedelta(29)}"),
    ],
)
def test_the_end_of_a_partner_s_last_key_is_announced(
    settings: Settings, days: tuple[int | None, ...], *, well: bool, state: str
) -> None:
    keys = tuple(
        AccountKey(key=key, expires=None if left is None else TODAY + timedelta(left))
        for key, left in zip(KEYS, days, strict=False)
    )
    acme = replace(settings.partners["acme"], account=Account(name="acme", keys=keys))
    told_of = [each for each in diagnose(replace(settings, partners={"acme": acme})) if "account" in each.subject]
    assert [(each.subject, each.well, each.state) for each in told_of] == [("partners.acme.account", well, state)]


@pytest.mark.parametrize(
    ("age", "told_age"),
    [
        (timedelta(minutes=7, seconds=30), "7 min"),
        (timedelta(hours=47, minutes=30), "47 h"),
        (timedelta(days=9, hours=1), "9 days"),
    ],
)
def test_flows_that_wait_for_a_person_are_counted_with_the_age_of_the_oldest(
    settings: Settings, age: timedelta, told_age: str
) -> None:
    find(settings, state="quarantined", received_at=NOW - age)
    find(settings, state="quarantined", received_at=NOW)
    (waiting,) = [each for each in diagnose_ledger(settings, NOW) if each.subject == "waiting for a person"]
    assert waiting.state == f"flows quarantined: 2, the oldest for {told_age}"
