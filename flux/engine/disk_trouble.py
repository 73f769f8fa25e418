"""Failures of the disk: they say nothing of the invoice over which they happened, and pass when somebody makes room."""

import errno

_NUMBERS = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.ESTALE, errno.ENODEV, errno.EMFILE, errno.ENFILE}
)


class DiskTrouble(Exception):
    """A task could not be done because a disk is full, read-only, failing or away; told as it was in its process."""


def is_disk_trouble(failure: BaseException) -> bool:
    """True where a disk is behind a failure, or behind what caused it."""
    cause: BaseException | None = failure
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in _NUMBERS:
            return True
        cause = cause.__cause__ or cause.__context__
    return False
