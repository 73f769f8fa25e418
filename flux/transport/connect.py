"""From a partner's profile to its transport."""

from flux.model.ports import Transport
from flux.transport.folder import FolderTransport
from flux.transport.settings import TransportKind, TransportSettings


def open_transport(settings: TransportSettings) -> Transport:
    """The transport of that profile; an SFTP server is called when first needed, not now."""
    if settings.kind is TransportKind.FOLDER:
        return FolderTransport(settings)
    from flux.transport.sftp import SftpTransport  # noqa: PLC0415 - paramiko takes 0.1 s that folders do not need

    return SftpTransport(settings)
