"""A partner's folder on this machine, or on one that it mounts."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from flux.durable import keep_whole, make_folders, rename_synced, sync_folder, write_synced
from flux.errors import DiskFailed, SourceUnreadable, TransportError, TransportRefused
from flux.model.disk import is_disk_trouble, is_rights_trouble
from flux.model.hand_over import HandOver
from flux.model.ports import RemoteFile
from flux.transport.local import read_pieces, read_source
from flux.transport.names import remote_path, temporary_path
from flux.transport.remote import explain_refusal
from flux.transport.settings import RenameMode, TransportSettings
from flux.transport.upload import Upload


class FolderTransport:
    """Transport on folders; `list = false` of the profile has no meaning here, since we can always look."""

    def __init__(self, settings: TransportSettings) -> None:
        self._settings = replace(settings, list=True)
        self._files = LocalFiles()

    def put(self, source: Path, folder: str, name: str, hand_over: HandOver | None = None) -> None:
        """Make the file appear whole, and on disk, under its name. Raises DiskFailed as well."""
        try:
            final = self._path_of(folder, name)
            Upload(self._settings, source, final, hand_over or HandOver()).run(self._files)
        except SourceUnreadable:
            raise
        except TransportError as error:
            if is_disk_trouble(error):
                raise DiskFailed(f"the disk under {self._settings.path} did not take {name}: {error}") from error
            if is_rights_trouble(error):
                raise DiskFailed(f"{error} on this machine, for the user that runs flux") from error
            raise

    def list(self, folder: str) -> Iterator[RemoteFile]:
        """The regular files of a folder; links are none."""
        path = self._path_of(folder)
        try:
            return iter(_list_files(path))
        except OSError as error:
            raise explain_refusal(error, "list its files", path) from error

    def fetch(self, folder: str, name: str, target: Path) -> None:
        """Copy a file, synced to disk."""
        path = self._path_of(folder, name)
        try:
            keep_whole(read_pieces(Path(path)), target, Path(temporary_path(str(target))))
        except OSError as error:
            raise explain_refusal(error, f"give {name}", self._settings.path) from error

    def remove(self, folder: str, name: str, taken: RemoteFile | None = None) -> None:
        """Remove a file; one that is no longer there is no error, one that is not as it was `taken` stays."""
        path = Path(self._path_of(folder, name))
        try:
            with suppress(FileNotFoundError):
                if taken is None or _is_same(path.lstat(), taken):
                    path.unlink()
        except OSError as error:
            raise explain_refusal(error, f"remove {name}", self._settings.path) from error

    def close(self) -> None:
        """A folder holds nothing open."""

    def _path_of(self, folder: str, name: str = "") -> str:
        """Raises TransportRefused where a link leads there: below the path of the profile it is a partner's, and leads anywhere."""
        path = remote_path(self._settings.path, folder, name)
        parts = [part for part in folder.split("/") if part]
        inner = [Path(self._settings.path, *parts[: count + 1]) for count in range(len(parts))]
        try:
            links = [each for each in inner if each.is_symlink()]
        except OSError as error:
            raise explain_refusal(error, f"look at {folder}", self._settings.path) from error
        if links:
            raise TransportRefused(
                f"{links[0]} is a link, and flux follows none there; have a folder made in its place"
            )
        return path


def _is_same(status: os.stat_result, taken: RemoteFile) -> bool:
    return (status.st_size, status.st_mtime) == (taken.size_bytes, taken.modified)


def _list_files(path: str) -> list[RemoteFile]:
    found = []
    with os.scandir(path) as entries:
        for entry in entries:
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:  # taken away while we looked
                continue
            if stat.S_ISREG(status.st_mode):
                found.append(RemoteFile(name=entry.name, size_bytes=status.st_size, modified=status.st_mtime))
    return found


class LocalFiles:
    """The folders of this machine as an upload sees them: a `flux.transport.remote.Remote`."""

    def size(self, path: str) -> int | None:
        """Bytes of the file, None where there is none, -1 for what is no regular file."""
        try:
            status = Path(path).lstat()
        except FileNotFoundError:
            return None
        return status.st_size if stat.S_ISREG(status.st_mode) else -1

    def write(self, source: Path, path: str) -> None:
        """Write all the bytes and wait until the disk holds them."""
        write_synced(read_source(source), Path(path))
        sync_folder(Path(path).parent)

    def rename(self, old: str, new: str, mode: RenameMode) -> None:  # noqa: ARG002 - every mode replaces here
        """Give a file another name and wait until the disk holds it."""
        rename_synced(Path(old), Path(new))

    def remove(self, path: str) -> None:
        """Remove a file; raises FileNotFoundError where there is none."""
        Path(path).unlink()

    def make_folders(self, path: str) -> None:
        """Make the folders that lead to a file."""
        make_folders(Path(path).parent)
