"""An SSH connection to a partner: its host key pinned, modern algorithms only, every wait bounded."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Timer

from paramiko import Channel, ChannelException, Transport
from paramiko.ssh_exception import IncompatiblePeer

from flux.errors import ConfigError, FluxError, TransportError, TransportRefused
from flux.transport.host_keys import require_pinned, signature_types
from flux.transport.remote import ConnectionLost, NoAnswer, describe_place
from flux.transport.settings import TransportSettings
from flux.transport.sign_in import sign_in

# GCM first: one pass of the processor's own instructions instead of two.
_CIPHERS = (
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "aes128-ctr",
    "aes192-ctr",
    "aes256-ctr",
)
_MACS = (
    "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-512-etm@openssh.com",
    "hmac-sha2-256",
    "hmac-sha2-512",
)
_KEXS = (
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group-exchange-sha256",
    "diffie-hellman-group14-sha256",
)
# What a partner's profile may add for itself: the PPF names the first and the third.
_OLD_CIPHERS = ("aes128-cbc", "aes192-cbc", "aes256-cbc", "3des-cbc")
_OLD_MACS = ("hmac-sha1",)


def require_algorithms(settings: TransportSettings) -> None:
    """Raise ConfigError for an algorithm that no profile may add."""
    allowed = (*_OLD_CIPHERS, *_OLD_MACS)
    unknown = set(settings.algorithms).difference(allowed)
    if unknown:
        raise ConfigError(
            f"algorithms of {describe_place(settings)}: {', '.join(sorted(unknown))} cannot be added; "
            f"these can: {', '.join(allowed)}"
        )


def connect(settings: TransportSettings) -> Transport:
    """A connection that is authenticated both ways.

    Raises TransportRefused where a person must act, TransportError where waiting may help.
    """
    if not settings.host_keys:
        raise TransportRefused(
            f"no host key is pinned for {describe_place(settings)}; see it with `flux partners probe`, compare it with "
            "what the partner says, and write it under host_keys"
        )
    with shaken_hands(settings) as ssh:
        require_pinned(settings, ssh.get_remote_server_key())
        authenticate(ssh, settings)
    return ssh


@contextmanager
def shaken_hands(settings: TransportSettings) -> Iterator[Transport]:
    """A connection whose server has shown its key, nobody authenticated; closed if the block raises."""
    ssh = _open_transport(settings)
    try:
        with _explained(settings), _bounded(ssh, settings):
            ssh.start_client(timeout=2 * settings.timeout_seconds)
            ssh.get_remote_server_key()  # raises where the time ran out
        yield ssh
    except BaseException:
        ssh.close()
        raise


def authenticate(ssh: Transport, settings: TransportSettings) -> str:
    """Say who we are, by key and by password as the profile has them; what let us in. Raises as `connect` does."""
    with _explained(settings), _bounded(ssh, settings):
        accepted = sign_in(ssh, settings)
    ssh.set_keepalive(max(1, int(settings.timeout_seconds / 2)))
    return accepted


def open_sftp_channel(ssh: Transport, settings: TransportSettings) -> Channel:
    """A channel on which the server speaks SFTP.

    Raises ChannelException where the server opens no more of them, ConnectionLost where the connection is of no use.
    """
    with _explained(settings, ConnectionLost), _bounded(ssh, settings):
        channel = ssh.open_session(timeout=2 * settings.timeout_seconds)
        channel.settimeout(settings.timeout_seconds)
        channel.invoke_subsystem("sftp")
    return channel


def _open_transport(settings: TransportSettings) -> Transport:
    with _explained(settings):
        link = socket.create_connection((settings.host, settings.port), timeout=settings.timeout_seconds)
    try:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # A link that is cut would otherwise hang until the system gives up, a quarter of an hour later.
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(settings.timeout_seconds * 1000))
        ssh = Transport(link)
        ssh.channel_timeout = ssh.clear_to_send_timeout = settings.timeout_seconds
        # Never reached: paramiko would call a silence a refused key. `_bounded` ends it, and knows why.
        ssh.banner_timeout = ssh.handshake_timeout = ssh.auth_timeout = 2 * settings.timeout_seconds
        _choose_algorithms(ssh, settings)
    except BaseException:
        link.close()
        raise
    return ssh


def _choose_algorithms(ssh: Transport, settings: TransportSettings) -> None:
    options = ssh.get_security_options()
    options.ciphers = (*_CIPHERS, *(name for name in _OLD_CIPHERS if name in settings.algorithms))
    options.digests = (*_MACS, *(name for name in _OLD_MACS if name in settings.algorithms))
    options.kex = tuple(name for name in options.kex if name.startswith("mlkem")) + _KEXS
    options.key_types = signature_types(settings, tuple(options.key_types))


@contextmanager
def _bounded(ssh: Transport, settings: TransportSettings) -> Iterator[None]:
    """Close the connection when the block takes too long: some waits of paramiko have no bound of their own.

    Raises TimeoutError then, whatever paramiko makes of it.
    """
    expired = Event()

    def give_up() -> None:
        expired.set()
        ssh.close()

    guard = Timer(settings.timeout_seconds, give_up)
    guard.daemon = True
    guard.start()
    try:
        yield
    except FluxError:
        raise
    except Exception as error:
        if expired.is_set():
            raise TimeoutError from error
        raise
    finally:
        guard.cancel()


@contextmanager
def _explained(settings: TransportSettings, failure: type[TransportError] = TransportError) -> Iterator[None]:
    """Foreign failures of a connection, as ours; `failure` is what those that may pass become."""
    place = describe_place(settings)
    try:
        yield
    except ChannelException:
        raise
    except IncompatiblePeer as error:
        raise TransportRefused(
            f"{place} and we have no algorithm in common: {error}; have the server modernised, "
            "or add an old one under algorithms for this partner alone"
        ) from error
    except TimeoutError as error:
        silence = NoAnswer if failure is ConnectionLost else failure
        raise silence(f"{place} did not answer within {settings.timeout_seconds:g} s") from error
    except socket.gaierror as error:
        raise failure(f"the name {settings.host} of {place} is not known: {error.strerror}") from error
    except FluxError:
        raise
    except Exception as error:
        # paramiko raises here whatever its own thread met while it read what the server sent, of any type.
        raise failure(f"no connection to {place}: {str(error) or type(error).__name__}") from error
