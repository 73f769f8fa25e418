"""What senders and file systems do to an inbox: a real folder, real events, twins of the ledger and of the vault."""

import errno
import fcntl
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from flux.errors import IntakeError, VaultError
from flux.intake.claim import Claim, claim_file
from flux.intake.settings import IntakeSettings
from flux.intake.stability import Look
from flux.intake.watch import Wake
from tests.integration.test_intake import BLIND, QUICK, TIME_LIMIT_SECONDS, Site, serving, wait_until


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@contextmanager
def serving_without_events(site: Site) -> Iterator[None]:
    """As on a file system that tells of nothing."""
    stop, wake = threading.Event(), Wake()
    thread = threading.Thread(target=site.make_intake().serve, args=(stop, wake))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(TIME_LIMIT_SECONDS)


def names_of(site: Site) -> list[str]:
    return sorted(flow.name for flow in site.received)


def test_a_writer_that_pauses_with_its_file_open_is_waited_for_and_told_of_once(site: Site) -> None:
    with serving(site):
        with (site.acme / "slow.xml").open("wb", buffering=0) as file:
            file.write(b"the first half, ")
            wait_until(lambda: "file_held_open" in site.reports.names)
            site.drop("other.xml")
            wait_until(lambda: names_of(site) == ["other.xml"])
            file.write(b"the second")
        wait_until(lambda: len(site.received) == 2)
    assert site.received[1].size_bytes == len(b"the first half, the second")
    assert site.reports.names.count("file_held_open") == 1


def test_a_writer_that_renames_before_it_closes_is_waited_for(site: Site) -> None:
    with serving(site):
        with (site.acme / "a.xml.part").open("wb", buffering=0) as file:
            file.write(b"half")
            (site.acme / "a.xml.part").rename(site.acme / "a.xml")
            wait_until(lambda: "file_held_open" in site.reports.names)
            file.write(b" whole")
        wait_until(lambda: bool(site.received))
    assert [flow.size_bytes for flow in site.received] == [len(b"half whole")]


def test_a_program_that_never_closes_its_file_keeps_it_from_us_for_a_bounded_time(site: Site) -> None:
    settings = IntakeSettings(stable_seconds=0.05, sweep_seconds=0.05, open_seconds=0.3)
    with serving(site, settings), (site.acme / "leaked.xml").open("wb", buffering=0) as file:
        file.write(b"<a/>")
        began = time.monotonic()
        wait_until(lambda: bool(site.received))
        assert time.monotonic() - began >= 0.3


@pytest.mark.parametrize("refusal", [errno.EINVAL, errno.EACCES, errno.EAGAIN])
def test_where_nobody_can_tell_whether_a_file_is_open_it_is_taken_when_it_lies_still(
    site: Site, monkeypatch: pytest.MonkeyPatch, refusal: int
) -> None:
    def refuse(descriptor: int, command: int, argument: int = 0) -> int:
        raise OSError(refusal, os.strerror(refusal))

    monkeypatch.setattr(fcntl, "fcntl", refuse)
    site.drop("a.xml")
    assert site.make_intake().run_once() == 1


def refuse_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the kernel does for the file of another user."""

    def refuse(descriptor: int, command: int, argument: int = 0) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(fcntl, "fcntl", refuse)


def test_that_nobody_can_tell_who_writes_is_told_once_for_each_folder(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_leases(monkeypatch)
    intake = site.make_intake()
    for partner, name in (("acme", "a.xml"), ("acme", "b.xml"), ("strict", "c.xml")):
        site.drop(name, partner=partner)
        intake.run_once()
    told = [facts for event, facts in site.reports.events if event == "file_openness_unknown"]
    assert [facts["partner"] for facts in told] == ["acme", "strict"]
    assert "rename" in told[0]["advice"]


def test_of_a_sender_that_renames_in_nothing_is_to_be_told(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_leases(monkeypatch)
    with serving(site):
        site.drop("a.xml.part").rename(site.acme / "a.xml")
        wait_until(lambda: bool(site.received))
    assert "file_openness_unknown" not in site.reports.names


def test_where_the_kernel_tells_who_writes_nothing_is_to_be_told(site: Site) -> None:
    site.drop("a.xml")
    site.make_intake().run_once()
    assert site.reports.names == []


def make_entry(folder: Path, kind: str) -> None:
    match kind:
        case "folder":
            (folder / "odd").mkdir()
        case "link":
            (folder / "odd").symlink_to(folder.parent / "elsewhere.xml")
        case "special":
            os.mkfifo(folder / "odd")


@pytest.mark.parametrize("kind", ["folder", "link", "special"])
def test_what_is_no_file_is_told_once_with_what_to_do(site: Site, kind: str) -> None:
    make_entry(site.acme, kind)
    intake = site.make_intake()
    intake.run_once()
    intake.run_once()
    ((event, facts),) = site.reports.events
    assert (event, facts["partner"], facts["name"], facts["kind"]) == ("inbox_entry_ignored", "acme", "odd", kind)
    assert facts["advice"]


def test_a_linked_folder_of_the_inbox_is_told_and_the_folders_of_partners_are_not(site: Site) -> None:
    (site.inbox / "linked").symlink_to(site.acme)
    site.make_intake().run_once()
    assert [(event, facts["partner"], facts["name"]) for event, facts in site.reports.events] == [
        ("inbox_entry_ignored", "", "linked")
    ]


def test_a_thousand_folders_are_told_in_one_line(site: Site) -> None:
    for number in range(1000):
        (site.acme / f"{number:03}").mkdir()
    site.make_intake().run_once()
    ((_, facts),) = site.reports.events
    assert (facts["name"], facts["others"]) == ("000", "999")


@pytest.mark.parametrize("name", [".hidden", "copying.part", "lost+found"])
def test_what_a_sender_hides_or_still_makes_and_what_is_the_file_systems_own_is_not_told(site: Site, name: str) -> None:
    (site.acme / name).mkdir()
    site.make_intake().run_once()
    assert site.reports.events == []


def test_files_of_nobody_are_told_once_a_minute_for_each_folder(site: Site) -> None:
    for partner, name in (("stranger", "a.xml"), ("stranger", "b.xml"), ("", "c.xml"), ("acme", "d.xml")):
        site.drop(name, partner=partner)
    site.make_intake().run_once()
    told = [facts["partner"] for event, facts in site.reports.events if event == "flow_quarantined"]
    assert sorted(told) == ["", "stranger"]


def test_a_file_that_is_truncated_and_rewritten_while_we_read_it_is_taken_as_it_is_then(site: Site) -> None:
    writer = site.drop("a.xml", b"x" * 5000).open("r+b", buffering=0)
    pending = [b"the new content"]

    def rewrite() -> None:
        if pending:
            writer.truncate(0)
            writer.seek(0)
            writer.write(pending.pop())

    site.vault.during = rewrite
    with closing(writer):
        assert site.make_intake(settings=BLIND).run_once() == 1
    assert [flow.size_bytes for flow in site.received] == [len(b"the new content")]


def test_a_file_of_the_same_name_dropped_while_the_first_is_taken_in_is_a_flow_of_its_own(site: Site) -> None:
    pending = [b"the second"]

    def drop_again() -> None:
        if pending:
            site.drop("a.xml", pending.pop())

    site.vault.during = drop_again
    with serving(site):
        site.drop("a.xml", b"first")
        wait_until(lambda: len(site.received) == 2)
    assert [flow.size_bytes for flow in site.received] == [5, 10]
    assert site.left == []


def test_without_any_event_everything_is_taken_within_two_sweeps_of_lying_still(site: Site) -> None:
    with serving_without_events(site):
        for number in range(50):
            site.drop(f"{number:02}.xml")
        began = time.monotonic()
        wait_until(lambda: len(site.received) == 50)
    assert time.monotonic() - began < 20 * (QUICK.stable_seconds + 2 * QUICK.sweep_seconds)


def test_files_renamed_or_linked_in_from_outside_are_taken(site: Site, tmp_path: Path) -> None:
    for name in ("renamed.xml", "linked.xml"):
        (tmp_path / name).write_bytes(b"<a/>")
    with serving(site):
        (tmp_path / "renamed.xml").rename(site.acme / "renamed.xml")
        (site.acme / "linked.xml").hardlink_to(tmp_path / "linked.xml")
        wait_until(lambda: names_of(site) == ["linked.xml", "renamed.xml"])
    assert (site.left, (tmp_path / "linked.xml").read_bytes()) == ([], b"<a/>")


@pytest.mark.parametrize("moment", [0, -86400, 4102444800], ids=["1970", "1969", "2100"])
def test_the_date_of_a_file_may_be_anything(site: Site, moment: int) -> None:
    os.utime(site.drop("a.xml"), (moment, moment))
    assert site.make_intake().run_once() == 1


@pytest.mark.parametrize(
    "name",
    [
        b"with spaces.xml",
        b"two\nlines.xml",
        b"-rf.xml",
        b"quote'\"$(touch x).xml",
        b"\xff\xfe not utf-8.xml",
        "é accents décomposés.xml".encode(),
        b"x" * 255,
        b"CON.xml",
        b"tab\there.xml",
    ],
)
def test_a_file_of_any_name_is_one_flow(site: Site, name: bytes) -> None:
    site.drop(os.fsdecode(name))
    assert site.make_intake().run_once() == 1
    assert site.left == []


def test_a_socket_is_no_file_of_a_sender_and_holds_up_none(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site.acme)  # the path of a socket is short
    with closing(socket.socket(socket.AF_UNIX)) as listener:
        listener.bind("socket.xml")
        site.drop("a.xml")
        assert site.make_intake().run_once() == 1
    assert (site.left, site.reports.names) == (["socket.xml"], ["inbox_entry_ignored"])


def test_a_folder_that_goes_is_told_of_once_and_taken_from_when_it_is_back(site: Site) -> None:
    with serving(site):
        shutil.rmtree(site.acme)
        wait_until(lambda: "inbox_unreadable" in site.reports.names)
        site.drop("other.xml", partner="strict")
        wait_until(lambda: names_of(site) == ["other.xml"])
        site.drop("a.xml")
        wait_until(lambda: "a.xml" in names_of(site))
    assert site.reports.names == ["inbox_unreadable", "inbox_readable"]


def test_a_folder_that_was_made_again_is_watched_again(site: Site) -> None:
    with serving(site, IntakeSettings(stable_seconds=3600.0)):
        shutil.rmtree(site.acme)
        wait_until(lambda: "inbox_unreadable" in site.reports.names)
        site.acme.mkdir()
        wait_until(lambda: "inbox_readable" in site.reports.names)
        site.drop("a.xml.part").rename(site.acme / "a.xml")
        wait_until(lambda: names_of(site) == ["a.xml"])
    assert site.reports.names == ["inbox_unreadable", "inbox_readable"]


def test_an_inbox_that_is_removed_and_made_again_is_taken_from(site: Site) -> None:
    with serving(site):
        shutil.rmtree(site.inbox)
        wait_until(lambda: "inbox_unreadable" in site.reports.names)
        site.acme.mkdir(parents=True)
        site.drop("a.xml")
        wait_until(lambda: names_of(site) == ["a.xml"])
    assert site.left == []


def move_claims_away_once(site: Site) -> None:
    """As any partner can that has a login to its folder: between the vault and the ledger."""
    pending = [site.acme / "moved"]

    def move() -> None:
        if pending:
            (site.acme / ".claims").rename(pending.pop())

    site.vault.after = move


def test_a_partner_that_moves_its_claims_away_loses_nothing_and_stops_nobody(site: Site) -> None:
    move_claims_away_once(site)
    site.drop("a.xml")
    intake = site.make_intake()
    assert intake.run_once() == 1
    site.drop("b.xml", partner="strict")
    assert intake.run_once() == 1
    assert site.ledger.names == ["a.xml", "b.xml"]
    assert site.reports.names == ["claim_not_dropped", "inbox_entry_ignored"]  # where the claims are now


def test_a_partner_that_removes_its_folder_while_a_file_is_taken_in_stops_nobody(site: Site) -> None:
    site.vault.after = lambda: shutil.rmtree(site.acme, ignore_errors=True)
    site.drop("a.xml")
    site.drop("b.xml", partner="strict")
    assert site.make_intake().run_once() == 2


def test_a_claim_that_is_gone_before_it_is_read_is_told_of_once_and_taken_when_it_is_back(site: Site) -> None:
    claims = site.acme / ".claims" / "g1"
    (claims / ("0" * 32)).mkdir(parents=True)
    (claims / ("0" * 32) / "a.xml").write_bytes(b"<a/>")

    def fail() -> None:
        (site.acme / ".claims").rename(site.acme / "moved")
        raise VaultError("no space left")

    site.vault.before = fail
    intake = site.make_intake()
    assert intake.run_once() == 0
    site.vault.before = lambda: None
    for _ in range(3):
        assert intake.run_once() == 0
    assert site.reports.names == ["file_not_put_back", "intake_paused", "inbox_entry_ignored", "claim_gone"]
    (site.acme / "moved").rename(site.acme / ".claims")
    assert intake.run_once() == 1


def test_a_disk_that_cannot_sync_holds_up_its_own_partner_only(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail_on_acme(folder: Path) -> None:
        if folder.is_relative_to(site.acme):
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    site.drop("a.xml")
    site.drop("b.xml", partner="strict")
    intake = site.make_intake()
    with monkeypatch.context() as broken:
        broken.setattr("flux.intake.claim.sync_folder", fail_on_acme)
        assert intake.run_once() == 1
        site.drop("c.xml")
        site.drop("d.xml", partner="strict")
        assert intake.run_once() == 1
    assert (site.ledger.names, site.left) == (["b.xml", "d.xml"], ["a.xml", "c.xml"])
    assert site.reports.names == ["claims_not_synced"]
    assert intake.run_once() == 2


def swap_for_folder(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between our look and our claim."""

    def swap(inbox: Path, gateway: str, look: Look, marker_suffix: str) -> Claim | None:
        (site.acme / look.name).unlink()
        (site.acme / look.name / "inside").mkdir(parents=True)
        monkeypatch.undo()
        return claim_file(inbox, gateway, look, marker_suffix)

    monkeypatch.setattr("flux.intake.service.claim_file", swap)


def test_a_folder_swapped_in_for_a_file_goes_back(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    swap_for_folder(site, monkeypatch)
    site.drop("a.xml")
    intake = site.make_intake()
    for _ in range(3):
        assert intake.run_once() == 0
    assert (site.acme / "a.xml" / "inside").is_dir()
    assert list((site.acme / ".claims" / "g1").iterdir()) == []
    assert site.reports.names == ["file_unreadable", "inbox_entry_ignored"]


def test_a_folder_that_cannot_go_back_is_told_of_once_and_replaces_nothing(site: Site) -> None:
    claim = site.acme / ".claims" / "g1" / ("0" * 32) / "a.xml"
    (claim / "inside").mkdir(parents=True)
    site.drop("a.xml", b"<a/>")
    intake = site.make_intake()
    for _ in range(3):
        intake.run_once()
    assert site.ledger.names == ["a.xml"]
    assert site.reports.names.count("file_unreadable") == 1


def test_claims_that_cannot_be_recovered_are_told_of_once_while_that_lasts(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise IntakeError("input/output error")

    monkeypatch.setattr("flux.intake.reception.recover", refuse)
    intake = site.make_intake()
    for _ in range(3):
        intake.run_once()
    assert site.reports.names == ["claims_not_recovered"] * 3  # one for each folder
