"""What an upload makes of a server that fails at each step: nothing half-written, nothing twice, no doubt unsaid."""

import errno
from pathlib import Path

import pytest

from flux.errors import LedgerError, TransportError, TransportRefused, TransportUncertain
from flux.model.hand_over import HandOver
from flux.transport.remote import ConnectionLost
from flux.transport.settings import RenameMode, TransportSettings
from flux.transport.upload import RenameUnanswered, Upload

FINAL = "in/a.xml"
TEMPORARY = "in/.a.xml.part"
CONTENT = b"<flow/>"


class FakeRemote:
    """A server in memory that fails as it is told."""

    def __init__(self, *, folders: bool = True, files: dict[str, bytes] | None = None) -> None:
        self.files = files or {}
        self.folders = folders
        self.fail_write: Exception | None = None
        self.keep_bytes: int | None = None  # a full disk that nobody mentions
        self.fail_rename: Exception | None = None
        self.rename_works_all_the_same = False
        self.takes: set[str] = set()  # names that are taken away as soon as they are there
        self.looks = 0
        self.writes = 0

    def size(self, path: str) -> int | None:
        self.looks += 1
        return len(self.files[path]) if path in self.files else None

    def write(self, source: Path, path: str) -> None:
        if not self.folders:
            raise FileNotFoundError(errno.ENOENT, "No such file")
        self.writes += 1
        self._keep(path, source.read_bytes()[: self.keep_bytes])
        if self.fail_write:
            raise self.fail_write

    def rename(self, old: str, new: str, mode: RenameMode) -> None:
        if self.fail_rename and not self.rename_works_all_the_same:
            raise self.fail_rename
        if mode is RenameMode.PLAIN and new in self.files:
            raise OSError(errno.EIO, "Failure")
        self._keep(new, self.files.pop(old))
        if self.fail_rename:
            raise self.fail_rename

    def remove(self, path: str) -> None:
        if path not in self.files:
            raise FileNotFoundError(errno.ENOENT, path)
        del self.files[path]

    def make_folders(self, path: str) -> None:
        self.folders = True

    def _keep(self, path: str, content: bytes) -> None:
        if path not in self.takes:
            self.files[path] = content


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.write_bytes(CONTENT)
    return path


def upload_of(
    source: Path,
    *,
    rename: RenameMode = RenameMode.POSIX,
    overwrite: bool = True,
    may_look: bool = True,
    hand_over: HandOver | None = None,
) -> Upload:
    settings = TransportSettings(path="in", rename=rename, overwrite=overwrite, list=may_look)
    upload = Upload(settings, source, FINAL, hand_over or HandOver())
    upload.temporary = TEMPORARY
    return upload


@pytest.mark.parametrize("rename", list(RenameMode))
def test_the_file_is_there_alone(source: Path, rename: RenameMode) -> None:
    remote = FakeRemote()
    upload_of(source, rename=rename).run(remote)
    assert remote.files == {FINAL: CONTENT}


def test_missing_folders_are_made_on_the_way(source: Path) -> None:
    remote = FakeRemote(folders=False)
    upload_of(source).run(remote)
    assert remote.files == {FINAL: CONTENT}


def test_what_is_there_already_is_not_written_again(source: Path) -> None:
    remote = FakeRemote(files={FINAL: CONTENT})
    upload_of(source).run(remote)
    assert remote.writes == 0


def test_a_plain_rename_makes_way_first(source: Path) -> None:
    remote = FakeRemote(files={FINAL: b"something longer"})
    upload_of(source, rename=RenameMode.PLAIN).run(remote)
    assert remote.files == {FINAL: CONTENT}


@pytest.mark.parametrize("rename", list(RenameMode))
def test_a_full_disk_that_nobody_mentions_is_seen_by_the_size(source: Path, rename: RenameMode) -> None:
    remote = FakeRemote()
    remote.keep_bytes = 3
    with pytest.raises(TransportError, match="kept 3 bytes of the 7"):
        upload_of(source, rename=rename).run(remote)
    assert TEMPORARY not in remote.files


def test_a_refused_write_leaves_no_temporary_file(source: Path) -> None:
    remote = FakeRemote()
    remote.fail_write = OSError(errno.EIO, "Failure")
    with pytest.raises(TransportError, match="could not write"):
        upload_of(source).run(remote)
    assert remote.files == {}


@pytest.mark.parametrize(
    ("failure", "meaning"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), TransportRefused),  # a person grants the right
        (OSError(errno.ENOTSUP, "Operation unsupported"), TransportRefused),  # a person corrects the profile
        (OSError(errno.EIO, "Failure"), TransportError),  # may pass
    ],
)
def test_a_refused_rename_leaves_neither_name(source: Path, failure: OSError, meaning: type[TransportError]) -> None:
    remote = FakeRemote()
    remote.fail_rename = failure
    with pytest.raises(TransportError) as raised:
        upload_of(source).run(remote)
    assert type(raised.value) is meaning
    assert remote.files == {}


def test_an_unknown_rename_names_the_profile_that_would_work(source: Path) -> None:
    remote = FakeRemote()
    remote.fail_rename = OSError(errno.ENOTSUP, "Operation unsupported")
    with pytest.raises(TransportRefused, match='rename = "plain"'):
        upload_of(source).run(remote)


def test_a_rename_that_worked_and_was_called_a_failure_is_a_success(source: Path) -> None:
    remote = FakeRemote()
    remote.fail_rename, remote.rename_works_all_the_same = OSError(errno.EIO, "Failure"), True
    upload_of(source).run(remote)
    assert remote.files == {FINAL: CONTENT}


def test_a_refused_rename_after_which_neither_name_is_left_is_uncertain(source: Path) -> None:
    remote = FakeRemote()
    remote.takes = {FINAL}
    remote.fail_rename, remote.rename_works_all_the_same = OSError(errno.EIO, "Failure"), True
    with pytest.raises(TransportUncertain):
        upload_of(source).run(remote)


def test_a_server_that_takes_files_away_at_once_has_them(source: Path) -> None:
    remote = FakeRemote()
    remote.takes = {FINAL}
    upload_of(source).run(remote)
    upload_of(source, rename=RenameMode.NONE).run(remote)
    assert remote.files == {}


def test_a_server_that_takes_the_temporary_file_is_uncertain_and_says_what_to_change(source: Path) -> None:
    remote = FakeRemote()
    remote.takes = {TEMPORARY}
    with pytest.raises(TransportUncertain, match='rename = "none"'):
        upload_of(source).run(remote)


def test_a_lost_rename_that_worked_is_found_on_the_next_connection(source: Path) -> None:
    remote = FakeRemote()
    remote.fail_rename, remote.rename_works_all_the_same = ConnectionLost("cut"), True
    upload = upload_of(source)
    with pytest.raises(RenameUnanswered):
        upload.run(remote)
    upload.run(remote)
    assert (remote.files, remote.writes) == ({FINAL: CONTENT}, 1)


def test_a_lost_rename_that_did_not_work_is_done_on_the_next_connection(source: Path) -> None:
    remote = FakeRemote()
    remote.fail_rename = ConnectionLost("cut")
    upload = upload_of(source)
    with pytest.raises(RenameUnanswered):
        upload.run(remote)
    remote.fail_rename = None
    upload.run(remote)
    assert (remote.files, remote.writes) == ({FINAL: CONTENT}, 1)


def test_a_lost_rename_after_which_neither_name_is_left_is_uncertain(source: Path) -> None:
    remote = FakeRemote()
    remote.takes = {FINAL}
    remote.fail_rename, remote.rename_works_all_the_same = ConnectionLost("cut"), True
    upload = upload_of(source)
    with pytest.raises(RenameUnanswered):
        upload.run(remote)
    with pytest.raises(TransportUncertain):
        upload.run(remote)


@pytest.mark.parametrize("rename", [RenameMode.POSIX, RenameMode.PLAIN])
@pytest.mark.parametrize(
    ("files", "meaning"),
    [
        ({FINAL: CONTENT}, None),  # it was renamed
        ({TEMPORARY: CONTENT}, None),  # it was not: that is done now
        ({}, TransportUncertain),  # taken away, under one name or the other
    ],
)
def test_what_an_earlier_process_was_about_to_do_is_found_out_and_nothing_is_written(
    source: Path, rename: RenameMode, files: dict[str, bytes], meaning: type[TransportError] | None
) -> None:
    remote = FakeRemote(files=dict(files))
    upload = upload_of(source, rename=rename, hand_over=HandOver(TEMPORARY))
    if meaning is None:
        upload.run(remote)
        assert remote.files == {FINAL: CONTENT}
    else:
        with pytest.raises(meaning):
            upload.run(remote)
    assert remote.writes == 0


@pytest.mark.parametrize(("overwrite", "is_sent_again"), [(True, True), (False, False)])
def test_where_we_may_not_look_the_same_name_is_sent_again_or_nobody_knows(
    source: Path, *, overwrite: bool, is_sent_again: bool
) -> None:
    remote = FakeRemote()
    upload = upload_of(source, overwrite=overwrite, may_look=False, hand_over=HandOver(TEMPORARY))
    if is_sent_again:
        upload.run(remote)
    else:
        with pytest.raises(TransportUncertain, match="ask whether it arrived"):
            upload.run(remote)
    assert (remote.writes == 1) is is_sent_again


class Watched(HandOver):
    """Notes what was there when it was told."""

    def __init__(self, remote: FakeRemote) -> None:
        super().__init__()
        self.seen: list[set[str]] = []
        self._remote = remote

    def announce(self, part: str) -> None:
        self.seen.append(set(self._remote.files))
        super().announce(part)


@pytest.mark.parametrize(
    ("rename", "may_look", "overwrite", "seen"),
    [
        (RenameMode.POSIX, True, True, [{TEMPORARY}]),
        (RenameMode.PLAIN, True, False, [{TEMPORARY}]),
        (RenameMode.POSIX, False, False, [{TEMPORARY}]),
        (RenameMode.POSIX, False, True, []),  # the same name again does no harm
        (RenameMode.NONE, True, True, []),  # it has its name from the first byte
    ],
)
def test_it_is_announced_when_it_is_whole_and_before_it_has_its_name(
    source: Path, rename: RenameMode, seen: list[set[str]], *, may_look: bool, overwrite: bool
) -> None:
    remote = FakeRemote()
    hand_over = Watched(remote)
    upload_of(source, rename=rename, may_look=may_look, overwrite=overwrite, hand_over=hand_over).run(remote)
    assert hand_over.seen == seen


def test_a_file_that_could_not_be_announced_does_not_get_its_name_and_leaves_nothing(source: Path) -> None:
    class Refused(HandOver):
        def announce(self, part: str) -> None:
            raise LedgerError("disk full")

    remote = FakeRemote()
    with pytest.raises(LedgerError):
        upload_of(source, hand_over=Refused()).run(remote)
    assert remote.files == {}


def test_a_rename_that_was_refused_is_withdrawn(source: Path) -> None:
    remote, hand_over = FakeRemote(), HandOver()
    remote.fail_rename = OSError(errno.EIO, "Failure")
    with pytest.raises(TransportError):
        upload_of(source, hand_over=hand_over).run(remote)
    assert (hand_over.part, hand_over.is_withdrawn) == (None, True)


@pytest.mark.parametrize(
    ("overwrite", "meaning"),
    [
        (True, ConnectionLost),  # the same name again does no harm
        (False, TransportUncertain),  # it might be refused for being there, or be there twice
    ],
)
@pytest.mark.parametrize("rename", list(RenameMode))
def test_a_loss_where_we_may_not_look_is_uncertain_unless_the_name_may_be_sent_again(
    source: Path, rename: RenameMode, *, overwrite: bool, meaning: type[TransportError]
) -> None:
    remote = FakeRemote()
    remote.fail_rename = remote.fail_write = ConnectionLost("cut")
    if rename is not RenameMode.NONE:
        remote.fail_write = None
    with pytest.raises(meaning):
        upload_of(source, rename=rename, overwrite=overwrite, may_look=False).run(remote)


def test_where_we_may_not_look_we_do_not(source: Path) -> None:
    remote = FakeRemote()
    upload_of(source, may_look=False).run(remote)
    assert remote.looks == 0


def test_a_connection_lost_while_writing_beside_may_be_tried_again(source: Path) -> None:
    remote = FakeRemote()
    remote.fail_write = ConnectionLost("cut")
    with pytest.raises(ConnectionLost):
        upload_of(source, overwrite=False, may_look=False).run(remote)
    assert FINAL not in remote.files
