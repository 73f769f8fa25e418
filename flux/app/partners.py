"""The ends of a partner's exchange, for operators."""

from collections.abc import Iterator

from flux.config import Settings
from flux.errors import ConfigError
from flux.transport.probe import ProbeReport, probe
from flux.transport.settings import TransportKind, TransportSettings


def list_ends(settings: Settings, partner: str) -> dict[str, str]:
    """Where a partner's files come from and where they go, in words."""
    pickup = settings.partners[partner].pickup or TransportSettings(path=str(settings.gateway.inbox / partner))
    return {"pickup": describe_end(pickup), "delivery": describe_end(settings.delivery_end(partner))}


def describe_end(end: TransportSettings) -> str:
    """An end as an address."""
    if end.kind is TransportKind.FOLDER:
        return end.path
    return f"sftp://{end.user}@{end.host}:{end.port}/{end.path.lstrip('/')}"


def probe_partner(settings: Settings, partner: str) -> Iterator[tuple[str, str, ProbeReport]]:
    """Try each end of a partner: which one, where it is, what was found. Raises ConfigError for an unknown partner."""
    if partner not in settings.partners:
        raise ConfigError(f"there is no partner {partner!r}; known: {', '.join(settings.partners) or 'none'}")
    ends = {"pickup": settings.partners[partner].pickup, "delivery": settings.delivery_end(partner)}
    for side, end in ends.items():
        if end is not None:
            yield side, describe_end(end), probe(end)
