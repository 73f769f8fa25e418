"""The largest flows that flux takes: a pivot of 1 GB with attachments, and an archive of 1 GB, each through `flux run --once`.

Seconds are those of the whole command, start and end included. The peak of a process is the kernel's own (VmHWM), looked
up twenty times a second; workers are told apart from the process of the gateway.
"""

import argparse
import io
import random
import subprocess
import sys
import tarfile
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.gateway import CONFIG
from benchmarks.processes import peak_mebibytes_of
from flux.demo.pivot_samples import PivotSample, stream_pivot
from flux.demo.samples import ENTITY_SIRET, OTHER_ENTITY_SIRET, Sample, write_ubl

GIGABYTE = 10**9
# Attachments as people send them: a page, a scan, a report, and now and then a plan; bytes before base64.
ATTACHMENTS = (20_000, 20_000, 60_000, 150_000, 20_000, 400_000, 60_000, 20_000, 20_000, 3_000_000, 10_000_000)
RECEIVERS = (ENTITY_SIRET, OTHER_ENTITY_SIRET)
LOOK_SECONDS = 0.05
LIMIT_SECONDS = 1800


@dataclass(frozen=True, slots=True, kw_only=True)
class Large:
    """A flow to generate: what it is called, the name under which it is dropped, and how it is written."""

    name: str
    flow: str
    write: Callable[[Path, int], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one run cost; MiB of the largest worker, and of the gateway's process."""

    invoices: int
    seconds: float
    worker_mebibytes: float
    gateway_mebibytes: float


def write_large_pivot(path: Path, size_bytes: int) -> int:
    """A pivot of about that size, for two entities; the number of its invoices."""
    chance = random.Random(1)  # noqa: S311 - noise that no compression shortens
    noise = [chance.randbytes(size) for size in ATTACHMENTS]
    unit_bytes = len(b"".join(stream_pivot(_pivot_samples(len(noise), noise), count=1))) / len(noise)
    count = int(size_bytes / unit_bytes)
    flow_id = "CPP0020036000000000000001"
    with path.open("wb") as target:
        for piece in stream_pivot(_pivot_samples(count, noise), count=count, flow_id=flow_id):
            target.write(piece)
    return count


def _pivot_samples(count: int, noise: list[bytes]) -> Iterator[PivotSample]:
    blank = Sample(line_count=10)
    for index in range(count):
        sample = replace(blank, number=f"G{index:06d}", buyer_siret=RECEIVERS[index % 2])
        yield PivotSample(sample=sample, attachment=noise[index % len(noise)])


def write_large_archive(path: Path, size_bytes: int) -> int:
    """A tar.gz of UBL invoices, of about that size unpacked, for two entities; the number of its invoices."""
    blank = Sample(line_count=200)
    count = int(size_bytes / len(write_ubl(blank)))
    with tarfile.open(path, mode="w:gz", compresslevel=1) as archive:
        for index in range(count):
            data = write_ubl(replace(blank, number=f"G{index:06d}", buyer_siret=RECEIVERS[index % 2]))
            header = tarfile.TarInfo(f"facture-{index:06d}.xml")
            header.size = len(data)
            archive.addfile(header, io.BytesIO(data))
    return count


LARGE = (
    Large(name="pivot", flow="FEN0036A_SEI001_CPP0020036000000000000001", write=write_large_pivot),
    Large(name="archive", flow="FSO1100A_FRN001_FRN0011100000000000000001", write=write_large_archive),
)

SENDERS = """
[partners.hub]
role = "supplier"
application_code = "CPP002"
interfaces = ["FEN0036A"]
"""


def measure(large: Large, size_bytes: int, folder: Path) -> Measured:
    """Generate the flow, have it treated, and look at the processes meanwhile."""
    (folder / "config.toml").write_text(CONFIG + SENDERS, encoding="utf-8")
    inbox = folder / "inbox" / ("hub" if large.name == "pivot" else "acme")
    inbox.mkdir(parents=True)
    invoices = large.write(inbox / large.flow, size_bytes)
    print(f"{large.name}: {invoices} invoices, {(inbox / large.flow).stat().st_size / 1e6:.0f} MB", flush=True)
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "flux", "run", "--once", "--config", str(folder / "config.toml")],
        start_new_session=True,
    )
    gateway, workers = _watch(process, started + LIMIT_SECONDS)
    seconds = time.perf_counter() - started
    forwarded = [file for entity in ("etat", "bdr") for file in (folder / "outbox" / entity).glob("F*")]
    if process.returncode or len(forwarded) != len(RECEIVERS):
        raise RuntimeError(f"ended with {process.returncode}, forwarded {[file.name for file in forwarded]}")
    for file in forwarded:
        print(f"  {file.parent.name}: {file.name}, {file.stat().st_size / 1e6:.0f} MB, crc32 {_crc32(file):08x}")
    return Measured(invoices=invoices, seconds=seconds, worker_mebibytes=workers, gateway_mebibytes=gateway)


def _watch(process: "subprocess.Popen[bytes]", deadline: float) -> tuple[float, float]:
    gateway = workers = 0.0
    while process.poll() is None:
        for pid, mebibytes in peak_mebibytes_of(process.pid).items():
            if pid == process.pid:
                gateway = max(gateway, mebibytes)
            else:
                workers = max(workers, mebibytes)
        if time.perf_counter() > deadline:
            process.kill()
            raise TimeoutError("the flow was not treated in time")
        time.sleep(LOOK_SECONDS)  # a peak is kept by the kernel: only the end of a process could hide one
    return gateway, workers


def _crc32(path: Path) -> int:
    crc = 0
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            crc = zlib.crc32(piece, crc)
    return crc


def main() -> None:
    """Measure both flows, or the one that is named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.large", description=__doc__)
    parser.add_argument("--only", choices=[large.name for large in LARGE], help="one of the two flows")
    parser.add_argument("--bytes", type=int, default=GIGABYTE, help="size of the flow")
    parser.add_argument("--folder", type=Path, default=None, help="where to work: 5 times the size must be free")
    arguments = parser.parse_args()
    for large in LARGE:
        if arguments.only in (None, large.name):
            with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
                done = measure(large, arguments.bytes, Path(folder))
            print(
                f"large.{large.name}: {done.seconds:.1f} s, {done.invoices / done.seconds:.0f} invoices/s,"
                f" largest worker {done.worker_mebibytes:.0f} MiB, gateway {done.gateway_mebibytes:.0f} MiB",
                flush=True,
            )


if __name__ == "__main__":
    main()
