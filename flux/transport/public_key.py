"""A public key as a line of OpenSSH has it: its type, its bytes, a comment."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Bytes of the key itself, or of the point on its curve, by type; RSA has its own least.
_LENGTHS = {"ssh-ed25519": 32, "ecdsa-sha2-nistp256": 65, "ecdsa-sha2-nistp384": 97, "ecdsa-sha2-nistp521": 133}
_RSA = "ssh-rsa"
TYPES = (*_LENGTHS, _RSA)
# What ANSSI's RGS and NIST SP 800-131A still allow.
LEAST_RSA_BITS = 2048
_PRIVATE = re.compile(r"PRIVATE KEY|PuTTY-User-Key-File")
_OTHER_FORM = re.compile(r"BEGIN (?:SSH2 |RSA |EC )?PUBLIC KEY|BEGIN CERTIFICATE")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A key and what people compare it by. `text` is its base64."""

    type: str
    text: str

    @property
    def line(self) -> str:
        """Type and key, without options and comment."""
        return f"{self.type} {self.text}"

    @property
    def fingerprint(self) -> str:
        """As `ssh-keygen -l` prints it."""
        digest = hashlib.sha256(base64.b64decode(self.text)).digest()
        return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"


def read_public_key(path: Path) -> PublicKey:
    """The one key of a file. Raises ValueError, in a sentence that shows nothing of a secret."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: no text, so no public key") from error
    except OSError as error:
        raise ValueError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        return parse_public_key(text)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def parse_public_key(text: str) -> PublicKey:
    """The key that a text holds. Raises ValueError, in a sentence that shows nothing of a secret."""
    if _PRIVATE.search(text):
        raise ValueError(
            "this is a private key, which never leaves its owner: whoever could read it here can sign in with it; "
            "have the partner make another pair, and write the line of its .pub file"
        )
    if _OTHER_FORM.search(text):
        raise ValueError(
            "a key in another form than OpenSSH's; `ssh-keygen -i -f FILE` (or `-m PKCS8`) prints the line"
        )
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if len(lines) != 1:
        raise ValueError(f"one line with one public key expected, found {len(lines)}")
    return _parse_words(lines[0])


def _parse_words(words: list[str]) -> PublicKey:
    kind = words[0]
    if kind not in TYPES:
        if any(word in TYPES for word in words):
            raise ValueError("nothing may stand before the type of the key: flux writes the options")
        shown = f"a key of the type {kind!r}" if len(kind) < 40 else "a line that does not begin with the type of a key"
        raise ValueError(f"{shown} is not taken; known: {', '.join(TYPES)}")
    if len(words) < 2:
        raise ValueError(f"nothing follows {kind}: the key is missing")
    _require_sound(kind, words[1])
    return PublicKey(type=kind, text=words[1])


def _require_sound(kind: str, text: str) -> None:
    """Raise ValueError unless the bytes are a whole key of that type: keys are copied by hand, and cut short."""
    try:
        parts = list(_parts(base64.b64decode(text, validate=True)))
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"the key after {kind} is not whole: copy its line again") from error
    if not parts or parts[0] != kind.encode():
        raise ValueError(f"the bytes after {kind} are not a key of that type: copy its line again")
    if kind == _RSA:
        _require_rsa(parts)
    elif len(parts[-1]) != _LENGTHS[kind] or len(parts) != (2 if kind == "ssh-ed25519" else 3):
        raise ValueError(f"the key after {kind} is not whole: copy its line again")


def _require_rsa(parts: list[bytes]) -> None:
    if len(parts) != 3:
        raise ValueError("the key after ssh-rsa is not whole: copy its line again")
    bits = int.from_bytes(parts[2], "big").bit_length()
    if bits < LEAST_RSA_BITS:
        raise ValueError(
            f"an RSA key of {bits} bits is too short: {LEAST_RSA_BITS} at least, better an ssh-ed25519 key"
        )


def _parts(data: bytes) -> Iterator[bytes]:
    """The strings of an SSH structure, each after its length in four bytes (RFC 4251, 5). Raises ValueError."""
    position = 0
    while position < len(data):
        start = position + 4
        end = start + int.from_bytes(data[position:start], "big")
        if end > len(data):
            raise ValueError("cut short")
        yield data[start:end]
        position = end
