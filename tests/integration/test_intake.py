"""Intake on a real file system, with twins of the ledger and of the vault."""

import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from flux.errors import IntakeError, LedgerError, VaultError
from flux.intake.service import Intake
from flux.intake.settings import IntakeSettings
from flux.intake.watch import Wake, watch_inbox
from flux.model.flow import Flow
from flux.model.partner import Naming
from tests.fakes.intake import NOW, Crash, CrashAt, FakeIntakeLedger, FakeVault, Reports, make_partner

QUICK = IntakeSettings(stable_seconds=0.05, sweep_seconds=0.05)
# Where nobody can tell that a writer is still there, as on a network file system.
BLIND = IntakeSettings(stable_seconds=0.05, sweep_seconds=0.05, open_seconds=0.0)
TIME_LIMIT_SECONDS = 10.0
GOOD_NAME = "FSO1100A_FRN001_FRN0011100000000000000042"


class Site:
    """An inbox with what stands around it."""

    def __init__(self, root: Path) -> None:
        self.inbox = root / "inbox"
        self.acme = self.inbox / "acme"
        self.acme.mkdir(parents=True)
        (self.inbox / "strict").mkdir()
        self.ledger = FakeIntakeLedger()
        self.vault = FakeVault(root / "vault")
        self.reports = Reports()
        self.received: list[Flow] = []

    def make_intake(self, gateway: str = "g1", settings: IntakeSettings = QUICK) -> Intake:
        def on_received(flows: Sequence[Flow]) -> None:
            self.received.extend(flows)

        return Intake(
            inbox=self.inbox,
            gateway=gateway,
            partners={"acme": make_partner(), "strict": make_partner("strict", Naming.STRICT)},
            ledger=self.ledger,
            vault=self.vault,
            settings=settings,
            clock=lambda: NOW,
            on_received=on_received,
            report=self.reports,
        )

    def drop(self, name: str, content: bytes = b"<Invoice/>", partner: str = "acme") -> Path:
        path = self.inbox / partner / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return path

    @property
    def left(self) -> list[str]:
        """Every file under the inbox, claims included."""
        return sorted(path.name for path in self.inbox.rglob("*") if not path.is_dir())


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def wait_until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + TIME_LIMIT_SECONDS
    pause = threading.Event()
    while not is_true():
        assert time.monotonic() < deadline, "it did not happen in time"
        pause.wait(0.01)


@contextmanager
def serving(site: Site, settings: IntakeSettings = QUICK) -> Iterator[Wake]:
    stop, wake = threading.Event(), Wake()
    thread = threading.Thread(target=site.make_intake(settings=settings).serve, args=(stop, wake))
    with watch_inbox(site.inbox, wake, site.reports):
        thread.start()
        try:
            yield wake
        finally:
            stop.set()
            wake.set()
            thread.join(TIME_LIMIT_SECONDS)
            assert not thread.is_alive()


def test_a_file_becomes_one_flow_and_leaves_the_inbox(site: Site) -> None:
    site.drop("a.xml", b"<Invoice>1</Invoice>")
    assert site.make_intake().run_once() == 1
    (flow,) = site.received
    assert (flow.name, flow.partner, flow.known_partner) == ("a.xml", "acme", True)
    assert flow.sha256 == hashlib.sha256(b"<Invoice>1</Invoice>").hexdigest()
    assert flow.received_at == NOW
    assert site.left == []


def test_nothing_to_do_is_over_at_once(site: Site) -> None:
    assert site.make_intake().run_once() == 0


def test_the_bytes_are_in_the_vault_before_the_ledger_is_told(site: Site) -> None:
    site.drop("a.xml", b"<a/>")

    def look() -> None:
        assert site.vault.path(hashlib.sha256(b"<a/>").hexdigest()).read_bytes() == b"<a/>"

    site.ledger.before = look
    assert site.make_intake().run_once() == 1


def test_the_file_is_there_until_the_ledger_has_committed(site: Site) -> None:
    site.drop("a.xml")
    seen: list[list[str]] = []
    site.ledger.after = lambda: seen.append(site.left)
    site.make_intake().run_once()
    assert seen == [["a.xml"]]


@pytest.mark.parametrize(
    ("partner", "name", "is_known", "is_strict"),
    [
        ("acme", "Facture n°117 mars.pdf", True, False),  # free names repeat
        ("strict", GOOD_NAME, True, True),
        ("strict", "facture.xml", True, False),  # no name that could be reserved
        ("stranger", GOOD_NAME, False, False),  # nobody's folder: kept, and put aside by the ledger
        ("", "a.xml", False, False),  # dropped beside the folders
    ],
)
def test_the_ledger_is_told_whose_file_it_is(
    site: Site, partner: str, name: str, *, is_known: bool, is_strict: bool
) -> None:
    site.drop(name, partner=partner)
    site.make_intake().run_once()
    (arrival,) = site.ledger.arrivals
    assert (arrival.partner, arrival.known_partner, arrival.strict_name) == (partner, is_known, is_strict)


def test_what_is_no_file_of_a_sender_stays_where_it_is(site: Site, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    (site.acme / "link.xml").symlink_to(secret)
    (site.acme / "folder.xml").mkdir()
    os.mkfifo(site.acme / "pipe.xml")
    (site.inbox / "linked").symlink_to(tmp_path)
    site.drop(".hidden.xml")
    site.drop("a.xml.part")
    assert site.make_intake().run_once() == 0
    assert site.left == [".hidden.xml", "a.xml.part", "link.xml", "pipe.xml"]
    assert {(facts["partner"], facts["others"]) for _, facts in site.reports.events} == {("acme", "2"), ("", "0")}
    assert secret.exists()


def test_a_name_that_is_no_utf_8_is_taken_under_a_name_that_can_be_written(site: Site) -> None:
    (site.acme / os.fsdecode(b"n\xb0117.xml")).write_bytes(b"<a/>")
    site.make_intake().run_once()
    assert site.ledger.names == ["n\\xb0117.xml"]
    assert site.left == []


def test_a_hard_link_from_outside_is_a_file_like_any_other(site: Site, tmp_path: Path) -> None:
    (tmp_path / "outside.xml").write_bytes(b"<a/>")
    (site.acme / "a.xml").hardlink_to(tmp_path / "outside.xml")
    assert site.make_intake().run_once() == 1
    assert (tmp_path / "outside.xml").exists()


def test_a_slow_writer_is_taken_once_and_whole(site: Site) -> None:
    settings = IntakeSettings(stable_seconds=1.0, sweep_seconds=0.02)
    with serving(site, settings):
        with (site.acme / "slow.xml").open("wb", buffering=0) as file:
            pause = threading.Event()
            for _ in range(10):
                file.write(b"x" * 1000)
                pause.wait(0.05)
        assert site.received == []
        wait_until(lambda: bool(site.received))
    assert [flow.size_bytes for flow in site.received] == [10_000]


def test_a_file_renamed_into_place_does_not_wait(site: Site) -> None:
    with serving(site, IntakeSettings(stable_seconds=3600.0)):
        site.drop("a.xml.part").rename(site.acme / "a.xml")
        wait_until(lambda: bool(site.received))
    assert [flow.name for flow in site.received] == ["a.xml"]


def test_a_folder_that_appears_is_watched_too(site: Site) -> None:
    with serving(site, IntakeSettings(stable_seconds=3600.0, sweep_seconds=3600.0)):
        site.drop("first.xml.part", partner="new")
        for number in range(200):  # until the watch is there
            (site.inbox / "new" / f"{number}.part").write_bytes(b"<a/>")
            (site.inbox / "new" / f"{number}.part").rename(site.inbox / "new" / f"{number}.xml")
            if site.received:
                break
            threading.Event().wait(0.02)
        wait_until(lambda: bool(site.received))
    assert {flow.partner for flow in site.received} == {"new"}


def test_without_events_sweeping_goes_on(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr("watchdog.observers.inotify_c.InotifyFD.add_callback", refuse)
    with serving(site):
        site.drop("a.xml")
        wait_until(lambda: bool(site.received))
    assert set(site.reports.names) == {"inbox_not_watched"}


def test_a_marked_file_is_taken_with_its_marker_and_others_stay(site: Site) -> None:
    site.drop("a.xml")
    site.drop("a.xml.done", b"")
    site.drop("b.xml")
    intake = site.make_intake(settings=IntakeSettings(marker_suffix=".done", stable_seconds=0.0))
    assert intake.run_once() == 1
    assert (site.ledger.names, site.left) == (["a.xml"], ["b.xml"])


def test_a_file_that_changes_while_it_is_read_goes_back_and_is_taken_whole(site: Site) -> None:
    path = site.drop("a.xml", b"x" * 10)
    writer = path.open("ab", buffering=0)
    pending = [b"y" * 5]

    def write_more() -> None:
        if pending:
            writer.write(pending.pop())

    site.vault.after = write_more
    assert site.make_intake(settings=BLIND).run_once() == 1
    writer.close()
    assert [flow.size_bytes for flow in site.received] == [15]


def test_a_file_replaced_between_look_and_claim_is_looked_at_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    path = site.drop("a.xml", b"old")
    rename, renames = os.rename, []

    def replace_first(source: str, target: str) -> None:
        renames.append(source)
        if Path(source) == path and path.read_bytes() == b"old":
            path.unlink()
            path.write_bytes(b"the new one")
        rename(source, target)

    monkeypatch.setattr("os.rename", replace_first)
    assert site.make_intake().run_once() == 1
    assert [flow.size_bytes for flow in site.received] == [len(b"the new one")]
    assert len(renames) == 2


def test_a_file_that_vanishes_before_its_claim_is_no_error(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    path = site.drop("a.xml")
    mkdir = os.mkdir

    def vanish(*arguments: object, **options: object) -> None:
        path.unlink(missing_ok=True)
        mkdir(*arguments, **options)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr("os.mkdir", vanish)
    assert site.make_intake().run_once() == 0
    assert (site.reports.events, site.left) == ([], [])


def test_a_second_file_of_the_same_name_is_not_overwritten_by_the_first_going_back(site: Site) -> None:
    site.drop("a.xml", b"first")
    failures = [VaultError("disk full")]

    def fail_once() -> None:
        if failures:
            site.drop("a.xml", b"the second")
            raise failures.pop()

    site.vault.before = fail_once
    intake = site.make_intake()
    assert intake.run_once() + intake.run_once() == 2
    assert sorted(flow.size_bytes for flow in site.received) == [5, 10]


def test_a_file_that_may_not_be_linked_back_waits_in_its_claim(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    path = site.drop("a.xml", b"x" * 10)
    writer = path.open("ab", buffering=0)
    pending = [b"y" * 5]

    def forbid(*_: object, **__: object) -> None:
        raise PermissionError(1, "protected hard link")

    def write_more() -> None:
        if pending:
            writer.write(pending.pop())

    monkeypatch.setattr("os.link", forbid)
    site.vault.during = write_more
    assert site.make_intake(settings=BLIND).run_once() == 1
    writer.close()
    assert ([flow.size_bytes for flow in site.received], site.left) == ([15], [])


def test_with_a_full_disk_the_file_stays_and_is_taken_later(site: Site) -> None:
    site.drop("a.xml")
    site.drop("b.xml")

    def disk_full() -> None:
        raise VaultError("no space left")

    site.vault.before = disk_full
    intake = site.make_intake()
    assert intake.run_once() == 0
    assert sorted(path.name for path in site.acme.iterdir() if path.is_file()) == ["a.xml", "b.xml"]
    assert "intake_paused" in site.reports.names
    site.vault.before = lambda: None
    assert intake.run_once() == 2


@pytest.mark.parametrize(
    ("failure", "told"),
    [(VaultError("no space left"), "intake_paused"), (LedgerError("no space left"), "ledger_refused_arrivals")],
)
def test_trouble_that_lasts_is_told_when_it_begins_and_when_it_is_over(
    site: Site, failure: Exception, told: str
) -> None:
    def fail() -> None:
        raise failure

    site.vault.before = fail if told == "intake_paused" else lambda: None
    site.ledger.before = fail if told == "ledger_refused_arrivals" else lambda: None
    intake = site.make_intake()
    for number in range(5):
        site.drop(f"{number}.xml")
        assert intake.run_once() == 0
    site.vault.before = site.ledger.before = lambda: None
    assert intake.run_once() == 5
    assert site.reports.names == [told, "intake_resumed"]


def test_a_sweep_that_finds_nothing_does_not_end_trouble(site: Site) -> None:
    def fail() -> None:
        raise VaultError("no space left")

    site.vault.before = fail
    intake = site.make_intake()
    for _ in range(3):
        path = site.drop("a.xml")
        intake.run_once()
        path.unlink()
        intake.run_once()
    assert site.reports.names == ["intake_paused"]


def test_a_folder_that_lets_nobody_claim_is_told_of_once_while_that_lasts(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise IntakeError("read-only file system")

    site.drop("a.xml")
    intake = site.make_intake()
    with monkeypatch.context() as broken:
        broken.setattr("flux.intake.service.claim_file", refuse)
        for _ in range(3):
            intake.run_once()
    assert intake.run_once() == 1
    assert site.reports.names == ["file_not_claimed"]


@pytest.mark.parametrize("is_committed", [False, True], ids=["refused", "answer lost"])
def test_when_the_ledger_fails_the_claim_is_told_again_and_makes_one_flow(site: Site, *, is_committed: bool) -> None:
    site.drop("a.xml")

    def fail() -> None:
        raise LedgerError("connection lost")

    setattr(site.ledger, "after" if is_committed else "before", fail)
    intake = site.make_intake()
    assert intake.run_once() == 0
    assert site.left == ["a.xml"]
    site.ledger.before = site.ledger.after = lambda: None
    assert intake.run_once() == 1
    assert (site.ledger.names, len(site.ledger.flows), site.left) == (["a.xml"], 1, [])


def test_an_arrival_that_the_ledger_cannot_hold_holds_up_no_other_and_is_not_lost(site: Site) -> None:
    for name in ("a.xml", "bad.xml", "c.xml"):
        site.drop(name)
    site.ledger.unfit = "bad.xml"
    intake = site.make_intake()
    assert intake.run_once() == 2
    site.drop("d.xml")
    assert intake.run_once() == 1
    assert (site.ledger.names, site.left) == (["a.xml", "c.xml", "d.xml"], ["bad.xml"])
    assert site.reports.names == ["arrival_refused"]
    site.ledger.unfit = ""
    assert intake.run_once() == 1


def test_one_file_that_cannot_be_read_holds_up_no_other(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = site.drop("bad.xml", b"bad")
    site.drop("good.xml", b"good")
    inode, read = bad.stat().st_ino, os.read

    def fail_on_bad(descriptor: int, size: int) -> bytes:
        if os.fstat(descriptor).st_ino == inode:
            raise OSError(5, "input/output error")
        return read(descriptor, size)

    monkeypatch.setattr("os.read", fail_on_bad)
    intake = site.make_intake()
    assert intake.run_once() == 1
    assert (site.ledger.names, site.left) == (["good.xml"], ["bad.xml"])
    assert "file_unreadable" in site.reports.names


def test_a_folder_that_cannot_be_claimed_from_holds_up_no_other(site: Site, tmp_path: Path) -> None:
    (site.inbox / "evil").mkdir()
    (site.inbox / "evil" / ".claims").symlink_to(tmp_path)
    site.drop("a.xml", partner="evil")
    site.drop("b.xml")
    assert site.make_intake().run_once() == 1
    assert (site.ledger.names, "file_not_claimed" in site.reports.names) == (["b.xml"], True)


def test_an_inbox_that_is_gone_is_told_and_waited_for(site: Site) -> None:
    site.inbox.rename(site.inbox.with_name("away"))
    intake = site.make_intake()
    assert intake.run_once() == 0
    assert "inbox_unreadable" in site.reports.names
    site.inbox.with_name("away").rename(site.inbox)
    site.drop("a.xml")
    assert intake.run_once() == 1


def test_two_gateways_on_one_inbox_take_each_file_once(site: Site) -> None:
    names = [f"{number}.xml" for number in range(300)]
    for name in names:
        site.drop(name)
    threads = [threading.Thread(target=site.make_intake(gateway).run_once) for gateway in ("g1", "g2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(TIME_LIMIT_SECONDS)
    assert (site.ledger.names, site.left) == (sorted(names), [])
    assert {"file_not_claimed", "file_unreadable"}.isdisjoint(site.reports.names)


def test_one_gateway_never_recovers_the_claims_of_another(site: Site) -> None:
    claim = site.acme / ".claims" / "g2" / ("0" * 32)
    claim.mkdir(parents=True)
    (claim / "a.xml").write_bytes(b"<a/>")
    assert site.make_intake("g1").run_once() == 0
    assert site.make_intake("g2").run_once() == 1


def test_a_claim_that_is_a_link_is_not_followed(site: Site, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    claim = site.acme / ".claims" / "g1" / ("0" * 32)
    claim.mkdir(parents=True)
    (claim / "a.xml").symlink_to(tmp_path / "secret")
    assert site.make_intake().run_once() == 0
    assert (tmp_path / "secret").exists()


def test_a_burst_is_written_in_batches(site: Site) -> None:
    names = [f"{number:04}.xml" for number in range(2000)]
    for name in names:
        site.drop(name)
    assert site.make_intake().run_once() == 2000
    assert (site.ledger.names, site.left) == (names, [])
    assert max(site.ledger.commits) <= 100
    assert len(site.ledger.commits) < 400


FILE_OPERATIONS = ("mkdir", "rename", "open", "link", "unlink", "rmdir", "fsync", "read")


def die_at(step: int, site: Site, monkeypatch: pytest.MonkeyPatch) -> CrashAt:
    """Watch over every operation on files, on the vault and on the ledger, and die at one of them."""
    crash = CrashAt(step)

    def watched(operation: Callable[..., object]) -> Callable[..., object]:
        def run(*arguments: object, **options: object) -> object:
            crash()
            return operation(*arguments, **options)

        return run

    for name in FILE_OPERATIONS:
        monkeypatch.setattr(f"os.{name}", watched(getattr(os, name)))
    for hook in ("before", "after"):
        setattr(site.vault, hook, crash)
        setattr(site.ledger, hook, crash)
    return crash


def revive(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    for hook in ("before", "after", "during"):
        setattr(site.vault, hook, lambda: None)
        setattr(site.ledger, hook, lambda: None)


STEPS = 40  # more than there are


def test_the_crash_tests_reach_the_last_step(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.drop("a.xml", b"<a/>")
    site.drop("b.xml", b"<b/>")
    crash = die_at(STEPS, site, monkeypatch)
    assert site.make_intake().run_once() == 2
    assert not crash.happened


@pytest.mark.parametrize("step", range(1, STEPS))
def test_a_crash_at_any_point_leaves_exactly_one_flow_of_each_file(
    site: Site, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    site.drop("a.xml", b"<a/>")
    site.drop("b.xml", b"<b/>")
    intake = site.make_intake()
    die_at(step, site, monkeypatch)
    try:
        intake.run_once()
    except Crash:
        pass
    finally:
        revive(site, monkeypatch)
    site.make_intake().run_once()
    assert (site.ledger.names, site.left) == (["a.xml", "b.xml"], [])


@pytest.mark.parametrize("settings", [QUICK, IntakeSettings(marker_suffix=".done")], ids=["unmarked", "marked"])
@pytest.mark.parametrize("step", range(1, 21))
def test_a_crash_while_a_file_goes_back_leaves_exactly_one_flow(
    site: Site, monkeypatch: pytest.MonkeyPatch, step: int, settings: IntakeSettings
) -> None:
    site.drop("a.xml", b"<a/>")
    if settings.marker_suffix:
        site.drop("a.xml.done")
    intake = site.make_intake(settings=settings)
    die_at(step, site, monkeypatch)

    def disk_full() -> None:
        raise VaultError("no space left")

    site.vault.before = disk_full
    try:
        intake.run_once()
    except Crash:
        pass
    finally:
        revive(site, monkeypatch)
    restarted = site.make_intake(settings=settings)
    restarted.run_once()
    restarted.run_once()  # a marker that was made again is seen by the second sweep
    assert (site.ledger.names, site.left) == (["a.xml"], [])
