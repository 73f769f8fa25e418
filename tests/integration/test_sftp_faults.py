"""A server that fails at each request in turn: nothing lost, nothing twice, nothing partial."""

import errno
import socket
import struct
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from flux.errors import TransportError, TransportRefused
from flux.ledger.memory import open_memory
from flux.model.lifecycle import DeliveryState
from flux.transport.settings import AfterFetch, RenameMode, TransportSettings
from flux.transport.sftp import SftpTransport
from tests.contract.ledger_desk import Desk
from tests.faults.sftp_sweep import CONTENT, deliver, open_site, pull
from tests.servers.cut_link import CutLink
from tests.servers.misbehaving_sftp import Behaviour, Fault, MisbehavingSftp

Site = tuple[MisbehavingSftp, TransportSettings]

CUTS = (Fault.CUT_BEFORE, Fault.CUT_AFTER)
SILENCES = (Fault.SILENT_BEFORE, Fault.SILENT_AFTER)
BREAKS = CUTS + SILENCES
DELIVERED, UNCERTAIN, DEAD = DeliveryState.DELIVERED, DeliveryState.UNCERTAIN, DeliveryState.DEAD


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A partner's profile, the server that it describes, and how many requests a delivery to it takes."""

    rename: RenameMode
    looks: bool = True
    overwrites: bool = True
    takes_at_once: bool = False
    requests: int

    @property
    def behaviour(self) -> Behaviour:
        return Behaviour(
            posix_rename=self.rename is RenameMode.POSIX,
            plain_rename=self.rename is RenameMode.PLAIN,
            overwrites=self.overwrites,
            looks=self.looks,
            takes_at_once=self.takes_at_once,
        )

    def settings(self, settings: TransportSettings) -> TransportSettings:
        return replace(settings, rename=self.rename, list=self.looks, overwrite=self.overwrites)


POSIX, PLAIN, NONE = RenameMode.POSIX, RenameMode.PLAIN, RenameMode.NONE
# Those on which a retry can find out what became of the attempt before it.
OPEN = {
    "posix": Profile(rename=POSIX, requests=12),
    "plain": Profile(rename=PLAIN, requests=12),
    "posix-no-overwrite": Profile(rename=POSIX, overwrites=False, requests=12),
    "plain-no-overwrite": Profile(rename=PLAIN, overwrites=False, requests=12),
}
# Those that hide, or take away, what would tell.
SHUT = {
    "posix-blind": Profile(rename=POSIX, looks=False, requests=8),
    "plain-blind": Profile(rename=PLAIN, looks=False, requests=8),
    "posix-blind-no-overwrite": Profile(rename=POSIX, looks=False, overwrites=False, requests=8),
    "posix-taken-at-once": Profile(rename=POSIX, takes_at_once=True, requests=12),
    "plain-taken-at-once": Profile(rename=PLAIN, takes_at_once=True, requests=12),
}
# Without a rename the name is there from the first byte.
IN_PLACE = {
    "none": Profile(rename=NONE, requests=11),
    "none-blind": Profile(rename=NONE, looks=False, requests=7),
}


def breaks(profiles: dict[str, Profile]) -> list[tuple[str, int, Fault]]:
    """A cut at every request of every profile; silence, which takes its time, on the first profile of each kind."""
    every = [(name, step) for name, profile in profiles.items() for step in range(profile.requests)]
    cuts = [(name, step, fault) for name, step in every for fault in CUTS]
    return cuts + [(name, step, fault) for name, step in every if name == next(iter(profiles)) for fault in SILENCES]


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    database = open_memory()
    yield Desk(database)
    database.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


@pytest.fixture
def own_site(tmp_path: Path) -> Iterator[Site]:
    """A server for one test: one that gives a file once may still be taking it away when the next begins."""
    with open_site(tmp_path) as (server, settings):
        # A pause of a busy machine is no silence: what is given once is lost by it.
        yield server, replace(settings, timeout_seconds=1.0)


@pytest.mark.parametrize(("name", "profile"), (OPEN | SHUT | IN_PLACE).items())
def test_the_sweep_reaches_every_request(desk: Desk, site: Site, name: str, profile: Profile) -> None:
    server, settings = site
    done = deliver(desk, server, profile.settings(settings), behaviour=profile.behaviour)
    assert (done.state, len(server.record.requests)) == (DELIVERED, profile.requests), name


@pytest.mark.parametrize(("name", "step", "fault"), breaks(OPEN))
def test_a_link_that_breaks_at_any_request_leaves_the_file_there_once(
    desk: Desk, site: Site, name: str, step: int, fault: Fault
) -> None:
    (server, settings), profile = site, OPEN[name]
    done = deliver(desk, server, profile.settings(settings), behaviour=profile.behaviour, plan={step: fault})
    assert (done.state, done.there) == (DELIVERED, {done.name: CONTENT}), done.error
    assert done.appeared == ((done.name, CONTENT),)


@pytest.mark.parametrize(("name", "step", "fault"), breaks(SHUT))
def test_where_nobody_can_look_a_break_never_leaves_a_part_and_never_a_second_file_unsaid(
    desk: Desk, site: Site, name: str, step: int, fault: Fault
) -> None:
    (server, settings), profile = site, SHUT[name]
    done = deliver(desk, server, profile.settings(settings), behaviour=profile.behaviour, plan={step: fault})
    assert done.state in (DELIVERED, UNCERTAIN), done.error
    assert all(content == CONTENT for _, content in done.appeared)
    # The same name again is what `overwrite` allows to a partner who lets nobody look.
    most = 2 if not profile.looks and profile.overwrites else 1
    assert (1 if done.state is DELIVERED else 0) <= len(done.appeared) <= most


@pytest.mark.parametrize(("name", "step", "fault"), breaks(IN_PLACE))
def test_without_a_rename_a_break_leaves_the_whole_file_in_the_end(
    desk: Desk, site: Site, name: str, step: int, fault: Fault
) -> None:
    (server, settings), profile = site, IN_PLACE[name]
    done = deliver(desk, server, profile.settings(settings), behaviour=profile.behaviour, plan={step: fault})
    assert (done.state, done.there) == (DELIVERED, {done.name: CONTENT}), done.error


@pytest.mark.parametrize("second", BREAKS)
@pytest.mark.parametrize("after", [1, 2, 3])
def test_a_link_that_breaks_again_while_we_ask_what_became_of_a_rename_doubles_nothing(
    desk: Desk, site: Site, second: Fault, after: int
) -> None:
    server, settings = site
    rename = OPEN["posix"].requests - 1
    plan = {rename: Fault.CUT_AFTER, rename + 1: Fault.CUT_BEFORE, rename + after: second}
    done = deliver(desk, server, settings, behaviour=Behaviour(takes_at_once=True), plan=plan)
    assert done.state is UNCERTAIN
    assert done.appeared == ((done.name, CONTENT),)


@pytest.mark.parametrize("step", range(12))
def test_a_request_that_is_refused_once_is_made_again_later(desk: Desk, site: Site, step: int) -> None:
    server, settings = site
    done = deliver(desk, server, settings, plan={step: Fault.REFUSE})
    assert (done.state, done.appeared) == (DELIVERED, ((done.name, CONTENT),)), done.error


@pytest.mark.parametrize("rename", [POSIX, PLAIN])
@pytest.mark.parametrize("quota", [0, 1, len(CONTENT) - 1])
def test_a_full_disk_that_lies_about_the_close_shows_no_part_and_is_made_good(
    desk: Desk, site: Site, rename: RenameMode, quota: int
) -> None:
    server, settings = site
    full = Behaviour(quota_bytes=quota)
    done = deliver(desk, server, replace(settings, rename=rename), behaviour=full, relief=Behaviour())
    assert (done.state, done.appeared) == (DELIVERED, ((done.name, CONTENT),))


@pytest.mark.parametrize(("rename", "other"), [(POSIX, "plain"), (PLAIN, "none")])
def test_a_server_without_that_rename_is_said_to_need_another_profile(
    desk: Desk, site: Site, rename: RenameMode, other: str
) -> None:
    server, settings = site
    without = Behaviour(posix_rename=False, plain_rename=False)
    done = deliver(desk, server, replace(settings, rename=rename), behaviour=without)
    assert (done.state, done.appeared) == (DEAD, ())
    assert f'rename = "{other}"' in (done.error or "")


def test_a_changed_host_key_stops_everything_before_a_word_of_ours(desk: Desk, site: Site) -> None:
    server, settings = site
    _, _, key = server.known_hosts.partition(" ")
    stranger = f"[{server.host}]:{server.port} {'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI' + 'A' * 42 + 'A'}"
    done = deliver(desk, server, replace(settings, host_keys=(stranger,)))
    assert (done.state, server.record.requests) == (DEAD, [])
    assert key.split()[0] in server.known_hosts


PULL_REQUESTS = 17


@pytest.mark.parametrize("after_fetch", list(AfterFetch))
@pytest.mark.parametrize("fault", CUTS)
@pytest.mark.parametrize("step", range(PULL_REQUESTS))
def test_a_link_that_breaks_at_any_request_of_a_pull_makes_one_whole_flow(
    site: Site, tmp_path: Path, step: int, fault: Fault, after_fetch: AfterFetch
) -> None:
    server, settings = site
    done = pull(tmp_path, server, replace(settings, after_fetch=after_fetch), plan={step: fault})
    assert done.flows == (CONTENT,), done.reports
    assert done.there == ({} if after_fetch is AfterFetch.REMOVE else {"a.xml": CONTENT})


@pytest.mark.parametrize("fault", BREAKS)
@pytest.mark.parametrize("step", ["fstat 2", "close 3"])  # the second look at its size, and the close
def test_a_file_that_is_given_once_is_kept_when_the_link_breaks_after_its_last_byte(
    own_site: Site, tmp_path: Path, step: str, fault: Fault
) -> None:
    server, settings = own_site
    done = pull(tmp_path, server, settings, behaviour=Behaviour(gives_once=True), plan={step: fault})
    assert (done.flows, done.there) == ((CONTENT,), {}), done.reports


def test_a_file_that_is_given_once_is_kept_when_only_the_sync_of_its_name_fails_here(
    own_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, settings = own_site

    def fail(_: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("flux.durable.sync_folder", fail)
    done = pull(tmp_path, server, settings, behaviour=Behaviour(gives_once=True))
    assert (done.flows, done.reports[0]) == ((CONTENT,), "pull_failed")


def test_a_file_that_is_given_once_and_does_not_come_onto_our_disk_is_told(
    own_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, settings = own_site

    def fail(pieces: Iterable[bytes], _: Path) -> int:
        assert b"".join(pieces) == CONTENT
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("flux.durable.write_synced", fail)
    done = pull(tmp_path, server, settings, behaviour=Behaviour(gives_once=True))
    assert (done.flows, done.reports) == ((), ("pull_failed",))


def test_a_session_whose_goodbye_was_lost_is_not_used_again(own_site: Site, tmp_path: Path) -> None:
    server, settings = own_site
    (server.folder / "a.xml").write_bytes(CONTENT)
    server.behave(plan={7: Fault.SILENT_BEFORE})  # the close, after open, fstat, four reads and fstat
    # Nothing but the close is to be late, on a busy machine either.
    transport = SftpTransport(replace(settings, timeout_seconds=3.0))
    transport.fetch("", "a.xml", tmp_path / "target")
    assert server.record.requests[-1] == "close"
    transport.remove("", "a.xml")
    transport.close()
    assert server.visible() == {}


# Bytes of ours that reach the server before the link is cut: in the handshake, from the authentication on, and after.
REACHED = (30, 1_000, *range(1_900, 2_900, 100))
# What telling may take beyond the settings' patience; and the longest that an operator is promised to wait for it.
TELLING_SECONDS = 0.25
PROMISED_SECONDS = 10.0


def test_a_link_that_is_cut_while_we_connect_is_told_in_time_and_never_called_a_refusal(
    own_site: Site, tmp_path: Path
) -> None:
    server, settings = own_site
    source = tmp_path / "source"
    source.write_bytes(CONTENT)

    def connect(reached: int) -> tuple[type[TransportError], float]:
        """What was told, and how long after the cut."""
        with CutLink(server.port, reached) as link:
            known = server.known_hosts.replace(f":{server.port} ", f":{link.port} ")
            transport = SftpTransport(replace(settings, port=link.port, host_keys=(known,)))
            with pytest.raises(TransportError) as failed:
                transport.put(source, "", "a.xml")
            told = time.monotonic()
            transport.close()
        return type(failed.value), told - link.cut_at

    with ThreadPoolExecutor(4) as pool:
        told = dict(zip(REACHED, pool.map(connect, REACHED), strict=True))
    assert [reached for reached, (failure, _) in told.items() if issubclass(failure, TransportRefused)] == []
    latest = settings.timeout_seconds + TELLING_SECONDS
    assert {reached: late for reached, (_, late) in told.items() if late >= latest} == {}


def test_with_the_usual_settings_a_dead_link_is_told_within_the_ten_seconds_promised() -> None:
    assert TransportSettings().timeout_seconds + TELLING_SECONDS < PROMISED_SECONDS


def test_a_server_that_is_no_ssh_server_at_all_is_told_as_a_connection_that_failed(site: Site) -> None:
    _, settings = site
    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(1) as threads:
        threads.submit(offer_garbage, listening)
        transport = SftpTransport(replace(settings, port=listening.getsockname()[1]))
        with pytest.raises(TransportError, match="no connection"):
            transport.list("")


def offer_garbage(listening: socket.socket) -> None:
    """The key exchange of RFC 4253 (7.1), whose first list of algorithms is no text."""
    connection, _ = listening.accept()
    with connection:
        connection.sendall(b"SSH-2.0-broken\r\n")
        algorithms = b"\xff\xfe"
        message = b"\x14" + bytes(16) + struct.pack(">I", len(algorithms)) + algorithms + bytes(60)
        padding = 8 + -(len(message) + 5) % 8
        connection.sendall(struct.pack(">IB", 1 + len(message) + padding, padding) + message + bytes(padding))
        while connection.recv(4096):
            pass
