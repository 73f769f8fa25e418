"""SIGKILL in the middle, at any moment, of the gateway and of its workers: one report per flow, one forward per invoice."""

import contextlib
import os
import random
import signal
import subprocess
import tarfile
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from flux.demo.samples import Sample, write_ubl
from flux.demo.scenario import write_archive
from tests.acceptance.installation import FRN001, Installation, wait_until

FLOWS, INVOICES = 8, 120
SEED = 20261123


def drop_flows(installation: Installation) -> None:
    for flow in range(FLOWS):
        documents = [write_ubl(Sample(number=f"K{flow}-{index}", line_count=3)) for index in range(INVOICES)]
        installation.drop("frn001", FRN001.format(flow + 1), write_archive(documents))


def answered_flows(installation: Installation) -> list[str]:
    """The flow that each report answers."""
    reports = installation.put_out("frn001", "CSO*")
    return [etree.parse(report).findtext(".//IdFlux") or "" for report in reports]


def forwarded_invoices(installation: Installation) -> Counter[str]:
    """How often each invoice number stands in what the entity received."""
    counts: Counter[str] = Counter()
    for file in installation.put_out("sei001", "FSO*"):
        with tarfile.open(file) as archive:
            for member in archive:
                content = archive.extractfile(member)
                assert content is not None
                counts[etree.fromstring(content.read()).findtext("{*}ID") or ""] += 1
    return counts


def check_nothing_lost_nothing_twice(installation: Installation) -> None:
    expected = sorted(FRN001.format(flow + 1)[16:] for flow in range(FLOWS))
    assert sorted(answered_flows(installation)) == expected
    counts = forwarded_invoices(installation)
    assert set(counts.values()) == {1}
    assert len(counts) == FLOWS * INVOICES


def is_done(installation: Installation) -> bool:
    return len(installation.put_out("frn001", "CSO*")) >= FLOWS and len(installation.put_out("sei001", "FSO*")) >= FLOWS


@pytest.mark.timeout(300)
def test_a_gateway_killed_again_and_again_answers_each_flow_once(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    drop_flows(installation)
    moments = random.Random(SEED)
    for _ in range(6):
        process = installation.start()
        # from before the first claim to after the last delivery
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=moments.uniform(0.4, 2.2))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)
    with installation.running():
        wait_until(lambda: is_done(installation), "every flow is answered after the last restart")
    check_nothing_lost_nothing_twice(installation)


@pytest.mark.timeout(300)
def test_a_worker_killed_in_the_middle_costs_no_verdict(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    drop_flows(installation)
    with installation.running() as process:
        for _ in range(3):
            wait_until(lambda: kill_a_worker(process.pid), "a worker is there to be killed")
        wait_until(lambda: is_done(installation), "every flow is answered")
    check_nothing_lost_nothing_twice(installation)


def test_a_gateway_that_is_killed_leaves_no_worker_behind(tmp_path: Path) -> None:
    process = Installation(tmp_path).start()
    wait_until(lambda: len(workers_of(process.pid)) == 2, "workers start")
    process.kill()
    process.wait(timeout=10)
    wait_until(lambda: workers_of(process.pid) == [], "workers end", limit=20)


def kill_a_worker(session: int) -> bool:
    """Whether one worker was killed; each may end by itself between being seen and being killed."""
    for worker in workers_of(session):
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)
            return True
    return False


def workers_of(session: int) -> list[int]:
    """The worker processes of a gateway."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue  # it ended while we looked
        if int(stat[3]) == session and b"spawn_main" in command:
            found.append(int(folder.name))
    return found
