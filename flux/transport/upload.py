"""How a file appears whole under its name, once, whatever the server allows and whatever is cut on the way.

A temporary name, the size checked after the close, then the rename; and a look at the final name before writing,
because a lost answer to a rename looks like a failure.
"""

import errno
from contextlib import suppress
from pathlib import Path

from flux.errors import FluxError, TransportError, TransportRefused, TransportUncertain
from flux.model.hand_over import HandOver
from flux.transport.local import size_of_source
from flux.transport.names import temporary_path
from flux.transport.remote import ConnectionLost, Remote, describe_place, explain_refusal
from flux.transport.settings import RenameMode, TransportSettings


class RenameUnanswered(ConnectionLost):
    """The connection was lost between the request to rename and its answer; the next attempt finds out."""


class Upload:
    """One file on its way to its final name, under one of its own meanwhile; `hand_over` hears when it gets it."""

    def __init__(self, settings: TransportSettings, source: Path, final: str, hand_over: HandOver) -> None:
        self._settings = settings
        self._place = describe_place(settings)
        self._source = source
        self._size = size_of_source(source)
        self._final = final
        self._hand_over = hand_over
        self.temporary = hand_over.part or temporary_path(final)

    def run(self, remote: Remote) -> None:
        """Put the file there; nothing is done where it is there already.

        Raises SourceUnreadable, TransportRefused where another file bears its name and may not be replaced, RenameUnanswered
        where another attempt with the same hand-over can find out what happened, TransportUncertain where nobody can,
        LedgerError where the hand-over could not be announced, else TransportError.
        """
        if self._hand_over.part is not None and self._is_announced:
            self._settle(remote)
            return
        if self._is_there(remote):
            return
        if self._settings.rename is RenameMode.NONE:
            self._write_in_place(remote)
        else:
            self._write_beside(remote)
            self._rename(remote)

    @property
    def _is_announced(self) -> bool:
        """False where the same name may be sent again unseen, and where there is no moment at which a file gets its name."""
        settings = self._settings
        return settings.rename is not RenameMode.NONE and (settings.list or not settings.overwrite)

    def _settle(self, remote: Remote) -> None:
        """Find out what became of a rename of which nothing was heard, and finish it."""
        if not self._settings.list:
            raise TransportUncertain(
                f"{self._place} was perhaps handed {self._final} already, and lets us neither look nor replace it; "
                "ask whether it arrived"
            )
        if self._is_there(remote):
            return
        self._require_temporary(remote)
        self._rename(remote)

    def _is_there(self, remote: Remote) -> bool:
        """True where an earlier attempt succeeded: names are unique per content, so the size is proof enough."""
        if not self._settings.list:
            return False
        found = self._size_of(remote, self._final)
        if found is not None and found != self._size and not self._settings.overwrite:
            raise TransportRefused(
                f"{self._place} holds another file named {self._final} ({found} bytes, ours has {self._size}) "
                "and does not let us replace it; have it moved away"
            )
        return found == self._size

    def _write_in_place(self, remote: Remote) -> None:
        try:
            self._write(remote, self._final)
        except ConnectionLost as lost:
            self._raise_uncertain_if_blind(lost)
            raise
        # The server may take a file away as soon as it is closed; every write and the close were acknowledged.
        self._check_size(remote, self._final, may_be_gone=True)

    def _write_beside(self, remote: Remote) -> None:
        try:
            self._write(remote, self.temporary)
            self._check_size(remote, self.temporary, may_be_gone=False)
        except ConnectionLost:
            raise
        except TransportError:
            self._remove_temporary(remote)
            raise

    def _write(self, remote: Remote, path: str) -> None:
        try:
            try:
                remote.write(self._source, path)
            except FileNotFoundError:
                remote.make_folders(path)
                remote.write(self._source, path)
        except OSError as error:
            raise explain_refusal(error, f"write {path}", self._place) from error

    def _check_size(self, remote: Remote, path: str, *, may_be_gone: bool) -> None:
        """Raise unless all the bytes are there: a full disk shows itself nowhere else, since pipelined writes are not answered."""
        if not self._settings.list:
            return
        found = self._size_of(remote, path)
        if found is None and not may_be_gone:
            raise TransportUncertain(
                f"{self._place} took the temporary file {path} away before it had its name; ask whether "
                f'{self._final} arrived, and set rename = "none" for this partner'
            )
        if found not in (None, self._size):
            raise TransportError(f"{self._place} kept {found} bytes of the {self._size} of {path}; is its disk full?")

    def _rename(self, remote: Remote) -> None:
        if self._is_announced:
            self._announce(remote)
        try:
            self._rename_over(remote)
        except ConnectionLost as lost:
            self._raise_uncertain_if_blind(lost)
            if not self._settings.list:  # nothing to find out; the same name again replaces what is there
                raise
            raise RenameUnanswered(str(lost)) from lost
        except OSError as error:
            self._judge_refused_rename(remote, error)

    def _announce(self, remote: Remote) -> None:
        try:
            self._hand_over.announce(self.temporary)
        except FluxError:
            self._remove_temporary(remote)
            raise

    def _rename_over(self, remote: Remote) -> None:
        mode = self._settings.rename
        try:
            remote.rename(self.temporary, self._final, mode)
        except OSError:
            if mode is not RenameMode.PLAIN or not self._may_make_way(remote):
                raise
            # The protocol's own rename never replaces.
            with suppress(FileNotFoundError):
                remote.remove(self._final)
            remote.rename(self.temporary, self._final, mode)

    def _may_make_way(self, remote: Remote) -> bool:
        """True where another file bears the final name and is ours to replace."""
        if not self._settings.overwrite:
            return False
        return not self._settings.list or self._size_of(remote, self._final) not in (None, self._size)

    def _judge_refused_rename(self, remote: Remote, error: OSError) -> None:
        """Return where the file bears its name all the same, else raise what the refusal means."""
        if self._is_there(remote):
            self._remove_temporary(remote)
            return
        if self._settings.list:
            self._require_temporary(remote)
        self._hand_over.withdraw()
        self._remove_temporary(remote)
        if error.errno == errno.ENOTSUP:
            other = RenameMode.PLAIN if self._settings.rename is RenameMode.POSIX else RenameMode.NONE
            raise TransportRefused(
                f"{self._place} does not know the rename that its profile asks for; "
                f'set rename = "{other.value}" for this partner'
            ) from error
        raise explain_refusal(error, f"rename a file to {self._final}", self._place) from error

    def _require_temporary(self, remote: Remote) -> None:
        """Raise TransportUncertain where neither name is left: the server took the file, under one or the other."""
        if self._size_of(remote, self.temporary) is None:
            raise TransportUncertain(
                f"{self._place} holds {self._final} under neither its temporary nor its final name; "
                "it was perhaps taken in at once: ask before sending it again"
            )

    def _raise_uncertain_if_blind(self, lost: ConnectionLost) -> None:
        """Where we can neither look nor send the same name again, nobody knows."""
        if not self._settings.list and not self._settings.overwrite:
            raise TransportUncertain(
                f"{self._place} was lost while {self._final} was handed over, and lets us neither look nor replace it; "
                "ask whether it arrived"
            ) from lost

    def _size_of(self, remote: Remote, path: str) -> int | None:
        try:
            return remote.size(path)
        except OSError as error:
            raise explain_refusal(error, f"look at {path}", self._place) from error

    def _remove_temporary(self, remote: Remote) -> None:
        # The failure that brought us here matters more than the rest that stays behind.
        with suppress(OSError, ConnectionLost):
            remote.remove(self.temporary)
