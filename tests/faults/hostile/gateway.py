"""All classes through a gateway that runs: each file is a flow, and every flow is answered."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flux.app.installation import load_settings
from flux.app.operations import FlowFilter, FlowHistory, open_queries
from flux.demo.samples import Sample, write_ubl
from flux.errors import FluxError
from flux.model.lifecycle import DeliveryState, FlowState
from flux.model.settlement import OutputKind
from tests.acceptance.installation import FRN001, Installation, wait_until
from tests.faults.hostile.answers import answer_of, without_duplicates
from tests.faults.hostile.case import Answer, Family, Hostile, Maker

PARTNER = "libre"
# All of them, those of 100 MB included, on a machine that does other things.
LIMIT_SECONDS = 400.0
WORKER_MEGABYTES = 1_500


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowAnswer:
    """What the gateway said of a file, None where it said nothing."""

    hostile: Hostile
    file: str
    wanted: Answer
    given: Answer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dropped:
    hostile: Hostile
    file: str
    make: Maker
    wanted: Answer


class GatewayCampaign:
    """An installation in a folder, the files to drop into it, and what it said of them."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._installation = Installation(folder)
        self._files: dict[str, _Dropped] = {}
        self.answers: tuple[FlowAnswer, ...] = ()

    def add(self, hostile: Hostile) -> None:
        """Have the files of a class dropped, twins included."""
        for files, wanted in ((hostile.files, hostile.answer), (hostile.twins, hostile.twin_answer)):
            for file, make in files.items():
                is_name = hostile.family is Family.NAMES
                name = file if is_name else f"{len(self._files):04d}-{Path(file).name.replace(' ', '-')}"
                self._files[_shown(name)] = _Dropped(hostile=hostile, file=name, make=make, wanted=wanted)

    def run(self) -> list[str]:
        """Drop everything, wait for the answers, and see that a good flow is still answered. What went wrong."""
        with self._installation.running() as process:
            wait_until(lambda: self._histories() is not None, "the gateway has started")
            workers = _children(process.pid)
            for dropped in self._files.values():
                self._drop(dropped)
            self._wait(len(self._files))
            faults = list(self._see_good_flow())
            if process.poll() is not None:
                faults.append(f"the gateway ended with {process.returncode}")
            if _children(process.pid) != workers:
                faults.append("workers died")
            faults += [
                f"a process held {size} MB" for pid in workers if (size := _peak_megabytes(pid)) > WORKER_MEGABYTES
            ]
        log = (self._installation.root / "flux.log").read_text(encoding="utf-8", errors="replace")
        return faults + (["the log holds a traceback"] if "Traceback" in log else [])

    def _drop(self, dropped: _Dropped) -> None:
        folder = self._installation.root / "inbox" / PARTNER
        (folder / ".next.part").write_bytes(dropped.make())
        (folder / ".next.part").rename(folder / dropped.file)

    def _histories(self) -> dict[str, FlowHistory] | None:
        """Every flow by its name, None before there is a ledger."""
        try:
            with open_queries(load_settings(self._installation.config)) as queries:
                lines = queries.list_flows(FlowFilter(), limit=10_000)
                return {line.flow.name: queries.show_flow(line.flow.number) for line in lines}
        except FluxError:
            return None

    def _count_ended(self) -> int:
        with open_queries(load_settings(self._installation.config)) as queries:
            lines = queries.list_flows(FlowFilter(), limit=10_000)
        return sum(line.state in (FlowState.CLOSED, FlowState.HELD) for line in lines)

    def _wait(self, count: int) -> None:
        """Until every flow came to its end; one that does not within the limit has no answer."""
        deadline = time.monotonic() + LIMIT_SECONDS
        while self._count_ended() < count and time.monotonic() < deadline:
            time.sleep(0.5)
        histories = self._histories() or {}
        self.answers = tuple(
            FlowAnswer(
                hostile=dropped.hostile,
                file=dropped.file,
                wanted=dropped.wanted,
                given=_answer(histories[name]) if name in histories else None,
            )
            for name, dropped in self._files.items()
        )

    def _see_good_flow(self) -> Iterator[str]:
        """A good invoice must be taken, answered and handed on, byte for byte."""
        data = write_ubl(Sample(number="AFTER-ALL"))
        self._installation.drop("frn001", FRN001.format(1), data)
        try:
            wait_until(lambda: bool(self._installation.put_out("frn001", "CSO*")), "a good flow is answered")
        except AssertionError as error:
            yield str(error)
            return
        wait_until(
            lambda: any(file.read_bytes() == data for file in self._installation.put_out("sei001")),
            "a good invoice is handed on",
        )


def _shown(name: str) -> str:
    """The name under which the ledger knows a file."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _answer(history: FlowHistory) -> Answer | None:
    """What was said of a flow, None where it is not settled or no report of it was delivered."""
    reports = [each for each in history.deliveries if each.kind in (OutputKind.REPORT, OutputKind.FLOW_MESSAGE)]
    if history.line.verdict is None or not any(each.state is DeliveryState.DELIVERED for each in reports):
        return None
    return without_duplicates(answer_of(history.case.judgments, history.case.findings))


def _children(pid: int) -> set[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return set(map(int, found.split()))


def _peak_megabytes(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except FileNotFoundError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)
