"""The main job: tar.gz flows of 500 ten-line UBL invoices, from drop to report and forward written, beside bare lxml.

Legacy flows (FSO1100A) are judged by the rules of Chorus Pro and answered by one report each; those of the reform (FSO1150A) by
EXTENDED-CTC-FR, BR-FR and BR-FR-CPRO, and answered by a message for every invoice.

The gateway is the real one, `flux run` in its own processes, with SQLite, two workers and folders. Bare lxml parses and
validates the same documents in this process, in the same round, so that both meet the same machine.
"""

import io
import os
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import etree

from benchmarks.figures import figure
from benchmarks.processes import cpu_seconds, peak_process_mebibytes
from flux.demo.afnor_samples import AFNOR_SAMPLE, write_afnor_ubl
from flux.demo.samples import ENTITY_SIRET, OTHER_ENTITY_SIRET, Sample, write_ubl
from flux.schemas import SchemaCatalogue

INVOICES = 500
LINES = 10
LIMIT_SECONDS = 300

CONFIG = f"""
[gateway]
application_code = "FLX001"
workers = 2
[intake]
stable_seconds = 0.2
sweep_seconds = 0.2
[partners.acme]
role = "supplier"
application_code = "FRN001"
interfaces = ["FSO1100A", "FSO1150A"]
[partners.etat]
role = "entity"
application_code = "SEI001"
sirets = ["{ENTITY_SIRET}"]
[partners.bdr]
role = "entity"
application_code = "SEI002"
sirets = ["{OTHER_ENTITY_SIRET}"]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is dropped: how its invoices are written, under which interface, for whom; and the two replies that each flow gets."""

    interface: str
    write: Callable[[Sample], bytes]
    blank: Sample
    replies: tuple[str, str]
    receivers: tuple[str, ...] = (ENTITY_SIRET,)

    def name(self, sequence: int) -> str:
        """The strict name of a flow."""
        return f"{self.interface}_FRN001_FRN001{self.interface[3:7]}{sequence:015d}"


LEGACY = Job(interface="FSO1100A", write=write_ubl, blank=Sample(line_count=LINES), replies=("CSO1100A", "FEN1200A"))
JOBS = {
    "ubl500": LEGACY,
    "ubl500_mixed": replace(LEGACY, receivers=(ENTITY_SIRET, OTHER_ENTITY_SIRET)),
    "reform_ubl500": Job(
        interface="FSO1150A",
        write=write_afnor_ubl,
        blank=replace(AFNOR_SAMPLE, line_count=LINES),
        replies=("CSO1150A", "FEN1214A"),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round: seconds of wall clock, and of CPU per invoice, ours and lxml's; MiB of the largest process."""

    wall: float
    cpu_per_invoice: float
    bare_per_invoice: float
    peak_mebibytes: float


def measure(*, rounds: int, flows: int) -> dict[str, dict[str, object]]:
    """The figures of the main job, by name."""
    figures: dict[str, dict[str, object]] = {}
    for name, job in JOBS.items():
        done = [_round(flows, job) for _ in range(rounds)]
        invoices = flows * INVOICES
        rates = [invoices / each.wall for each in done]
        ratios = [each.cpu_per_invoice / each.bare_per_invoice for each in done]
        figures |= {
            f"gateway.{name}.invoices_per_s": figure(rates, "invoices/s"),
            f"gateway.{name}.cpu_over_bare": figure(ratios, "times"),
            f"gateway.{name}.cpu_us": figure([each.cpu_per_invoice * 1e6 for each in done], "µs/invoice"),
            f"gateway.{name}.bare_us": figure([each.bare_per_invoice * 1e6 for each in done], "µs/invoice"),
            f"gateway.{name}.peak_process": figure([each.peak_mebibytes for each in done], "MiB"),
        }
    return figures


def _round(flows: int, job: Job) -> Round:
    documents = [_documents(number, job) for number in range(flows)]
    bare = _bare_seconds([data for flow in documents for data in flow]) / (flows * INVOICES)
    archives = [_archive(flow) for flow in documents]
    with tempfile.TemporaryDirectory() as folder, _gateway(Path(folder), job) as process:
        session = os.getsid(process.pid)
        before = cpu_seconds(session)
        started = time.perf_counter()
        _drop(Path(folder) / "inbox" / "acme", archives, job)
        _await_outputs(Path(folder) / "outbox", flows, job, process)
        wall = time.perf_counter() - started
        spent = cpu_seconds(session) - before
        return Round(
            wall=wall,
            cpu_per_invoice=spent / (flows * INVOICES),
            bare_per_invoice=bare,
            peak_mebibytes=peak_process_mebibytes(session),
        )


def _documents(flow: int, job: Job) -> list[bytes]:
    receivers = job.receivers
    return [
        job.write(replace(job.blank, number=f"B{flow:03d}-{index:04d}", buyer_siret=receivers[index % len(receivers)]))
        for index in range(INVOICES)
    ]


def _archive(documents: list[bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=6) as archive:
        for index, data in enumerate(documents):
            header = tarfile.TarInfo(f"facture-{index:04d}.xml")
            header.size = len(data)
            archive.addfile(header, io.BytesIO(data))
    return buffer.getvalue()


def _bare_seconds(documents: list[bytes]) -> float:
    """CPU of parsing and validating the documents, and nothing else, once the schema is compiled."""
    root = etree.fromstring(documents[0])
    schema = SchemaCatalogue().compiled("ubl-2.1", str(root.tag)).validator
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    started = time.process_time()
    for data in documents:
        if not schema.validate(etree.fromstring(data, parser)):
            raise ValueError(str(schema.error_log))
    return time.process_time() - started


@contextmanager
def _gateway(folder: Path, job: Job) -> Iterator["subprocess.Popen[bytes]"]:
    """A gateway that is ready: it has already answered one small flow."""
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "flux", "run", "--config", str(folder / "config.toml")],
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait((folder / "inbox" / "acme").is_dir, process)
        warm = [job.write(replace(job.blank, number=f"W{index}")) for index in range(120)]
        _drop(folder / "inbox" / "acme", [_archive(warm)], job, first=999_999)
        _await_outputs(folder / "outbox", 1, replace(job, receivers=(ENTITY_SIRET,)), process)
        for file in [*folder.glob("outbox/*/C*"), *folder.glob("outbox/*/F*")]:
            file.unlink()
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _drop(inbox: Path, archives: list[bytes], job: Job, *, first: int = 1) -> None:
    """Put flows in place as a careful partner does: under a temporary name, then renamed."""
    for sequence, data in enumerate(archives, start=first):
        name = job.name(sequence)
        (inbox / f".{name}.part").write_bytes(data)
        (inbox / f".{name}.part").rename(inbox / name)


def _await_outputs(outbox: Path, flows: int, job: Job, process: "subprocess.Popen[bytes]") -> None:
    wanted = [(f"acme/{reply}_*", flows) for reply in job.replies]
    wanted.append((f"*/{job.interface}_*", flows * len(job.receivers)))
    _wait(lambda: all(sum(1 for _ in outbox.glob(pattern)) >= count for pattern, count in wanted), process)


def _wait(condition: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + LIMIT_SECONDS
    while not condition():
        if process.poll() is not None:
            raise RuntimeError(f"the gateway ended with {process.returncode}")
        if time.monotonic() > deadline:
            raise TimeoutError("the gateway did not answer in time")
        time.sleep(0.05)  # we share two processors with the gateway
