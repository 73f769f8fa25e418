"""Do the servers of partners answer: each is asked by the probe of `flux partners probe`, all at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from flux.app.diagnosis.line import Diagnosis
from flux.app.partners import describe_end
from flux.config import Settings
from flux.transport.probe import ProbeReport, ProbeStatus, probe
from flux.transport.settings import TransportKind, TransportSettings

# Asking is waiting: more at once costs little, a server of several partners may count its sign-ins.
_AT_ONCE = 16


def diagnose_servers(settings: Settings, *, ask: bool) -> Iterator[Diagnosis]:
    """One line for each SFTP end, however many sides of a partner it serves; one in all where they are not to be asked."""
    ends = _ends_of(settings)
    if not ends:
        return
    if not ask:
        state = f"not asked: {len(ends)}; `flux doctor --servers` asks them"
        yield Diagnosis(subject="servers of partners", well=True, state=state)
        return
    with ThreadPoolExecutor(max_workers=min(_AT_ONCE, len(ends))) as askers:
        for (partner, sides, end), report in zip(ends, askers.map(probe, (end for *_, end in ends)), strict=True):
            yield _diagnose_server(partner, sides, end, report)


def _ends_of(settings: Settings) -> list[tuple[str, str, TransportSettings]]:
    """Partner, its sides as one word, and the end that they share."""
    ends: dict[tuple[str, TransportSettings], list[str]] = {}
    for partner, table in settings.partners.items():
        for side, end in (("pickup", table.pickup), ("delivery", table.delivery)):
            if end is not None and end.kind is TransportKind.SFTP:
                ends.setdefault((partner, end), []).append(side)
    return [(partner, "+".join(sides), end) for (partner, end), sides in ends.items()]


def _diagnose_server(partner: str, sides: str, end: TransportSettings, report: ProbeReport) -> Diagnosis:
    place = describe_end(end)
    if report.is_ok:
        return Diagnosis(subject=f"partners.{partner}.{sides}", well=True, state=f"{place}: all that flux does works")
    return Diagnosis(
        subject=f"partners.{partner}.{sides}",
        well=False,
        state=f"{place}: {_tell_faults(report)}",
        advice=f"flux partners probe {partner}",
    )


def _tell_faults(report: ProbeReport) -> str:
    """The steps that failed; where none was reached, what kept us from them."""
    failed = [
        f"{each.step.value}: {each.reason}"
        for each in report.results
        if each.status is ProbeStatus.FAILED and each.step in report.needed
    ]
    return "; ".join(failed) or next(each.reason for each in report.results if each.status is ProbeStatus.NOT_TRIED)
