"""SFTP on a real OpenSSH server: who is trusted, what is cut, and what comes back."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import paramiko
import pytest

from flux.demo.sshd import LoopbackSshd
from flux.errors import TransportError, TransportRefused
from flux.transport.probe import ProbeReport, ProbeStatus, ProbeStep, probe
from flux.transport.settings import TransportKind, TransportSettings
from flux.transport.sftp import SftpTransport


@pytest.fixture(scope="module")
def sshd() -> Iterator[LoopbackSshd]:
    with LoopbackSshd() as server:
        yield server


@pytest.fixture(scope="module")
def stranger() -> Iterator[LoopbackSshd]:
    """Another server, with other keys."""
    with LoopbackSshd() as server:
        yield server


@pytest.fixture
def home(sshd: LoopbackSshd, tmp_path: Path) -> Path:
    return sshd.home(tmp_path.name)


@pytest.fixture
def settings(sshd: LoopbackSshd, home: Path) -> TransportSettings:
    return TransportSettings(
        kind=TransportKind.SFTP,
        path=str(home),
        host=sshd.host,
        port=sshd.port,
        user=sshd.user,
        key_file=sshd.key_file,
        host_keys=(sshd.known_hosts,),
    )


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.write_bytes(b"<flow/>")
    return path


@pytest.fixture
def transport(settings: TransportSettings) -> Iterator[SftpTransport]:
    transport = SftpTransport(settings)
    yield transport
    transport.close()


def names(home: Path) -> set[str]:
    return {path.name for path in home.iterdir()}


def key_of(server: LoopbackSshd) -> str:
    return server.known_hosts.split(" ", 1)[1]


def test_a_put_succeeds_after_the_server_killed_the_connection(
    transport: SftpTransport, sshd: LoopbackSshd, source: Path, home: Path
) -> None:
    transport.put(source, "", "before")
    sshd.drop_connections()
    transport.put(source, "", "after")
    assert names(home) == {"before", "after"}


def test_every_file_arrives_once_while_connections_are_killed(
    transport: SftpTransport, sshd: LoopbackSshd, source: Path, home: Path
) -> None:
    done = threading.Event()

    def kill() -> None:
        while not done.wait(0.2):
            sshd.drop_connections()

    def insist(number: int) -> None:
        for _ in range(100):
            try:
                return transport.put(source, "", f"f{number}")
            except TransportError:
                continue
        pytest.fail(f"f{number} was never delivered")

    killer = threading.Thread(target=kill)
    killer.start()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(insist, range(150)))
    done.set()
    killer.join()
    transport.put(source, "", "last")
    assert {name for name in names(home) if not name.endswith(".part")} == {f"f{n}" for n in range(150)} | {"last"}


def test_what_an_interrupted_upload_left_is_cleared_away_later(
    transport: SftpTransport, sshd: LoopbackSshd, source: Path, tmp_path: Path, home: Path
) -> None:
    large = tmp_path / "large"
    large.write_bytes(b"x" * 50_000_000)
    upload = threading.Thread(target=transport.put, args=(large, "", "large"))
    upload.start()
    deadline = time.monotonic() + 10
    while not names(home) and time.monotonic() < deadline:
        continue
    sshd.drop_connections()
    upload.join()
    transport.put(source, "", "small")
    assert names(home) == {"large", "small"}


def test_more_threads_than_the_server_grants_sessions_all_get_their_turn(
    settings: TransportSettings, source: Path, home: Path
) -> None:
    transport = SftpTransport(replace(settings, channels=80))
    with ThreadPoolExecutor(80) as pool:
        list(pool.map(lambda number: transport.put(source, "", f"f{number}"), range(160)))
    transport.close()
    assert len(names(home)) == 160


def test_a_name_that_is_not_utf_8_does_not_hide_the_others(
    transport: SftpTransport, home: Path, tmp_path: Path
) -> None:
    Path(f"{home}/".encode().decode() + b"re\xe7u.xml".decode(errors="surrogateescape")).write_bytes(b"latin")
    (home / "b.xml").write_bytes(b"b")
    listed = sorted(file.name for file in transport.list(""))
    assert listed == ["b.xml", "re\udce7u.xml"]
    transport.fetch("", listed[1], tmp_path / "target")
    assert (tmp_path / "target").read_bytes() == b"latin"


def test_a_wrong_host_key_is_refused_and_both_fingerprints_are_named(
    settings: TransportSettings, sshd: LoopbackSshd, stranger: LoopbackSshd, source: Path, home: Path
) -> None:
    wrong = f"[{sshd.host}]:{sshd.port} {key_of(stranger)}"
    with pytest.raises(TransportRefused) as refused:
        SftpTransport(replace(settings, host_keys=(wrong,))).put(source, "", "a.xml")
    assert str(refused.value).count("SHA256:") == 2
    assert names(home) == set()


def test_a_server_without_a_pinned_key_is_refused(settings: TransportSettings, source: Path) -> None:
    with pytest.raises(TransportRefused, match="no host key is pinned"):
        SftpTransport(replace(settings, host_keys=())).put(source, "", "a.xml")


def test_a_key_pinned_for_another_host_counts_for_nothing(
    settings: TransportSettings, sshd: LoopbackSshd, source: Path
) -> None:
    elsewhere = f"elsewhere.example {key_of(sshd)}"
    with pytest.raises(TransportRefused, match="none for this host"):
        SftpTransport(replace(settings, host_keys=(elsewhere,))).put(source, "", "a.xml")


def test_the_old_and_the_new_key_may_be_pinned_together(
    settings: TransportSettings, sshd: LoopbackSshd, stranger: LoopbackSshd, source: Path, home: Path
) -> None:
    old = f"[{sshd.host}]:{sshd.port} {key_of(stranger)}"
    SftpTransport(replace(settings, host_keys=(old, sshd.known_hosts))).put(source, "", "a.xml")
    assert names(home) == {"a.xml"}


def test_pinned_keys_may_stand_in_a_file(
    settings: TransportSettings, sshd: LoopbackSshd, source: Path, home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "known_hosts"
    file.write_text(f"# our partners\n\n{sshd.known_hosts}\n")
    SftpTransport(replace(settings, host_keys=(str(file),))).put(source, "", "a.xml")
    assert names(home) == {"a.xml"}


def test_a_client_key_that_the_server_does_not_know_is_refused(
    settings: TransportSettings, stranger: LoopbackSshd, source: Path
) -> None:
    with pytest.raises(TransportRefused, match="refuses the key"):
        SftpTransport(replace(settings, key_file=stranger.key_file)).put(source, "", "a.xml")


@pytest.mark.parametrize(
    "content",
    [
        None,  # no such file
        b"",  # empty
        b"-----BEGIN OPENSSH PRIVATE KEY-----\nbm90IGEga2V5\n-----END OPENSSH PRIVATE KEY-----\n",  # no key inside
    ],
)
def test_a_key_file_that_is_no_key_is_refused_by_name(
    settings: TransportSettings, source: Path, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "key"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TransportRefused, match=str(path)):
        SftpTransport(replace(settings, key_file=path)).put(source, "", "a.xml")


@pytest.fixture
def other_key(tmp_path: Path) -> Path:
    """A key of ours that the server does not know yet."""
    path = tmp_path / "other_key"
    paramiko.ECDSAKey.generate().write_private_key_file(str(path))
    return path


@pytest.fixture
def own_server() -> Iterator[LoopbackSshd]:
    """A server whose keys a test may change."""
    with LoopbackSshd() as server:
        yield server


@pytest.mark.parametrize("first", ["unknown to the server", "absent"])
def test_the_second_key_lets_us_in_where_the_first_does_not(
    settings: TransportSettings, sshd: LoopbackSshd, other_key: Path, source: Path, home: Path, first: str
) -> None:
    key = other_key if first != "absent" else other_key.with_name("absent")
    SftpTransport(replace(settings, key_file=key, key_files=(sshd.key_file,))).put(source, "", "a.xml")
    assert names(home) == {"a.xml"}


def test_nothing_is_lost_while_the_partner_changes_from_our_old_key_to_the_new_one(
    own_server: LoopbackSshd, settings: TransportSettings, other_key: Path, source: Path
) -> None:
    home = own_server.home("home")
    ours = replace(
        settings,
        host=own_server.host,
        port=own_server.port,
        host_keys=(own_server.known_hosts,),
        path=str(home),
        key_file=own_server.key_file,
        key_files=(other_key,),
    )
    transport = SftpTransport(ours)
    transport.put(source, "", "before")
    own_server.accept(other_key)
    transport.put(source, "", "meanwhile")  # on the connection that the old key opened
    own_server.drop_connections()
    transport.put(source, "", "after")
    transport.close()
    assert names(home) == {"before", "meanwhile", "after"}
    with pytest.raises(TransportRefused):
        SftpTransport(replace(ours, key_files=())).put(source, "", "by the old key alone")


def test_a_server_that_takes_none_of_our_keys_is_told_of_with_all_of_them(
    settings: TransportSettings, stranger: LoopbackSshd, other_key: Path, source: Path
) -> None:
    with pytest.raises(TransportRefused, match="refuses the key of") as refused:
        SftpTransport(replace(settings, key_file=None, key_files=(stranger.key_file, other_key))).put(source, "", "a")
    assert all(str(key) in str(refused.value) for key in (stranger.key_file, other_key))


def test_a_probe_says_which_key_the_server_takes(
    settings: TransportSettings, sshd: LoopbackSshd, other_key: Path
) -> None:
    report = probe(replace(settings, key_files=(sshd.key_file,), key_file=other_key))
    (reason,) = [result.reason for result in report.results if result.step is ProbeStep.AUTHENTICATION]
    assert reason == f"the key of {sshd.key_file}"


def test_nobody_listening_may_pass(settings: TransportSettings, source: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = replace(settings, port=closed.getsockname()[1])
        with pytest.raises(TransportError, match="no connection") as failed:
            SftpTransport(nobody).put(source, "", "a.xml")
    assert not isinstance(failed.value, TransportRefused)


def test_a_server_that_says_nothing_is_given_up_in_time(settings: TransportSettings, source: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        mute = replace(settings, port=port, timeout_seconds=0.5)
        began = time.monotonic()
        with pytest.raises(TransportError):
            SftpTransport(mute).put(source, "", "a.xml")
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("channels", [1, 4])
def test_threads_that_wait_for_a_dead_server_fail_together(
    settings: TransportSettings, source: Path, channels: int
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mute = replace(settings, port=silent.getsockname()[1], timeout_seconds=0.5, channels=channels)
        transport = SftpTransport(mute)
        began = time.monotonic()
        with ThreadPoolExecutor(channels) as pool:
            for put in [pool.submit(transport.put, source, "", f"f{number}") for number in range(channels)]:
                assert isinstance(put.exception(), TransportError)
    assert time.monotonic() - began < 3


def test_an_old_algorithm_is_used_for_a_partner_that_asks_for_it_only(
    settings: TransportSettings, source: Path, home: Path
) -> None:
    SftpTransport(replace(settings, algorithms=("aes256-cbc",))).put(source, "", "a.xml")
    assert names(home) == {"a.xml"}


def statuses(report: ProbeReport) -> dict[ProbeStep, ProbeStatus]:
    return {result.step: result.status for result in report.results}


def test_a_probe_finds_all_well_and_leaves_nothing(settings: TransportSettings, home: Path) -> None:
    report = probe(settings)
    assert report.is_ok, report.results
    assert names(home) == set()


def test_a_probe_shows_the_line_to_pin_when_none_is(settings: TransportSettings, sshd: LoopbackSshd) -> None:
    report = probe(replace(settings, host_keys=()))
    assert report.host_key == sshd.known_hosts
    assert (report.fingerprint or "").startswith("SHA256:")
    assert statuses(report)[ProbeStep.HOST_KEY] is ProbeStatus.FAILED
    assert statuses(report)[ProbeStep.REMOVE] is ProbeStatus.OK


def test_a_probe_sends_no_password_to_a_server_it_does_not_know(settings: TransportSettings) -> None:
    report = probe(replace(settings, host_keys=(), key_file=None, password="secret"))  # noqa: S106 - opens nothing
    assert statuses(report)[ProbeStep.AUTHENTICATION] is ProbeStatus.NOT_TRIED


def test_a_probe_goes_no_further_with_a_key_other_than_the_one_pinned(
    settings: TransportSettings, sshd: LoopbackSshd, stranger: LoopbackSshd
) -> None:
    report = probe(replace(settings, host_keys=(f"[{sshd.host}]:{sshd.port} {key_of(stranger)}",)))
    assert report.host_key == sshd.known_hosts
    assert statuses(report)[ProbeStep.HOST_KEY] is ProbeStatus.FAILED
    assert statuses(report)[ProbeStep.AUTHENTICATION] is ProbeStatus.NOT_TRIED


def test_a_probe_says_why_nothing_can_be_written(settings: TransportSettings, home: Path) -> None:
    report = probe(replace(settings, path=f"{home}/absent"))
    reasons = {result.step: result.reason for result in report.results}
    assert "No such file" in reasons[ProbeStep.WRITE]
    assert statuses(report)[ProbeStep.REMOVE] is ProbeStatus.NOT_TRIED


def test_a_probe_of_a_server_that_is_away_says_so(settings: TransportSettings) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        report = probe(replace(settings, port=closed.getsockname()[1]))
    assert report.host_key is None
    assert set(statuses(report).values()) == {ProbeStatus.NOT_TRIED}


def test_a_probe_of_a_folder_tries_its_files(tmp_path: Path) -> None:
    report = probe(TransportSettings(path=str(tmp_path)))
    assert report.is_ok, report.results
    assert list(tmp_path.iterdir()) == []


def test_the_demo_server_is_gone_after_its_block() -> None:
    with LoopbackSshd() as server:
        port, root = server.port, server.root
    assert not root.exists()
    with pytest.raises(OSError, match="refused"), socket.create_connection(("127.0.0.1", port), timeout=1):
        pass
