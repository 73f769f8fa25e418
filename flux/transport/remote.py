"""What an upload needs of the place where it puts a file, be it a folder of this machine or an SFTP session."""

from pathlib import Path
from typing import Protocol

from flux.errors import TransportError, TransportRefused
from flux.transport.settings import RenameMode, TransportKind, TransportSettings


class ConnectionLost(TransportError):
    """The server did not answer: what we asked may or may not have been done."""


class NoAnswer(ConnectionLost):
    """The server is connected and silent for longer than we wait."""


class Remote(Protocol):
    """A place for files. Raises OSError for what it refuses, ConnectionLost where it does not answer."""

    def size(self, path: str) -> int | None:
        """Bytes of the file, None where there is none, -1 for what is no regular file."""
        ...

    def write(self, source: Path, path: str) -> None:
        """Write all the bytes and close; a file of that name is replaced."""
        ...

    def rename(self, old: str, new: str, mode: RenameMode) -> None:
        """Give a file another name."""
        ...

    def remove(self, path: str) -> None:
        """Remove a file; raises FileNotFoundError where there is none."""
        ...

    def make_folders(self, path: str) -> None:
        """Make the folders that lead to a file, as far as we may."""
        ...


def describe_place(settings: TransportSettings) -> str:
    """Where a partner is, for people and without secrets."""
    if settings.kind is TransportKind.FOLDER:
        return settings.path
    return f"sftp://{settings.user}@{settings.host}:{settings.port}/{settings.path.lstrip('/')}"


def explain_refusal(error: OSError, action: str, place: str) -> TransportError:
    """The failure of ours that a refusal of the place is, in a sentence: what, where, what to do."""
    if isinstance(error, PermissionError):
        return TransportRefused(f"{place} does not let us {action}: {error.strerror}; have its rights corrected")
    if isinstance(error, FileNotFoundError):
        return TransportError(
            f"{place} has nowhere to {action}: {error.strerror}; have the folder made or the path corrected"
        )
    return TransportError(f"{place} could not {action}: {error.strerror or error}")
