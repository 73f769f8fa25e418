"""The systemd unit by systemd's own tools, and the gateway under the limits of the unit that need no systemd.

    python -m tests.faults.service [--json]

The gateway runs as nobody, without capabilities or new privileges, with memory that is never writable and executable at
once, answers a flow, tells that it is ready and that it stops, and stops in time; every system call that it and its workers
make must be in the unit's filter. Needs root, systemd-analyze, setpriv and strace.
"""

import argparse
import ctypes
import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from flux.demo.samples import Sample, write_ubl
from tests.acceptance.installation import FRN001, wait_until

CHECKOUT = Path(__file__).resolve().parents[2]
TOOLS = ("systemd-analyze", "setpriv", "strace")
# Of 100; without a network, a system call of @resources or a socket nobody could exchange flows.
HIGHEST_EXPOSURE = 20
STOP_SECONDS = 15.0
LIMIT_SECONDS = 30.0
_LIMITS = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--no-new-privs", "--bounding-set=-all")
PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN = 65, 1
# A user that every Debian has and that is neither root nor, which systemd warns of, nobody.
UNIT_USER = "daemon"


def main() -> int:
    """Try everything, print a table; 1 where anything is not well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", dest="as_json")
    as_json = parser.parse_args().as_json
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing or os.geteuid() != 0:
        print(f"not run: needs root and {', '.join(missing or TOOLS)}", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        results = dict(_try_all(Path(folder)))
    print(json.dumps(results) if as_json else _table(results))
    return 0 if all(result.startswith("well") for result in results.values()) else 1


def _try_all(folder: Path) -> Iterator[tuple[str, str]]:
    root = _install(folder)
    unit = folder / "flux.service"
    unit.write_text(_flux(root, "service", "--user", UNIT_USER), encoding="utf-8")
    yield "systemd-analyze verify", _verify(unit)
    yield f"systemd-analyze security, at most {HIGHEST_EXPOSURE / 10}", _expose(unit)
    yield from _run_as_nobody(root)


def _install(folder: Path) -> Path:
    folder.chmod(0o755)
    root = folder / "gateway"
    _flux(folder, "init", str(root), config=False)
    config = root / "config.toml"
    config.write_text(
        config.read_text(encoding="utf-8").replace("# workers = 0  ", "workers = 1    "), encoding="utf-8"
    )
    return root


def _flux(root: Path, *arguments: str, config: bool = True) -> str:
    command: list[str] = [sys.executable, "-m", "flux", *arguments]
    command += ["--config", "config.toml"] if config else []
    return subprocess.run(command, cwd=root, env=_environment(), capture_output=True, text=True, check=True).stdout


def _environment() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(CHECKOUT), "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"}


def _verify(unit: Path) -> str:
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, check=False)
    return "well" if done.returncode == 0 and not done.stderr else done.stderr.strip() or "refused"


def _expose(unit: Path) -> str:
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={HIGHEST_EXPOSURE}"]
    command.append(str(unit))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    exposure = re.search(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
    return f"{'well' if done.returncode == 0 else 'too open'}: {exposure[1] if exposure else done.stderr.strip()}"


def _run_as_nobody(root: Path) -> Iterator[tuple[str, str]]:
    nobody = pwd.getpwnam("nobody")
    if subprocess.run(
        [*_LIMITS, "sh", "-c", '"$0" -c ""', sys.executable], capture_output=True, check=False
    ).returncode:
        yield "the gateway as nobody", f"not run: nobody may not run {sys.executable}; put it where everybody may read"
        return
    (root / "inbox" / "acme" / FRN001.format(1)).write_bytes(write_ubl(Sample()))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(str(root / "notify"))
        supervisor.settimeout(LIMIT_SECONDS)
        for path in (root, *root.rglob("*")):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
        process = _start(root)
        try:
            yield "READY=1 once it is at work", _told(supervisor, b"READY=1", root / "flux.log")
            wait_until(lambda: bool([*(root / "outbox" / "acme").glob("CSO1100A_*")]), "the flow is answered")
            yield "a flow is answered as nobody, without capabilities, no memory writable and executable", "well"
            yield "the gateway and its workers have no right left", _rights(process.pid)
            began = time.monotonic()
            os.kill(_gateway_of(process.pid), signal.SIGTERM)
            yield "STOPPING=1 at SIGTERM", _told(supervisor, b"STOPPING=1", root / "flux.log")
            code = process.wait(STOP_SECONDS)
            yield (
                f"exit 0 within {STOP_SECONDS:.0f} s of SIGTERM",
                f"{'well' if code == 0 else code}: {time.monotonic() - began:.1f} s",
            )
        finally:
            process.kill()
            process.wait()
    yield "system calls within the filter", _judge_calls(root / "calls")


def _start(root: Path) -> "subprocess.Popen[bytes]":
    traced = ["strace", "--follow-forks", "--quiet=all", "--summary-only", "--output", str(root / "calls")]
    gateway = [sys.executable, "-m", "flux", "run", "--config", str(root / "config.toml")]
    libc = ctypes.CDLL(None, use_errno=True)

    def refuse_execution() -> None:
        if libc.prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_MDWE): the kernel is older than 6.3")

    with (root / "flux.log").open("wb") as log:
        return subprocess.Popen(
            [*_LIMITS, *traced, *gateway],
            cwd=root,
            env=_environment() | {"NOTIFY_SOCKET": str(root / "notify")},
            stderr=log,
            preexec_fn=refuse_execution,  # noqa: PLW1509 - one thread, and the limit outlives exec
        )


def _told(supervisor: socket.socket, expected: bytes, log: Path) -> str:
    try:
        told = supervisor.recv(100)
    except TimeoutError:
        return f"nothing in {LIMIT_SECONDS:.0f} s; its log ends: {log.read_text(encoding='utf-8')[-500:]!r}"
    return "well" if told == expected else told.decode()


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def _gateway_of(tracer: int) -> int:
    (gateway,) = _children(tracer)
    return gateway


def _rights(tracer: int) -> str:
    gateway = _gateway_of(tracer)
    wrong = [fault for pid in (gateway, *_all_children(gateway)) for fault in _faults_of(pid)]
    return ", ".join(wrong) or "well"


def _all_children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text(encoding="ascii").split()]


def _faults_of(pid: int) -> Iterator[str]:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    status = {key: value.split() for key, _, value in (line.partition(":") for line in lines)}
    if "0" in status["Uid"] or "0" in status["Gid"]:
        yield f"{pid} is root's"
    yield from (f"{pid} has {key}" for key in ("CapPrm", "CapEff", "CapBnd", "CapAmb") if int(status[key][0], 16))
    if status["NoNewPrivs"] != ["1"]:
        yield f"{pid} may gain privileges"


def _judge_calls(summary: Path) -> str:
    """Names of the last column of strace's table, against the unit's two filters."""
    rows = re.findall(
        r"^ *[0-9.]+ +[0-9.]+ +\d+ +\d+ (?:.* )?([a-z0-9_]+)$", summary.read_text(encoding="utf-8"), re.MULTILINE
    )
    made = set(rows) - {"total"}
    allowed = set(_expand("@system-service")) - set(_expand("@privileged"))
    refused = sorted(made - allowed)
    return f"refused: {', '.join(refused)}" if refused or not made else f"well: {len(made)} different ones"


def _expand(name: str) -> Iterator[str]:
    done = subprocess.run(["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines()[1:]:
        word = line.strip()
        if word.startswith("@"):
            yield from _expand(word)
        elif word and not word.startswith("#"):
            yield word


def _table(results: Mapping[str, str]) -> str:
    return "\n".join(
        ["| asked | found |", "|---|---|", *(f"| {asked} | {found} |" for asked, found in results.items())]
    )


if __name__ == "__main__":
    sys.exit(main())
