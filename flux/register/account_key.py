"""The key of account hashes: a file outside the database, made once, readable by its owner alone."""

import os
import secrets
from pathlib import Path

from flux.durable import give_to_owner, make_folders
from flux.errors import RegisterError

KEY_BYTES = 32


def read_account_key(path: Path) -> bytes:
    """The key, made where there is none. Raises RegisterError for a file that is no key or that others can read.

    Two processes that make it at once end with the same one: the name is given to the first whole file only.
    """
    if not path.exists():
        _make(path)
    try:
        exposed = path.stat().st_mode & 0o077
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise RegisterError(f"{path}: no key of account hashes can be read there: {error}") from error
    if exposed:
        raise RegisterError(f"{path}: readable by others: chmod 600 {path}")
    if len(key) != KEY_BYTES:
        raise RegisterError(f"{path}: a key of {KEY_BYTES} bytes expected, found {len(key)}")
    return key


def _make(path: Path) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        make_folders(path.parent)
        _write_synced(draft, secrets.token_hex(KEY_BYTES))
        give_to_owner(draft)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process made it; its key is the key
        finally:
            draft.unlink()
    except OSError as error:
        raise RegisterError(f"{path}: the key of account hashes cannot be made: {error.strerror}") from error


def _write_synced(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
