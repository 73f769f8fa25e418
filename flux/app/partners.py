"""The ends of a partner's exchange, for operators."""

from collections.abc import Iterator

from flux.config import Settings
from flux.errors import ConfigError
from flux.transport.probe import ProbeReport, ProbeResult, ProbeStatus, ProbeStep, probe
from flux.transport.settings import TransportKind, TransportSettings

__all__ = ["ProbeResult", "ProbeStatus", "ProbeStep", "describe_end", "list_ends", "probe_partner"]


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
    """Try each end of a partner: which one, where it is, what was found. Raises ConfigError for an unknown partner.

    The second end on a server that did not let us in has the report of the first.
    """
    if partner not in settings.partners:
        raise ConfigError(f"there is no partner {partner!r}; known: {', '.join(settings.partners) or 'none'}")
    ends = {"pickup": settings.partners[partner].pickup, "delivery": settings.delivery_end(partner)}
    refusals: dict[tuple[object, ...], ProbeReport] = {}
    for side, end in ends.items():
        if end is not None:
            # A server that did not let us in does not do so for another folder; asking takes its whole timeout.
            report = refusals.get(_door(end)) or probe(end)
            if end.kind is TransportKind.SFTP and not _is_let_in(report):
                refusals[_door(end)] = report
            yield side, describe_end(end), report


def _door(end: TransportSettings) -> tuple[object, ...]:
    """What decides whether a server lets us in."""
    return (end.kind, end.host, end.port, end.user, end.keys, end.password, end.host_keys, end.algorithms)


def _is_let_in(report: ProbeReport) -> bool:
    return any(each.step is ProbeStep.AUTHENTICATION and each.status is ProbeStatus.OK for each in report.results)
