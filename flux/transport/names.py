"""Names on a partner's side: which are accepted, how they are joined, and under which one a file is written first."""

import re
import secrets
from collections.abc import Iterable

from flux.errors import TransportRefused

# Most file systems stop at 255 bytes: what is kept of the final name leaves room for the rest.
_KEPT_BYTES = 180
_TEMPORARY = re.compile(r"\.(?P<kept>.+)\.[0-9a-f]{16}\.part", re.DOTALL)


def remote_path(base: str, folder: str, name: str = "") -> str:
    """Base, folder and name as one path; "." for the folder in which the server puts us.

    Raises TransportRefused for a folder or a name that would lead elsewhere.
    """
    parts = [part for part in folder.split("/") if part]
    if folder.startswith("/") or not all(map(is_plain_name, parts)) or (name and not is_plain_name(name)):
        raise TransportRefused(f"{folder!r} / {name!r} is no name of a file inside the partner's folder")
    root = base if base == "/" else base.rstrip("/")
    inner = "/".join([*parts, name] if name else parts)
    return (f"{root}/{inner}".replace("//", "/") if root and inner else root or inner) or "."


def is_plain_name(name: str) -> bool:
    """True for a name that stays in its folder."""
    return name not in ("", ".", "..") and "/" not in name and "\0" not in name


def temporary_path(final: str) -> str:
    """A hidden name beside the final one, never given twice: an attempt that hung may go on writing to its own."""
    folder, slash, name = final.rpartition("/")
    return f"{folder}{slash}.{_kept(name)}.{secrets.token_hex(8)}.part"


def temporaries_of(finals: Iterable[str], names: Iterable[str]) -> list[str]:
    """Those of the names that `temporary_path` may have given for one of the final ones."""
    kept = {_kept(final) for final in finals}
    found = ((name, _TEMPORARY.fullmatch(name)) for name in names)
    return [name for name, match in found if match and match["kept"] in kept]


def _kept(name: str) -> str:
    return name.encode(errors="surrogateescape")[:_KEPT_BYTES].decode(errors="ignore")


def parent_paths(path: str) -> list[str]:
    """The folders that lead to a file, outermost first: /a/b/c gives /a and /a/b."""
    parts = path.split("/")[:-1]
    return [prefix for end in range(1, len(parts) + 1) if (prefix := "/".join(parts[:end])) not in ("", ".")]
