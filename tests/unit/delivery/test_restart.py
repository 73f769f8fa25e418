"""A process that dies while a file gets its name at a partner's: what the next one makes of it, on a real ledger and folder."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from flux.delivery.announcer import AnnouncedHandOver, Announcer
from flux.delivery.dispatch import Dispatcher
from flux.delivery.settings import DeliverySettings
from flux.errors import VaultError
from flux.ledger.memory import open_memory
from flux.model.delivery import Delivery
from flux.model.lifecycle import DeliveryState
from flux.model.ports import Blob
from flux.transport.folder import FolderTransport, LocalFiles
from flux.transport.settings import RenameMode, TransportSettings
from tests.contract.ledger_desk import GATEWAY, NOON, Desk

CONTENT = b"<flow/>"


class Death(BaseException):
    """The process is gone; nothing of ours catches it."""


class Archive:
    """One file, whatever is asked for."""

    def __init__(self, path: Path) -> None:
        path.write_bytes(CONTENT)
        self._path = path

    def put(self, pieces: object) -> Blob:
        raise VaultError("nothing is put here")

    def path(self, sha256: str) -> Path:
        del sha256
        return self._path


@pytest.fixture
def desk() -> Iterator[Desk]:
    database = open_memory()
    yield Desk(database)
    database.close()


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "source")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = tmp_path / "home"
    path.mkdir()
    return path


def die(moment: str, delivery: Delivery, desk: Desk, archive: Archive, home: Path, patch: pytest.MonkeyPatch) -> None:
    """Hand a file over, and be gone before or after it has its name, as far as anybody ever hears."""
    rename = LocalFiles.rename

    def renamed(self: LocalFiles, old: str, new: str, mode: RenameMode) -> None:
        if moment == "after":
            rename(self, old, new, mode)
        raise Death

    announcer = Announcer(desk.delivery, {})
    hand_over = AnnouncedHandOver(delivery, None, announcer.announce)
    transport = FolderTransport(TransportSettings(path=str(home)))
    with patch.context() as dying:
        dying.setattr(LocalFiles, "rename", renamed)
        with pytest.raises(Death):
            transport.put(archive.path(""), "", delivery.name, hand_over)


def nobody_takes(_: Path) -> None:
    """It stays."""


def take(path: Path) -> None:
    """The partner takes what bears its final name."""
    path.unlink(missing_ok=True)


@pytest.mark.parametrize(
    ("moment", "partner", "state", "there"),
    [
        ("before", nobody_takes, DeliveryState.DELIVERED, 1),
        ("before", take, DeliveryState.DELIVERED, 1),  # there was nothing to take yet
        ("after", nobody_takes, DeliveryState.DELIVERED, 1),
        ("after", take, DeliveryState.UNCERTAIN, 0),  # never twice; a person asks
    ],
)
def test_the_next_process_finds_out_what_became_of_the_file(
    desk: Desk,
    archive: Archive,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
    partner: Callable[[Path], None],
    state: DeliveryState,
    there: int,
) -> None:
    (delivery,) = desk.owe()
    die(moment, delivery, desk, archive, home, monkeypatch)
    partner(home / delivery.name)
    transport = FolderTransport(TransportSettings(path=str(home)))
    dispatcher = Dispatcher(
        ledger=desk.delivery,
        vault=archive,
        transports=lambda _: transport,
        settings=DeliverySettings(),
        clock=lambda: NOON + timedelta(seconds=1),
        gateway=GATEWAY,
        report=lambda _: None,
    )
    dispatcher.run_once()
    (line,) = desk.queries.list_deliveries(limit=10)
    assert (line.state, len(list(home.iterdir()))) == (state, there)
