"""Signing in at a partner's server: our keys in turn, then the password; it is told to no question but the first."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress

from cryptography.exceptions import UnsupportedAlgorithm
from paramiko import (
    AuthenticationException,
    BadAuthenticationType,
    PasswordRequiredException,
    PKey,
    SSHException,
    Transport,
)
from paramiko.pkey import UnknownKeyType

from flux.errors import TransportRefused
from flux.transport.remote import describe_place
from flux.transport.settings import TransportSettings

_UNUSABLE = (OSError, ValueError, TypeError, SSHException, UnknownKeyType, UnsupportedAlgorithm)
# What paramiko raises for SSH_MSG_USERAUTH_PASSWD_CHANGEREQ (RFC 4252, 8), which it does not know.
_CHANGE_REQUEST = "Illegal info request from server"
# Of OpenSSH, PAM and servers that speak French.
_CHANGE_WORDS = re.compile(
    r"expire|chang(?:e|er) (?:your|the|le|votre)|change required|new .*password|nouveau", re.IGNORECASE
)
_KEYBOARD = "keyboard-interactive"


def sign_in(ssh: Transport, settings: TransportSettings) -> str:
    """Say who we are; what let us in, in words.

    Raises TransportRefused where a person must act, EOFError where the server went away meanwhile.
    """
    keys = _load_keys(settings)
    try:
        accepted, missing = _offer_keys(ssh, settings, keys) if keys else ("", ["password"])
        if missing and settings.password is not None:
            accepted, missing = "the password", _offer_password(ssh, settings, settings.password)
    except AuthenticationException as error:
        # paramiko says the same of a server that went away meanwhile, or is silent.
        if not ssh.is_active():
            raise EOFError("it went away during the authentication") from error
        raise _unwelcome(settings) from error
    if missing:
        raise _unwelcome(settings)
    return accepted


def wants_change(words: str) -> bool:
    """True where a server's words ask for another password."""
    return _CHANGE_WORDS.search(words) is not None


def expired(settings: TransportSettings, words: str = "") -> TransportRefused:
    """The refusal of a server that wants the password changed before anything else."""
    said = f" ({' '.join(words.split())[:200]!r})" if words.strip() else ""
    return TransportRefused(
        f"the password of {describe_place(settings)} has expired: the server wants it changed{said}; have it changed there, "
        "then change what password_env holds, or agree on a key, which does not expire so"
    )


def _offer_keys(
    ssh: Transport, settings: TransportSettings, keys: Sequence[tuple[str, PKey]]
) -> tuple[str, Sequence[str]]:
    """The first key that the server takes, and what it wants besides. Raises AuthenticationException, EOFError."""
    *others, last = keys
    for name, key in others:
        with suppress(AuthenticationException):
            return name, ssh.auth_publickey(settings.user, key)
        if not ssh.is_active():
            raise EOFError(f"it went away at {name}; a server that allows no second try needs the right key first")
    name, key = last
    return name, ssh.auth_publickey(settings.user, key)


def _offer_password(ssh: Transport, settings: TransportSettings, password: str) -> Sequence[str]:
    """What the server wants besides the password. Raises AuthenticationException."""
    try:
        return ssh.auth_password(settings.user, password, fallback=False)
    except BadAuthenticationType as error:
        if _KEYBOARD not in error.allowed_types:
            raise
        return _answer_questions(ssh, settings, password)
    except AuthenticationException:
        raise
    except SSHException as error:
        if str(error) == _CHANGE_REQUEST:
            raise expired(settings) from error
        raise


def _answer_questions(ssh: Transport, settings: TransportSettings, password: str) -> Sequence[str]:
    questions = _Questions(password)
    try:
        return ssh.auth_interactive(settings.user, questions.answer)
    except AuthenticationException as error:
        if wants_change(questions.unanswered):
            raise expired(settings, questions.unanswered) from error
        if questions.unanswered:
            raise TransportRefused(
                f"{describe_place(settings)} asks for more than the password ({questions.unanswered[:200]!r}): flux answers "
                "nothing else; agree on a key with the partner"
            ) from error
        raise


class _Questions:
    """Answers the first question with the password: to any other, such as for a new one, it would be told for nothing."""

    def __init__(self, password: str) -> None:
        self._password = password
        self._is_told = False
        self.unanswered = ""

    def answer(self, title: str, instructions: str, prompts: Sequence[tuple[str, bool]]) -> list[str]:
        """As paramiko asks: the answers to a server's prompts."""
        if not prompts:
            return []
        if len(prompts) == 1 and not self._is_told:
            self._is_told = True
            return [self._password]
        self.unanswered = " ".join(" ".join([title, instructions, *(prompt for prompt, _ in prompts)]).split())
        return [""] * len(prompts)


def _load_keys(settings: TransportSettings) -> list[tuple[str, PKey]]:
    """Every key that can be read, in its order, with its name. Raises TransportRefused where none of them can be."""
    loaded, faults = [], []
    for file in settings.keys:
        try:
            loaded.append((f"the key of {file}", _read_key(str(file), settings.password)))
        except _UNUSABLE as error:
            faults.append(f"the key file {file} cannot be used: {error}")
    if faults and not loaded:
        raise TransportRefused("; ".join(faults))
    return loaded


def _read_key(file: str, password: str | None) -> PKey:
    """The private key; the password opens it where it is locked, and is otherwise the server's."""
    try:
        return PKey.from_path(file)
    except (TypeError, PasswordRequiredException):
        if password is None:
            raise
        return PKey.from_path(file, password)


def _unwelcome(settings: TransportSettings) -> TransportRefused:
    offered = " and ".join(_offered(settings))
    return TransportRefused(
        f"{describe_place(settings)} refuses {offered or 'us: neither key nor password is configured'}; "
        "have the partner register it, or correct user, key_file, key_files or password_env"
    )


def _offered(settings: TransportSettings) -> Iterator[str]:
    yield from (f"the key of {file}" for file in settings.keys)
    if settings.password is not None:
        yield "the password"
