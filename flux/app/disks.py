"""Where flux must write: a real write in each folder, the file system under it, and what to do where one refuses."""

import errno
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flux.transport.names import temporary_path

# As much as a transaction of the ledger or a small reply: a full disk still takes a few bytes.
TRIAL_BYTES = 64 * 1024
# Root may still write where nobody else can: what is left for others counts.
FREE_BYTES_NEEDED = 2**20

_MOUNTS = Path("/proc/self/mounts")
_OCTAL = re.compile(r"\\([0-7]{3})")
_MIB = 2**20
_GIB = 2**30
_CHECK = "look at the messages of the kernel (dmesg)"
_REMOUNT = f"mount {{mount}} again, and {_CHECK}"
_ALLOW = "let the user that runs flux write there: chown it to that user, and check its parents"
_ADVICE: Mapping[int, str] = {
    errno.ENOSPC: "make room on {mount}: flux goes on by itself",
    errno.EDQUOT: "raise the quota on {mount} of the user that runs flux, or make room: flux goes on by itself",
    errno.EROFS: f"{{mount}} is read-only: {_CHECK}, mend it, then mount -o remount,rw {{mount}}",
    errno.EIO: f"{{device}} fails: {_CHECK}, and move the installation to a sound disk",
    errno.ESTALE: _REMOUNT,
    errno.ENODEV: _REMOUNT,
    errno.ENOTCONN: _REMOUNT,
    errno.ETIMEDOUT: _REMOUNT,
    errno.EACCES: _ALLOW,
    errno.EPERM: _ALLOW,
    errno.ENOENT: "make the folder, or mount what holds it",
    errno.EEXIST: "move away the file that lies where the folder must be",
    errno.ENOTDIR: "move away the file that lies where the folder must be",
}
_NO_MORE_FILES = (
    "remove files that nobody needs from {mount}: it has room, but can hold no more of them (no inode is free)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSystem:
    """What a folder lies on, and how much is free there for whoever is not root. `free_files` is None without such a bound."""

    number: int
    mount: str
    kind: str
    device: str
    free_bytes: int
    free_files: int | None

    def __str__(self) -> str:
        return f"{tell_size(self.free_bytes)} free on {self.mount} ({self.kind}, {self.device})"

    def advise(self, refusal: OSError) -> str:
        """What to do about a write that was refused."""
        known = _ADVICE.get(refusal.errno or 0, f"{_CHECK}, and at how {{mount}} is mounted")
        if refusal.errno == errno.ENOSPC and self.free_files == 0:
            known = _NO_MORE_FILES
        return known.format(mount=self.mount, device=self.device)


def try_write(folder: Path) -> None:
    """Write a small file to the disk of a folder that keeps nothing of it. Raises OSError, also where only root has room left."""
    trial = Path(temporary_path(str(folder / "flux-doctor")))
    with trial.open("xb") as file:
        trial.unlink()  # before it is written: whoever is killed meanwhile leaves nothing behind
        file.write(bytes(TRIAL_BYTES))
        file.flush()
        os.fsync(file.fileno())
    status = os.statvfs(folder)
    if status.f_bavail * status.f_frsize < FREE_BYTES_NEEDED:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def nearest(folder: Path) -> Path:
    """The folder, or the one nearest above it that is there."""
    return next((each for each in (folder, *folder.parents) if os.path.isdir(each)), Path("/"))  # noqa: PTH112 - a lost mount is no folder


def file_system_of(folder: Path) -> FileSystem:
    """What a folder that is there lies on. Raises OSError."""
    resolved, status = folder.resolve(), os.statvfs(folder)
    mount, kind, device = _mount_of(resolved)
    return FileSystem(
        number=folder.stat().st_dev,
        mount=mount,
        kind=kind,
        device=device,
        free_bytes=status.f_bavail * status.f_frsize,
        free_files=status.f_favail if status.f_files else None,
    )


def _mount_of(folder: Path) -> tuple[str, str, str]:
    """Its mount point, kind and device, as far as this system tells."""
    mount = next(str(each) for each in (folder, *folder.parents) if each.is_mount())
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return mount, "unknown", "unknown"
    fields = [[_unescape(field) for field in line.split(" ")] for line in lines]
    # The last one mounted there hides the others.
    return next(
        ((mount, kind, device) for device, where, kind, *_ in reversed(fields) if where == mount),
        (mount, "unknown", "unknown"),
    )


def _unescape(field: str) -> str:
    return _OCTAL.sub(lambda found: chr(int(found[1], 8)), field)


def tell_size(size_bytes: int) -> str:
    """A size that people can read."""
    return f"{size_bytes / _GIB:.1f} GiB" if size_bytes >= _GIB else f"{size_bytes / _MIB:.1f} MiB"
