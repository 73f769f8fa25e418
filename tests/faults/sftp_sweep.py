"""One file on its way to or from a server that fails at a named request, through the real dispatcher or puller."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from unittest import mock

import paramiko

from flux.delivery.dispatch import Dispatcher
from flux.delivery.event import DeliveryEvent
from flux.delivery.settings import DeliverySettings
from flux.intake.pull import Puller, PullSource
from flux.intake.reception import Reception
from flux.intake.settings import IntakeSettings
from flux.model.lifecycle import DeliveryState
from flux.transport.settings import AfterFetch, TransportSettings
from flux.transport.sftp import SftpTransport
from tests.contract.ledger_desk import NOON, Desk
from tests.fakes.intake import NOW, FakeIntakeLedger, FakeVault, Reports, make_partner
from tests.servers.misbehaving_sftp import Behaviour, Fault, MisbehavingSftp, Record

# Three pieces of what paramiko sends at a time, and some more.
CONTENT = bytes(range(256)) * 400
ROUNDS = 6
SILENCE_SECONDS = 0.4
_QUICK = IntakeSettings(stable_seconds=0.0)


class Site(Protocol):
    """A server over a folder of this machine, as a sweep needs it."""

    folder: Path
    behaviour: Behaviour
    record: Record

    def behave(
        self, behaviour: Behaviour | None = None, plan: Mapping[int, Fault] | Mapping[str, Fault] | None = None
    ) -> None:
        """Start anew: nothing seen yet."""
        ...

    def drop_connections(self) -> None:
        """Cut every connection; the server goes on listening."""
        ...

    def visible(self) -> Mapping[str, bytes]:
        """Every file of the folder under a final name."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What became of one delivery: its state, what stands under a final name, and all that ever appeared there."""

    state: DeliveryState
    name: str
    there: Mapping[str, bytes]
    appeared: tuple[tuple[str, bytes], ...]
    error: str | None


@contextmanager
def open_site(root: Path) -> Iterator[tuple[MisbehavingSftp, TransportSettings]]:
    """A server, and the plainest profile that reaches it."""
    key = paramiko.ECDSAKey.generate()
    key.write_private_key_file(str(root / "key"))
    (root / "remote").mkdir()
    # How long paramiko's threads, of both sides, take to see that a connection was ended: a tenth of a second each time.
    with (
        mock.patch.object(paramiko.Transport, "_active_check_timeout", 0.01),
        MisbehavingSftp(root / "remote", accepted=(key,)) as server,
    ):
        yield (
            server,
            server.bind(TransportSettings(key_file=root / "key", timeout_seconds=SILENCE_SECONDS, channels=1)),
        )


def deliver(
    desk: Desk,
    server: Site,
    profile: TransportSettings,
    *,
    behaviour: Behaviour | None = None,
    plan: Mapping[int, Fault] | Mapping[str, Fault] | None = None,
    relief: Behaviour | None = None,
) -> Delivered:
    """Deliver one file, round after round as the retries would; the server is relieved after the first where `relief` says how."""
    (owed,) = desk.owe()
    source = server.folder.parent / "source"
    source.write_bytes(CONTENT)
    _empty(server.folder)
    server.behave(behaviour, plan)
    transport = SftpTransport(profile)
    clock = _Clock()
    dispatcher = Dispatcher(
        ledger=desk.delivery,
        vault=_Source(source),
        transports=lambda _: transport,
        settings=DeliverySettings(),
        clock=clock,
        gateway="gw1",
        report=_ignore,
    )
    line = None
    for _ in range(ROUNDS):
        dispatcher.run_once()
        [line] = [each for each in desk.queries.list_deliveries(limit=1000) if each.id == owed.id]
        if line.state is not DeliveryState.DUE:
            break
        if relief is not None:
            server.behaviour = relief
        clock.pass_on()
    transport.close()
    assert line is not None
    server.drop_connections()
    return Delivered(
        state=line.state,
        name=owed.name,
        there=server.visible(),
        appeared=tuple(server.record.appeared),
        error=line.last_error,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """What became of one remote file: the flows it made, and what the server still shows."""

    flows: tuple[bytes, ...]
    there: Mapping[str, bytes]
    reports: tuple[str, ...]


def pull(
    root: Path,
    server: Site,
    profile: TransportSettings,
    *,
    behaviour: Behaviour | None = None,
    plan: Mapping[int, Fault] | Mapping[str, Fault] | None = None,
) -> Pulled:
    """Pull until nothing comes any more; the inbox is a folder of `root`."""
    _empty(server.folder)
    (server.folder / "a.xml").write_bytes(CONTENT)
    server.behave(behaviour, plan)
    (root / "inbox").mkdir()
    ledger, vault, reports = FakeIntakeLedger(), FakeVault(root / "vault"), Reports()
    reception = Reception(
        inbox=root / "inbox",
        gateway="g1",
        partners={"acme": make_partner()},
        ledger=ledger,
        vault=vault,
        settings=_QUICK,
        clock=lambda: NOW,
        on_received=lambda _: None,
        report=reports,
    )
    transport = SftpTransport(profile)
    puller = Puller(
        source=PullSource(
            partner="acme", transport=transport, after_fetch=profile.after_fetch, poll_seconds=1.0, folder=""
        ),
        inbox=root / "inbox",
        gateway="g1",
        ledger=ledger,
        reception=reception,
        settings=_QUICK,
        report=reports,
    )
    for _ in range(ROUNDS):
        puller.pull(threading.Event())
        if ledger.flows and (profile.after_fetch is AfterFetch.KEEP or not server.visible()):
            break
    transport.close()
    server.drop_connections()
    return Pulled(
        flows=tuple(vault.path(flow.sha256).read_bytes() for flow in ledger.flows.values()),
        there=server.visible(),
        reports=tuple(reports.names),
    )


class _Clock:
    """Noon, then a day later at each step: every retry is due."""

    def __init__(self) -> None:
        self._now = NOON

    def __call__(self) -> datetime:
        return self._now

    def pass_on(self) -> None:
        self._now += timedelta(days=1)


class _Source(FakeVault):
    """Every hash is the one file to send."""

    def __init__(self, source: Path) -> None:
        super().__init__(source.parent / "vault")
        self._source = source

    def path(self, sha256: str) -> Path:
        return self._source


def _ignore(event: DeliveryEvent) -> None:
    """Nobody watches."""


def _empty(folder: Path) -> None:
    for left in folder.iterdir():
        left.unlink()
