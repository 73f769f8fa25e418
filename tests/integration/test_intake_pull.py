"""Pulling from a partner's server, into a real inbox."""

import errno
import os
import threading
from collections.abc import Callable, Container, Sequence
from itertools import count
from pathlib import Path

import pytest

from flux.errors import LedgerError, TransportError, TransportRefused, VaultError
from flux.intake.pull import FAILURES_PER_GROUP, GROUP_FILES, Puller, PullSource
from flux.intake.reception import Reception
from flux.intake.settings import IntakeSettings
from flux.model.flow import Flow
from flux.model.ports import RemoteFile
from flux.transport.settings import AfterFetch
from tests.fakes.intake import (
    NOW,
    Crash,
    CrashAt,
    FakeIntakeLedger,
    FakeServer,
    FakeVault,
    Reports,
    make_partner,
    no_fault,
)

QUICK = IntakeSettings(stable_seconds=0.01)
REMOVE, KEEP = AfterFetch.REMOVE, AfterFetch.KEEP
TIME_LIMIT_SECONDS = 10.0


class Site:
    """An inbox that is fed from servers."""

    def __init__(self, root: Path) -> None:
        self.inbox = root / "inbox"
        self.inbox.mkdir()
        self.ledger = FakeIntakeLedger()
        self.vault = FakeVault(root / "vault")
        self.reports = Reports()
        self.received: list[Flow] = []
        self.start()

    def start(self) -> None:
        """A new process: what was in memory is gone."""

        def on_received(flows: Sequence[Flow]) -> None:
            self.received.extend(flows)

        self.reception = Reception(
            inbox=self.inbox,
            gateway="g1",
            partners={"acme": make_partner()},
            ledger=self.ledger,
            vault=self.vault,
            settings=QUICK,
            clock=lambda: NOW,
            on_received=on_received,
            report=self.reports,
        )

    def make_puller(
        self, server: FakeServer, after_fetch: AfterFetch = REMOVE, partner: str = "acme", poll_seconds: float = 0.01
    ) -> Puller:
        return Puller(
            source=PullSource(
                partner=partner,
                transport=server,
                after_fetch=after_fetch,
                poll_seconds=poll_seconds,
                folder=FakeServer.folder,
            ),
            inbox=self.inbox,
            gateway="g1",
            ledger=self.ledger,
            reception=self.reception,
            settings=QUICK,
            report=self.reports,
        )

    @property
    def left(self) -> list[str]:
        return sorted(path.name for path in self.inbox.rglob("*") if path.is_file())


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


def serve(*names: str, is_one_shot: bool = False) -> FakeServer:
    server = FakeServer(is_one_shot=is_one_shot)
    server.files = {name: (f"<{name}/>".encode(), 1000.0) for name in names}
    return server


def test_files_are_fetched_once_and_removed_there(site: Site, stop: threading.Event) -> None:
    server = serve("a.xml", "b.xml")
    assert site.make_puller(server).pull(stop) == 2
    assert (site.ledger.names, server.files, site.left) == (["a.xml", "b.xml"], {}, [])


def test_a_file_is_removed_there_only_after_the_ledger_holds_it(site: Site, stop: threading.Event) -> None:
    server = serve("a.xml")
    server.on_remove = lambda: pytest.fail("too early") if not site.ledger.flows else None
    assert site.make_puller(server).pull(stop) == 1


def test_another_file_that_bears_the_name_meanwhile_is_fetched_before_it_goes(
    site: Site, stop: threading.Event
) -> None:
    server = serve("a.xml")
    puller = site.make_puller(server)

    def write_anew() -> None:
        server.files["a.xml"] = (b"<newer/>", 2000.0)
        server.on_remove = no_fault

    server.on_remove = write_anew
    assert [puller.pull(stop), puller.pull(stop)] == [1, 1]
    assert ([flow.size_bytes for flow in site.received], server.files) == ([len(b"<a.xml/>"), len(b"<newer/>")], {})


def test_files_that_stay_on_the_server_are_remembered(site: Site, stop: threading.Event) -> None:
    server = serve("a.xml")
    puller = site.make_puller(server, KEEP)
    assert [puller.pull(stop), puller.pull(stop), site.make_puller(server, KEEP).pull(stop)] == [1, 0, 0]
    assert (server.fetched, server.removed) == (["a.xml"], [])


def test_of_files_that_stay_there_the_ledger_forgets_what_the_server_no_longer_shows(
    site: Site, stop: threading.Event
) -> None:
    server = serve("a.xml")
    puller = site.make_puller(server, KEEP)
    for name in ("b.xml", "c.xml", "d.xml"):  # the partner clears its folder behind us
        puller.pull(stop)
        server.files = {name: (b"<next/>", 1000.0)}
    puller.pull(stop)
    puller.pull(stop)
    assert ([key.split("/")[1] for _, key in site.ledger.pulled], len(site.received)) == (["d.xml"], 4)


def test_what_went_while_no_process_ran_is_forgotten_at_the_first_listing(site: Site, stop: threading.Event) -> None:
    server = serve("a.xml", "b.xml")
    site.make_puller(server, KEEP).pull(stop)
    del server.files["a.xml"]
    site.make_puller(server, KEEP).pull(stop)
    assert [key.split("/")[1] for _, key in site.ledger.pulled] == ["b.xml"]


def test_a_folder_that_is_empty_for_a_while_or_cannot_be_listed_makes_no_file_come_twice(
    site: Site, stop: threading.Event
) -> None:
    server = serve("a.xml", "b.xml")
    puller = site.make_puller(server, KEEP)
    puller.pull(stop)
    there, server.files = server.files, {}
    puller.pull(stop)

    def fail() -> None:
        raise TransportError("away")

    server.files, server.on_list = there, fail
    puller.pull(stop)
    server.on_list = no_fault
    assert [puller.pull(stop), len(site.received)] == [0, 2]


def test_a_file_that_was_written_anew_is_another_file(site: Site, stop: threading.Event) -> None:
    server = serve("a.xml")
    puller = site.make_puller(server, KEEP)
    puller.pull(stop)
    server.files["a.xml"] = (b"<a.xml/>", 2000.0)
    assert puller.pull(stop) == 1


def test_a_file_that_grows_between_two_looks_waits(site: Site, stop: threading.Event) -> None:
    server = serve("a.xml")
    sizes = iter(range(1, 100))

    def grow() -> None:
        server.files["a.xml"] = (b"x" * next(sizes), 1000.0)

    server.on_list = grow
    puller = site.make_puller(server)
    assert [puller.pull(stop), puller.pull(stop)] == [0, 0]
    server.on_list = lambda: None
    assert puller.pull(stop) == 1


@pytest.mark.parametrize("name", ["a.xml.part", ".a.xml", "../a.xml", "/a.xml", "..", "d/a.xml"])
def test_names_that_are_temporary_or_lead_elsewhere_are_left_there(
    site: Site, stop: threading.Event, name: str
) -> None:
    assert site.make_puller(serve(name)).pull(stop) == 0


def test_a_file_that_vanishes_between_listing_and_fetching_is_no_error(site: Site, stop: threading.Event) -> None:
    server = serve("a.xml", "b.xml")
    server.on_fetch = lambda: server.files.pop("a.xml", None) and None
    assert site.make_puller(server).pull(stop) == 1
    assert (site.ledger.names, site.reports.events, site.left) == (["b.xml"], [], [])


def test_one_file_that_cannot_be_fetched_holds_up_no_other(site: Site, stop: threading.Event) -> None:
    server = serve("a.xml", "b.xml")
    failures = [TransportError("permission denied")]

    def fail_once() -> None:
        if failures:
            raise failures.pop()

    server.on_fetch = fail_once
    puller = site.make_puller(server)
    assert puller.pull(stop) == 1
    assert (site.ledger.names, site.reports.names, site.left) == (["b.xml"], ["pull_failed"], [])
    assert puller.pull(stop) == 1


def test_a_file_that_comes_in_another_size_is_fetched_again(site: Site, stop: threading.Event) -> None:
    server = serve("a.xml")
    puller = site.make_puller(server)

    def grow() -> None:
        server.files["a.xml"] = (b"<longer than listed/>", 1001.0)

    server.on_fetch = grow
    assert (puller.pull(stop), site.left) == (0, [])
    assert puller.pull(stop) == 1
    assert site.received[0].size_bytes == len(b"<longer than listed/>")


def test_the_only_copy_is_kept_whatever_its_size(site: Site, stop: threading.Event) -> None:
    server = serve("a.xml", is_one_shot=True)

    def grow() -> None:
        server.files["a.xml"] = (b"<longer than listed/>", 1001.0)

    server.on_fetch = grow
    assert site.make_puller(server).pull(stop) == 1


@pytest.mark.parametrize(
    "error", [TransportError("timed out"), TransportRefused("wrong host key"), ValueError("what nobody thought of")]
)
def test_a_server_that_fails_is_told_and_tried_again(site: Site, stop: threading.Event, error: Exception) -> None:
    server = serve("a.xml")

    def fail() -> None:
        raise error

    server.on_list = fail
    puller = site.make_puller(server)
    assert puller.pull(stop) == 0
    assert site.reports.events[0][1]["partner"] == "acme"
    server.on_list = lambda: None
    assert puller.pull(stop) == 1


def test_a_server_that_hangs_stops_no_other(site: Site, stop: threading.Event) -> None:
    hanging, good = serve("a.xml"), serve("b.xml")
    released = threading.Event()

    def hang() -> None:
        released.wait(TIME_LIMIT_SECONDS)
        raise TransportError("timed out")

    def finish() -> None:
        stop.set()
        released.set()

    hanging.on_list = hang
    good.on_remove = finish
    pullers = [site.make_puller(hanging), site.make_puller(good, partner="other")]
    threads = [threading.Thread(target=puller.serve, args=(stop,)) for puller in pullers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(TIME_LIMIT_SECONDS)
        assert not thread.is_alive()
    assert site.ledger.names == ["b.xml"]


@pytest.mark.parametrize("room", ["ledger", "vault"])
def test_a_fetched_file_that_we_fail_to_keep_is_not_fetched_again(site: Site, stop: threading.Event, room: str) -> None:
    server = serve("a.xml", "b.xml", is_one_shot=True)
    failures = [LedgerError("locked") if room == "ledger" else VaultError("no space left")]

    def fail_once() -> None:
        if failures:
            raise failures.pop()

    getattr(site, room).before = fail_once
    puller = site.make_puller(server)
    assert puller.pull(stop) < 2
    puller.pull(stop)
    assert (server.fetched, site.ledger.names, site.left) == (["a.xml", "b.xml"], ["a.xml", "b.xml"], [])


def test_what_we_cannot_keep_for_long_is_fetched_once_all_the_same(site: Site, stop: threading.Event) -> None:
    server = serve("a.xml")

    def fail() -> None:
        raise VaultError("no space left")

    site.vault.before = fail
    puller = site.make_puller(server)
    assert [puller.pull(stop), puller.pull(stop), puller.pull(stop)] == [0, 0, 0]
    site.vault.before = lambda: None
    puller.pull(stop)
    assert (server.fetched, site.ledger.names, server.files) == (["a.xml"], ["a.xml"], {})


def test_half_a_file_is_asked_for_again_after_a_crash(site: Site, stop: threading.Event) -> None:
    server = serve("a.xml")

    def die_half_way() -> None:
        (part,) = site.inbox.rglob("*.pulled")
        part.with_suffix(".part").write_bytes(b"<a.")
        raise Crash

    server.on_fetch = die_half_way
    with pytest.raises(Crash):
        site.make_puller(server).pull(stop)
    server.on_fetch = lambda: None
    site.start()
    assert site.make_puller(server).pull(stop) == 1
    assert ([flow.size_bytes for flow in site.received], site.left) == ([len(b"<a.xml/>")], [])


def test_a_removal_that_failed_is_made_up_for_without_fetching(site: Site, stop: threading.Event) -> None:
    server = serve("a.xml")

    def fail() -> None:
        raise TransportError("timed out")

    server.on_remove = fail
    site.make_puller(server).pull(stop)
    server.on_remove = lambda: None
    assert site.make_puller(server).pull(stop) == 0
    assert (server.fetched, server.files) == (["a.xml"], {})


def test_files_that_cannot_be_removed_hold_up_no_other_and_are_told_once(site: Site, stop: threading.Event) -> None:
    stuck = {f"a{number}.xml" for number in range(GROUP_FILES)}
    server = serve(*sorted(stuck), "b.xml")
    puller = site.make_puller(refuse_removals_of(server, stuck))
    assert [puller.pull(stop), puller.pull(stop)] == [len(stuck) + 1, 0]
    assert (set(server.files), site.reports.names) == (stuck, ["pulled_file_not_removed"])


def test_of_one_group_those_that_can_be_removed_are(site: Site, stop: threading.Event) -> None:
    stuck = {f"a{number}.xml" for number in range(FAILURES_PER_GROUP)}
    server = serve(*sorted(stuck), "b.xml")
    puller = site.make_puller(refuse_removals_of(server, stuck))
    assert [puller.pull(stop), puller.pull(stop), set(server.files)] == [len(stuck) + 1, 0, stuck]


@pytest.mark.parametrize("is_one_shot", [False, True], ids=["remove", "one-shot"])
def test_a_file_that_comes_after_one_of_its_name_size_and_date_is_another(
    site: Site, stop: threading.Event, *, is_one_shot: bool
) -> None:
    server = FakeServer(is_one_shot=is_one_shot)
    puller = site.make_puller(server)
    for content in (b"<v1/>", b"<v2/>"):
        server.files["a.xml"] = (content, 0.0)  # of a server that tells no date
        assert puller.pull(stop) == 1
    assert (len(site.received), server.files) == (2, {})


def test_a_file_that_went_before_a_crash_could_be_noted_is_not_taken_for_its_successor(
    site: Site, stop: threading.Event
) -> None:
    server = serve("a.xml", is_one_shot=True)
    site.ledger.after = CrashAt(1)
    with pytest.raises(Crash):
        site.make_puller(server).pull(stop)
    site.ledger.after = no_fault
    site.start()
    puller = site.make_puller(server)
    puller.pull(stop)
    server.files["a.xml"] = (b"<A.XML/>", 1000.0)
    assert (puller.pull(stop), len(site.ledger.flows)) == (1, 2)


LONG = "é" * 200 + ".xml"  # more than the 255 bytes that a file of this machine may be called


def test_a_name_that_no_file_here_can_bear_is_fetched_like_any_other(site: Site, stop: threading.Event) -> None:
    server = serve(LONG, "a.xml")
    assert site.make_puller(server).pull(stop) == 2
    assert (site.ledger.names, server.files, site.left) == (["a.xml", LONG], {}, [])


def test_a_name_that_no_file_here_can_bear_is_recovered_like_any_other(site: Site, stop: threading.Event) -> None:
    server = serve(LONG, is_one_shot=True)
    site.ledger.before = CrashAt(1)
    with pytest.raises(Crash):
        site.make_puller(server).pull(stop)
    site.ledger.before = no_fault
    site.start()
    site.reception.receive()
    assert (site.ledger.names, site.left) == ([LONG], [])


def refuse_removals_of(server: FakeServer, names: Container[str]) -> FakeServer:
    remove = server.remove

    def refuse(folder: str, name: str, taken: RemoteFile | None = None) -> None:
        if name in names:
            raise TransportRefused("permission denied")
        remove(folder, name, taken)

    server.remove = refuse  # type: ignore[method-assign] # a server that lets nobody remove them
    return server


STEPS = 40  # more than there are
FILE_OPERATIONS = ("mkdir", "rename", "open", "unlink", "rmdir", "fsync", "read")


def die_at(step: int, site: Site, server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> CrashAt:
    crash = CrashAt(step)

    def watched(operation: Callable[..., object]) -> Callable[..., object]:
        def run(*arguments: object, **options: object) -> object:
            crash()
            return operation(*arguments, **options)

        return run

    for name in FILE_OPERATIONS:
        monkeypatch.setattr(f"os.{name}", watched(getattr(os, name)))
    hooks = ((site.vault, "before"), (site.vault, "after"), (site.ledger, "before"), (site.ledger, "after"))
    for owner, hook in (*hooks, (server, "on_fetch"), (server, "on_remove")):
        monkeypatch.setattr(owner, hook, crash)
    return crash


def test_the_crash_tests_reach_the_last_step(
    site: Site, stop: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve("a.xml")
    crash = die_at(STEPS, site, server, monkeypatch)
    assert site.make_puller(server).pull(stop) == 1
    assert not crash.happened


@pytest.mark.parametrize("is_one_shot", [False, True], ids=["remove", "one-shot"])
@pytest.mark.parametrize("step", range(1, STEPS))
def test_a_crash_at_any_point_leaves_exactly_one_flow(
    site: Site, stop: threading.Event, monkeypatch: pytest.MonkeyPatch, step: int, *, is_one_shot: bool
) -> None:
    server = serve("a.xml", is_one_shot=is_one_shot)
    with monkeypatch.context() as patched:
        die_at(step, site, server, patched)
        try:
            site.make_puller(server).pull(stop)
        except Crash:
            stop.clear()
    site.start()
    site.make_puller(server).pull(stop)
    assert (site.ledger.names, server.fetched, server.files) == (["a.xml"], ["a.xml"], {})
    assert site.left == []


@pytest.mark.parametrize("is_one_shot", [False, True], ids=["remove", "one-shot"])
@pytest.mark.parametrize("step", range(1, STEPS))
def test_a_disk_that_fails_once_at_any_point_makes_exactly_one_flow_of_a_file(
    site: Site, stop: threading.Event, monkeypatch: pytest.MonkeyPatch, step: int, *, is_one_shot: bool
) -> None:
    server = serve("a.xml", is_one_shot=is_one_shot)
    puller = site.make_puller(server)
    with monkeypatch.context() as patched:
        fail_at(step, patched)
        puller.pull(stop)
    puller.pull(stop)
    site.start()
    site.make_puller(server).pull(stop)
    assert (site.ledger.names, server.files, site.left) == (["a.xml"], {}, [])


def fail_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """One operation on a file fails; each of the others does what it is asked."""
    steps = count(1)

    def watched(operation: Callable[..., object]) -> Callable[..., object]:
        def run(*arguments: object, **options: object) -> object:
            if next(steps) == step:
                raise OSError(errno.EIO, "Input/output error")
            return operation(*arguments, **options)

        return run

    for name in FILE_OPERATIONS:
        monkeypatch.setattr(f"os.{name}", watched(getattr(os, name)))
