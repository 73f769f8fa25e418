"""A class of files through `flux check --json`, in a process whose time and memory are measured."""

import json
import os
import subprocess
import sys
import threading
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flux.model.verdict import Verdict
from tests.faults.hostile.answers import fold
from tests.faults.hostile.case import Answer, Hostile
from tests.faults.hostile.measured import PEAK

# Starting, and compiling the schemas that explain a refusal, whatever the file.
START_SECONDS = 6.0
# Longer than any file may take on a machine that does other things: a hang.
HANG_SECONDS = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The answer to each file, None where there was none, with the one that is wanted; and what went wrong beside."""

    answers: tuple[tuple[str, Answer | None, Answer], ...]
    faults: tuple[str, ...]


def check_class(hostile: Hostile, folder: Path) -> Checked:
    """Judge all files of a class, twins included, by one command."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted: dict[str, tuple[str, Answer]] = {}
    for files, answer in ((hostile.files, hostile.answer), (hostile.twins, hostile.twin_answer)):
        for name, make in files.items():
            path = folder / f"{len(wanted)}{Path(name).suffix}"
            path.write_bytes(make())
            wanted[str(path)] = (name, answer)
    given, faults = _run(hostile, list(wanted))
    for written in wanted:
        Path(written).unlink()
    return Checked(
        answers=tuple((name, given.get(file), answer) for file, (name, answer) in wanted.items()), faults=faults
    )


def _run(hostile: Hostile, paths: list[str]) -> tuple[dict[str, Answer], tuple[str, ...]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.hostile.measured", "check", "--json", *paths],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    watchdog = threading.Timer(HANG_SECONDS, process.kill)
    watchdog.start()
    try:
        assert process.stdout is not None
        with process.stdout as out:
            printed = out.read().decode("utf-8", "replace")
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    finally:
        watchdog.cancel()
    seconds, megabytes = usage.ru_utime + usage.ru_stime, _peak_megabytes(printed)
    faults = []
    if process.returncode not in (0, 1):
        faults.append(f"flux check ended with {process.returncode}: {printed[-300:]}")
    if seconds > START_SECONDS + hostile.seconds * len(paths):
        faults.append(f"flux check took {seconds:.1f} s")
    if megabytes > hostile.megabytes:
        faults.append(f"flux check took {megabytes:.0f} MB")
    return _answers(printed), tuple(faults)


def _peak_megabytes(printed: str) -> float:
    last = printed.rstrip().rpartition("\n")[2]
    return int(last.removeprefix(PEAK)) / 1024 if last.startswith(PEAK) else 0.0


def _answers(printed: str) -> dict[str, Answer]:
    judged: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in printed.splitlines():
        if line.startswith("{"):
            judgment = json.loads(line)
            judged[judgment["file"]].append(judgment)
    return {
        file: fold(
            [Verdict(each["verdict"]) for each in all_of],
            [(found["code"], found["severity"] == "fatal") for each in all_of for found in each["findings"]],
        )
        for file, all_of in judged.items()
    }
