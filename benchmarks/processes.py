"""What a group of processes costs, as the kernel counts it."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
# Fields of /proc/PID/stat after the command's name, counted from the process state.
SESSION, USER_TICKS, SYSTEM_TICKS, RESIDENT_PAGES = 3, 11, 12, 21


def cpu_seconds(session: int) -> float:
    """User and system time of every living process of a session."""
    return sum((int(stat[USER_TICKS]) + int(stat[SYSTEM_TICKS])) / TICKS for stat in _stats(session))


def peak_process_mebibytes(session: int) -> float:
    """Resident memory of the largest process of a session, now."""
    return max((int(stat[RESIDENT_PAGES]) * PAGE_BYTES / 2**20 for stat in _stats(session)), default=0.0)


def _stats(session: int) -> list[list[str]]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we looked
        if int(stat[SESSION]) == session:
            found.append(stat)
    return found


def peak_mebibytes_of(session: int) -> dict[int, float]:
    """The most that each living process of a session has had resident, by process id (VmHWM)."""
    peaks = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(folder.name)) != session:
                continue
            lines = (folder / "status").read_text(encoding="utf-8").splitlines()
        except OSError:
            continue  # it ended while we looked
        peak = next((line.split()[1] for line in lines if line.startswith("VmHWM:")), None)
        if peak is not None:
            peaks[int(folder.name)] = int(peak) / 1024
    return peaks
