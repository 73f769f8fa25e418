"""The real `flux run` in a process of its own, what is dropped before it, and what its log says."""

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from flux.demo.samples import Sample, write_ubl
from flux.demo.scenario import write_archive
from tests.acceptance.installation import PARTNERS, Installation, wait_until
from tests.faults.checker import Broken, Dropped, Scene, check

GATEWAY = """
[gateway]
application_code = "FLX001"
workers = 2
name = "{name}"
stop_seconds = {stop_seconds}
[intake]
stable_seconds = 0.1
sweep_seconds = 0.1
[delivery]
first_retry_seconds = 0.1
longest_retry_seconds = 1.0
{more}
"""
_NAME = "FSO1100A_FRN001_FRN001{:019d}"


class Site(Installation):
    """An installation, and what frn001 dropped there."""

    def __init__(
        self, root: Path, *, name: str = "main", stop_seconds: float = 8.0, more: str = "", partners: str = PARTNERS
    ) -> None:
        root.mkdir(exist_ok=True)
        super().__init__(
            root, gateway=GATEWAY.format(name=name, stop_seconds=stop_seconds, more=more), partners=partners
        )
        self.dropped: list[Dropped] = []

    @property
    def log(self) -> list[dict[str, str]]:
        """The lines that gateways wrote."""
        file = self.root / "flux.log"
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return [json.loads(line) for line in lines if line.startswith("{")]

    def told(self, event: str) -> list[dict[str, str]]:
        """The lines of one kind."""
        return [line for line in self.log if line["event"] == event]

    def await_told(self, event: str, times: int = 1) -> None:
        """Wait until a line is written."""
        wait_until(lambda: len(self.told(event)) >= times, event)

    def drop_flow(self, invoices: int = 1, *, lines: int = 1) -> Dropped:
        """Have frn001 drop one more flow of good invoices."""
        number = len(self.dropped) + 1
        numbers = [f"S{number}-{index}" for index in range(invoices)]
        documents = [write_ubl(Sample(number=each, line_count=lines)) for each in numbers]
        data = write_archive(documents) if invoices > 1 else documents[0]
        flow = describe(number, data, numbers)
        self.drop("frn001", flow.name, data)
        self.dropped.append(flow)
        return flow

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        """Read the ledger's file."""
        file = self.root / "var" / "ledger.db"
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as ledger:
            return list(ledger.execute(statement))

    @property
    def received(self) -> int:
        """How many flows the ledger holds."""
        return len(self.ask("SELECT number FROM flows"))

    @property
    def is_done(self) -> bool:
        """True once each flow has its report and its forward."""
        wanted = len(self.dropped)
        return len(self.put_out("frn001", "CSO*")) >= wanted and len(self.put_out("sei001", "FSO*")) >= wanted

    def check(self) -> Iterator[Broken]:
        """What the independent checker says, once nothing is left to do."""
        servers = {name: self.root / "outbox" / name for name in ("frn001", "sei001")}
        var = self.root / "var"
        scene = Scene(ledger=var / "ledger.db", vault=var / "vault", inbox=self.root / "inbox", servers=servers)
        return check(tuple(self.dropped), scene)

    def finish(self) -> list[Broken]:
        """Start again, let it finish, and look."""
        with self.running():
            wait_until(lambda: self.is_done, "every flow is answered and forwarded")
            wait_until(lambda: len(self.told("flow_closed")) >= len(self.dropped), "every flow is closed")
        return list(self.check())


def describe(number: int, data: bytes, invoices: Sequence[str]) -> Dropped:
    """A flow of frn001 with these good invoices."""
    name = _NAME.format(number)
    forwarded: Mapping[str, str] = dict.fromkeys(invoices, "sei001")
    digest = hashlib.sha256(data).hexdigest()
    return Dropped(
        partner="frn001", name=name, identifier=name.split("_")[2], sha256=digest, forwarded=forwarded, refused=()
    )


@contextmanager
def timed() -> Iterator[list[float]]:
    """How long the block took, in seconds, once it has ended."""
    began, taken = time.monotonic(), [0.0]
    try:
        yield taken
    finally:
        taken[0] = time.monotonic() - began
