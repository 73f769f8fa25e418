"""The beginning of a session: a server that wants something of a person first says so beside the protocol, or not at all."""

from paramiko import Channel, Transport

from flux.errors import TransportError
from flux.transport.remote import ConnectionLost
from flux.transport.settings import TransportSettings
from flux.transport.sftp_session import SftpSession
from flux.transport.sign_in import expired, wants_change
from flux.transport.ssh import open_sftp_channel

_WORDS_BYTES = 1_000
# Between the end of what a server sends and the status of its program, which says how it ended.
_STATUS_SECONDS = 1.0


def open_session(ssh: Transport, settings: TransportSettings) -> SftpSession:
    """A session on an authenticated connection.

    Raises ChannelException where the server opens no more of them, ConnectionLost where the connection is of no use,
    TransportRefused where a person must act first.
    """
    channel = open_sftp_channel(ssh, settings)
    try:
        return SftpSession(channel, settings)
    except ConnectionLost as lost:
        raise _explain(channel, settings, lost) from lost


def _explain(channel: Channel, settings: TransportSettings, lost: ConnectionLost) -> TransportError:
    words = channel.recv_stderr(_WORDS_BYTES).decode(errors="replace") if channel.recv_stderr_ready() else ""
    if wants_change(words):
        return expired(settings, words)
    if words.strip():
        return ConnectionLost(f"{lost}; it says: {' '.join(words.split())!r}")
    if channel.eof_received and channel.status_event.wait(_STATUS_SECONDS) and channel.exit_status > 0:
        return ConnectionLost(
            f"{lost}; the server let us in and ended the session at once (status {channel.exit_status}): so does OpenSSH "
            "where the account's password has expired, even if a key opens it, or where its folder is missing"
        )
    return lost
