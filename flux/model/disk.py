"""Failures of a disk told from all others: they pass when somebody makes room or mends it."""

import errno
from collections.abc import Iterator

_NUMBERS = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.ESTALE, errno.ENODEV, errno.EMFILE, errno.ENFILE}
)

_RIGHTS = frozenset({errno.EACCES, errno.EPERM})


def is_disk_trouble(failure: BaseException) -> bool:
    """True where a disk is behind a failure, or behind what caused it."""
    return any(number in _NUMBERS for number in _numbers_behind(failure))


def is_rights_trouble(failure: BaseException) -> bool:
    """True where missing rights are behind a failure, or behind what caused it: on our own machine, a person gives them."""
    return any(number in _RIGHTS for number in _numbers_behind(failure))


def _numbers_behind(failure: BaseException) -> Iterator[int | None]:
    cause: BaseException | None = failure
    while cause is not None:
        if isinstance(cause, OSError):
            yield cause.errno
        cause = cause.__cause__ or cause.__context__
