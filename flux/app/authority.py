"""Who is at the keyboard, and for what reason."""

import os
import pwd
from datetime import UTC, datetime

from flux.errors import LedgerError
from flux.model.authority import Authority


def authorise(by: str, reason: str) -> Authority:
    """The word of a person, given now. Raises LedgerError where no reason is given."""
    if not reason.strip():
        raise LedgerError("say why, with --reason: the journal keeps it")
    return Authority(by=by, reason=reason.strip(), at=datetime.now(UTC))


def login() -> str:
    """Who runs this process, by the name that the system has for him, else by his number."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container may know no names
        return str(os.getuid())
