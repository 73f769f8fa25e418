"""`flux demo`: the real gateway between real SFTP folders of this machine, and the story of each flow."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from threading import Event
from time import monotonic
from typing import TextIO

from flux.app.gateway import open_gateway
from flux.app.logs import open_log
from flux.app.operations import open_queries
from flux.app.register_import import ImportRequest, import_files
from flux.app.threads import Crew
from flux.config import Settings, load
from flux.demo.register_samples import write_entities, write_services, write_suppliers
from flux.demo.samples import ENTITY_SIRET, OTHER_ENTITY_SIRET
from flux.demo.scenario import SENDERS, DemoFlow, first_wave, second_wave
from flux.demo.sshd import LoopbackSshd
from flux.errors import FluxError
from flux.ledger.queries import FlowFilter, FlowHistory
from flux.model.lifecycle import FlowState
from flux.model.register import RegisterSource

ENTITIES = {"etat": ("SEI001", ENTITY_SIRET), "bouches-du-rhone": ("SEI002", OTHER_ENTITY_SIRET)}
DEPOSIT, PICKUP = "depot", "retrait"
LIMIT_SECONDS = 60.0
POLL_SECONDS = 0.1
OVER = frozenset({FlowState.CLOSED, FlowState.HELD, FlowState.QUARANTINED})


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoResult:
    """What became of a dropped flow."""

    dropped: DemoFlow
    history: FlowHistory


def count_flows(today: date) -> int:
    """How many flows the scenario drops."""
    return len([*first_wave(today), *second_wave(today)])


def run_demonstration(folder: Path, today: date, progress: Callable[[int], None]) -> tuple[DemoResult, ...]:
    """Drop every flow of the scenario on the suppliers' servers and wait until all are answered.

    `folder` gets an installation with the partners' homes in it; `progress` is told how many flows are over.
    Raises FluxError where a flow is not answered in time.
    """
    first, second = tuple(first_wave(today)), tuple(second_wave(today))
    homes = folder / "serveurs"
    with LoopbackSshd() as server:
        settings = _settings(folder, homes, server)
        _fill_register(settings, folder, today)
        with (folder / "flux.log").open("w", encoding="utf-8") as log, _serving(settings, log):
            for wave, expected in ((first, len(first)), (second, len(first) + len(second))):
                _drop(wave, homes)
                _await(settings, expected, progress)
        return tuple(_results(settings, (*first, *second)))


def _settings(folder: Path, homes: Path, server: LoopbackSshd) -> Settings:
    """An installation whose partners all live on the loopback server; its config.toml stays for those who look."""
    for partner in (*SENDERS, *ENTITIES):
        for place in (DEPOSIT, PICKUP):
            (homes / partner / place).mkdir(parents=True, exist_ok=True)
    end = _END.format(host=server.host, port=server.port, user=server.user, key=server.key_file, pin=server.known_hosts)
    tables = [_GATEWAY]
    tables += [
        _SUPPLIER.format(name=name, code=sender.application_code, settings=sender.settings, end=end, homes=homes)
        for name, sender in SENDERS.items()
    ]
    tables += [
        _ENTITY.format(name=name, code=code, siret=siret, end=end, homes=homes)
        for name, (code, siret) in ENTITIES.items()
    ]
    config = folder / "config.toml"
    config.write_text("\n".join(tables), encoding="utf-8")
    return load(config)


def _fill_register(settings: Settings, folder: Path, today: date) -> None:
    """Import the register of the scenario, by the same way as an operator's files."""
    files = {"fournisseurs": write_suppliers(today), "entites": write_entities(), "services": write_services()}
    paths = {name: folder / f"{name}.csv" for name in files}
    for name, text in files.items():
        paths[name].write_text(text, encoding="utf-8")
    requests = (
        ImportRequest(source=RegisterSource.SUPPLIERS, files=(paths["fournisseurs"],), by="demo"),
        ImportRequest(
            source=RegisterSource.DIRECTORY, files=(paths["entites"],), services=paths["services"], by="demo"
        ),
    )
    for request in requests:
        result = import_files(settings, request, lambda _: None)
        if result.faults:
            raise FluxError(f"{request.source.value}: {result.faults[0]}")


_GATEWAY = """\
[gateway]
application_code = "FLX001"
layers = ["schema", "rules", "identity", "register"]
[intake]
stable_seconds = 0.1
"""
_END = """\
kind = "sftp"
host = "{host}"
port = {port}
user = "{user}"
key_file = "{key}"
host_keys = ["{pin}"]
"""
_SUPPLIER = f"""\
[partners.{{name}}]
role = "supplier"
application_code = "{{code}}"
{{settings}}
[partners.{{name}}.pickup]
path = "{{homes}}/{{name}}/{DEPOSIT}"
poll_seconds = {POLL_SECONDS}
{{end}}
[partners.{{name}}.delivery]
path = "{{homes}}/{{name}}/{PICKUP}"
{{end}}"""
_ENTITY = f"""\
[partners.{{name}}]
role = "entity"
application_code = "{{code}}"
sirets = ["{{siret}}"]
[partners.{{name}}.delivery]
path = "{{homes}}/{{name}}/{PICKUP}"
{{end}}"""


@contextmanager
def _serving(settings: Settings, log: TextIO) -> Iterator[None]:
    """The gateway at work in a thread of its own; what makes it fail is raised here."""
    stop = Event()
    with open_gateway(settings, open_log(log)) as gateway, Crew(stop) as crew:
        crew.start("gateway", partial(gateway.serve, stop))
        yield


def _drop(flows: Sequence[DemoFlow], homes: Path) -> None:
    """Put flows where the suppliers' servers offer them, as a careful sender does."""
    for flow in flows:
        place = homes / flow.partner / DEPOSIT
        (place / f".{flow.name}.part").write_bytes(flow.data)
        (place / f".{flow.name}.part").rename(place / flow.name)


def _await(settings: Settings, expected: int, progress: Callable[[int], None]) -> None:
    deadline = monotonic() + LIMIT_SECONDS
    with open_queries(settings) as queries:
        while (over := sum(line.state in OVER for line in queries.list_flows(FlowFilter(), limit=expected))) < expected:
            progress(over)
            if monotonic() > deadline:
                raise FluxError(f"{over} of {expected} flows answered after {LIMIT_SECONDS:.0f} s; see flux.log")
            Event().wait(POLL_SECONDS)
    progress(over)


def _results(settings: Settings, dropped: Sequence[DemoFlow]) -> Iterator[DemoResult]:
    with open_queries(settings) as queries:
        received = sorted(queries.list_flows(FlowFilter(), limit=len(dropped)), key=lambda line: line.flow.number)
        for flow in dropped:
            line = next(each for each in received if (each.flow.partner, each.flow.name) == (flow.partner, flow.name))
            received.remove(line)
            yield DemoResult(dropped=flow, history=queries.show_flow(line.flow.number))
