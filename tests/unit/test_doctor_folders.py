"""`flux doctor`: folders that are gone, rights of the gateway's user, what waits in the inbox for nothing, servers."""

import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest

from flux.app.diagnosis import Diagnosis, diagnose, rights, servers
from flux.app.diagnosis.folders import diagnose_folders
from flux.app.diagnosis.rights import diagnose_rights
from flux.app.diagnosis.servers import diagnose_servers
from flux.app.installation import make_installation
from flux.config import Settings, load
from flux.demo.sshd import LoopbackSshd
from flux.transport.probe import ProbeReport
from flux.transport.settings import TransportKind, TransportSettings

NOBODY = 65534


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    make_installation(tmp_path)
    return load(tmp_path / "config.toml")


def amiss(diagnoses: Iterator[Diagnosis]) -> dict[str, Diagnosis]:
    return {each.subject: each for each in diagnoses if not each.well}


def test_a_fresh_installation_lacks_nothing(settings: Settings) -> None:
    assert amiss(diagnose(settings)) == {}


@pytest.mark.parametrize(
    ("subject", "place"),
    [
        ("inbox", "inbox"),
        ("inbox of acme", "inbox/acme"),
        ("outbox", "outbox"),
        ("vault", "var/vault"),
        ("spool", "var/spool/main"),
    ],
)
def test_a_folder_that_is_gone_is_told_and_not_made(settings: Settings, subject: str, place: str) -> None:
    folder = settings.root / place
    folder.rename(settings.root / "moved")
    found = amiss(diagnose_folders(settings))[subject]
    assert (found.state, folder.exists()) == (f"{folder}: is not there", False)
    assert "mount what holds it" in found.advice


def test_a_vault_that_is_gone_is_not_made_by_asking_for_it(settings: Settings) -> None:
    settings.vault.path.rename(settings.root / "moved")
    assert {"vault", "archive"} <= amiss(diagnose(settings)).keys()
    assert not settings.vault.path.exists()


def test_the_folder_that_a_first_delivery_makes_is_not_missed(settings: Settings) -> None:
    assert not (settings.gateway.outbox / "acme").exists()
    assert "outbox of acme" not in amiss(diagnose_folders(settings))


@pytest.mark.parametrize(("kind", "name"), [("folder", "older"), ("link", "linked.xml"), ("special", "pipe")])
def test_what_is_never_taken_in_is_named(settings: Settings, kind: str, name: str) -> None:
    place = settings.gateway.inbox / "acme" / name
    makers: dict[str, Callable[[], object]] = {
        "folder": place.mkdir,
        "link": lambda: place.symlink_to("/etc/hosts"),
        "special": lambda: os.mkfifo(place),
    }
    makers[kind]()
    assert amiss(diagnose_folders(settings))["never taken in"].state.endswith(f": 1: acme/{name} ({kind})")


def test_a_file_that_waits_in_the_inbox_is_taken_in(settings: Settings) -> None:
    (settings.gateway.inbox / "acme" / "flow.xml").write_bytes(b"<a/>")
    assert "never taken in" not in amiss(diagnose_folders(settings))


@pytest.fixture
def asked_by_root(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The folders belong to a user that may do what everybody may, and root asks."""
    user = rights._User(number=NOBODY, name="flux", groups=frozenset({NOBODY}))
    monkeypatch.setattr(rights, "_owner_of", lambda _: user)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    for path in (settings.root, *settings.root.rglob("*")):
        path.chmod(0o777)
    return settings


def test_root_is_told_to_ask_as_the_user_of_the_folders(asked_by_root: Settings) -> None:
    found = amiss(diagnose_rights(asked_by_root))
    assert list(found) == ["user"]
    assert found["user"].advice == "ask as that user: sudo -u flux flux doctor"


def test_whose_folders_they_are_may_ask_as_root_or_not(settings: Settings) -> None:
    assert amiss(diagnose_rights(settings)) == {}


@pytest.mark.parametrize(
    ("place", "mode"),
    [
        ("var/ledger.db", 0o644),
        ("var/ledger.db-wal", 0o600),
        ("var/register.db", 0o600),
        ("var/spool/main/flow/member", 0o600),
        ("var/vault/ab", 0o755),
        ("inbox/acme", 0o755),
    ],
)
def test_what_the_user_of_the_folders_cannot_open_or_write_is_named(
    asked_by_root: Settings, place: str, mode: int
) -> None:
    path = asked_by_root.root / place
    path.parent.mkdir(exist_ok=True)
    path.parent.chmod(0o777)
    make = Path.mkdir if mode & 0o111 else Path.touch
    make(path, exist_ok=True)
    path.chmod(mode)
    assert amiss(diagnose_rights(asked_by_root))["rights"].state == f"flux may not open or write 1: {path}"


def test_archived_files_are_for_reading(asked_by_root: Settings) -> None:
    archived = asked_by_root.vault.path / "ab" / "cd"
    archived.parent.mkdir()
    archived.parent.chmod(0o777)
    archived.touch(0o444)
    assert "rights" not in amiss(diagnose_rights(asked_by_root))


END = TransportSettings(
    kind=TransportKind.SFTP, host="127.0.0.1", user="flux", host_keys=("[127.0.0.1]:1 ssh-ed25519 AAAA",)
)


def with_ends(settings: Settings, *ends: TransportSettings) -> Settings:
    """Partners that are fetched from at these ends, and sent to at the same."""
    acme = settings.partners["acme"]
    return replace(
        settings,
        partners={f"p{number}": replace(acme, pickup=end, delivery=end) for number, end in enumerate(ends)},
    )


def test_servers_are_asked_only_where_that_is_wanted(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(servers, "probe")
    [line] = diagnose_servers(with_ends(settings, END), ask=False)
    assert (line.well, line.state) == (True, "not asked: 1; `flux doctor --servers` asks them")
    assert list(diagnose_servers(settings, ask=True)) == []


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port of this machine on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def test_a_server_that_is_away_is_told_once_for_both_sides(settings: Settings, closed_port: int) -> None:
    [line] = diagnose_servers(with_ends(settings, replace(END, port=closed_port)), ask=True)
    assert (line.subject, line.well, line.advice) == ("partners.p0.pickup+delivery", False, "flux partners probe p0")
    assert line.state.count("Connection refused") == 1


def test_a_server_that_does_all_is_well_and_one_without_the_folder_is_not(settings: Settings) -> None:
    with LoopbackSshd() as server:
        end = replace(
            END, host=server.host, port=server.port, user=server.user, key_file=server.key_file,
            host_keys=(server.known_hosts,), path=str(server.home("acme")),
        )  # fmt: skip
        absent = replace(end, path=f"{end.path}/absent")
        good, bad = diagnose_servers(with_ends(settings, end, absent), ask=True)
    assert (good.well, good.state.endswith("all that flux does works")) == (True, True)
    assert (bad.well, "list: " in bad.state, "write: " in bad.state) == (False, True, True)


def test_servers_are_asked_at_once(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    together = Barrier(3, timeout=10)

    def ask(end: TransportSettings) -> ProbeReport:
        together.wait()
        return ProbeReport(place=end.path, host_key=None, fingerprint=None, results=(), needed=frozenset())

    monkeypatch.setattr(servers, "probe", ask)
    ends = (replace(END, port=port) for port in (1, 2, 3))
    assert [line.well for line in diagnose_servers(with_ends(settings, *ends), ask=True)] == [True, True, True]
