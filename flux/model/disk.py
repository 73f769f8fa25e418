"""Failures of a disk told from all others: they pass when somebody makes room or mends it."""

import errno

_NUMBERS = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.ESTALE, errno.ENODEV, errno.EMFILE, errno.ENFILE}
)


def is_disk_trouble(failure: BaseException) -> bool:
    """True where a disk is behind a failure, or behind what caused it."""
    cause: BaseException | None = failure
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in _NUMBERS:
            return True
        cause = cause.__cause__ or cause.__context__
    return False
