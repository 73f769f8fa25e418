"""Whether somebody has a file open for writing: asked of the kernel by a read lease, which it grants only where nobody has.

Linux grants one to the owner of the file and to whoever has CAP_LEASE, on local file systems. Elsewhere nobody can tell.
"""

import errno
import fcntl
import os
import signal
from pathlib import Path
from uuid import uuid4

# What the kernel would send if somebody opened the file for writing within these microseconds; the usual signal ends a process.
_HARMLESS = signal.SIGURG


def is_held_open(descriptor: int) -> bool | None:
    """True where somebody may still write to the file, None where the system cannot tell. `descriptor` is open for reading."""
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, _HARMLESS)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        return True if error.errno == errno.EAGAIN else None
    except AttributeError:
        return None  # not Linux
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False


def is_being_written(path: Path, inode: int) -> bool | None:
    """True where that very file is certainly open for writing somewhere, None where nobody can tell."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False  # whoever claims it meets the same, and tells
    try:
        if os.fstat(descriptor).st_ino != inode:
            return False  # another file by now, which is looked at anew
        is_open = is_held_open(descriptor)
        return None if is_open and not _can_tell(path.parent) else is_open
    finally:
        os.close(descriptor)


def _can_tell(folder: Path) -> bool:
    """False where a file that nobody has open is said to be open, as network file systems do."""
    probe = folder / f".{uuid4().hex}.lease"
    try:
        probe.touch()
        descriptor = os.open(probe, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    finally:
        probe.unlink(missing_ok=True)
    try:
        return is_held_open(descriptor) is False
    finally:
        os.close(descriptor)
