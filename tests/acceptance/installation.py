"""An installation in a temporary folder, and the command line on it.

A command, and a gateway that runs once, live in the process of the tests: a start of Python and of its workers costs seconds.
Where the process itself is what is tested, `run_process`, `run_once_as_process` and `running` start one.
"""

import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir, contextmanager
from pathlib import Path
from unittest import mock

from click.testing import CliRunner

from flux.app import gateway
from flux.app.installation import load_settings
from flux.app.logs import open_log
from flux.app.workshop import WorkshopFactory
from flux.cli import main
from flux.demo.samples import ENTITY_SIRET, OTHER_ENTITY_SIRET
from tests.faults.sandbox import in_gateway

_CHECKOUT = Path(__file__).resolve().parents[2]
LIMIT_SECONDS = 60.0
FRN001 = "FSO1100A_FRN001_FRN0011100{:015d}"

PARTNERS = f"""
[partners.frn001]
role = "supplier"
application_code = "FRN001"
interfaces = ["FSO1100A", "FSO1106A"]
[partners.libre]
role = "supplier"
application_code = "FRN009"
naming = "free"
replies = "cpp"
[partners.sei001]
role = "entity"
application_code = "SEI001"
sirets = ["{ENTITY_SIRET}"]
[partners.sei002]
role = "entity"
application_code = "SEI002"
sirets = ["{OTHER_ENTITY_SIRET}"]
"""
GATEWAY = """
[gateway]
application_code = "FLX001"
workers = 2
[intake]
stable_seconds = 0.1
sweep_seconds = 0.1
"""
# One process judges: half the cost of a start, where nothing is about many.
ONE_WORKER = GATEWAY.replace("workers = 2", "workers = 1")


class Installation:
    """Folders, a configuration, and the commands a person would type."""

    def __init__(
        self,
        root: Path,
        *,
        gateway: str = GATEWAY,
        partners: str = PARTNERS,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.root = root
        self.environment = environment
        self.config = root / "config.toml"
        self.config.write_text(gateway + partners, encoding="utf-8")

    def flux(self, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return run_flux(*arguments, cwd=self.root, stdin=stdin, environment=self.environment)

    def json(self, *arguments: str) -> list[dict[str, object]]:
        """The lines that a command prints with --json."""
        done = self.flux(*arguments, "--json", "--config", str(self.config))
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def drop(self, partner: str, name: str, data: bytes) -> None:
        """Put a file into a partner's folder of the inbox, whole at once."""
        folder = self.root / "inbox" / partner
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f".{name}.part").write_bytes(data)
        (folder / f".{name}.part").rename(folder / name)

    def run_once(self) -> str:
        """Treat everything that was dropped; the log of it."""
        log = io.StringIO()
        with mock.patch.dict(os.environ, self.environment or {}):
            settings = load_settings(self.config)
        with (
            mock.patch.object(gateway, "spare_collector"),  # it would be spared for all tests to come
            gateway.open_gateway(settings, open_log(log), lambda its: in_gateway(WorkshopFactory(its)())) as opened,
        ):
            opened.run_once()
        assert "Traceback" not in log.getvalue()
        return log.getvalue()

    def run_once_as_process(self) -> str:
        """The same by the command, with its worker processes."""
        arguments = ("run", "--once", "--config", str(self.config))
        done = run_process(*arguments, cwd=self.root, environment=self.environment)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr

    @contextmanager
    def running(self) -> Iterator["subprocess.Popen[str]"]:
        """A gateway that runs; ended by SIGTERM if it still runs."""
        process = self.start()
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.communicate(timeout=LIMIT_SECONDS)

    def start(self) -> "subprocess.Popen[str]":
        """Start a gateway in a session of its own."""
        command = [sys.executable, "-m", "flux", "run", "--config", str(self.config)]
        with (self.root / "flux.log").open("a", encoding="utf-8") as log:
            environment = {**os.environ, **(self.environment or {})}
            return subprocess.Popen(command, stderr=log, stdout=log, text=True, start_new_session=True, env=environment)

    def put_out(self, partner: str, pattern: str = "*") -> list[Path]:
        """The files delivered into a partner's folder of the outbox, less those being written."""
        found = (self.root / "outbox" / partner).glob(pattern)
        return sorted(file for file in found if file.is_file() and not file.name.startswith("."))

    def only(self, partner: str, pattern: str) -> Path:
        """The one file that matches."""
        files = self.put_out(partner, pattern)
        assert len(files) == 1, [file.name for file in files]
        return files[0]


def run_flux(
    *arguments: str, cwd: Path, stdin: bytes = b"", environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end in this process, in a folder."""
    code: object = 0
    with (
        chdir(cwd),
        mock.patch.object(sys, "argv", ["flux", *arguments]),
        CliRunner().isolation(stdin, dict(environment or {})) as (out, err, _),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
    assert isinstance(code, int)
    return subprocess.CompletedProcess(arguments, code, out.getvalue().decode(), err.getvalue().decode())


def run_process(
    *arguments: str,
    cwd: Path,
    stdin: bytes = b"",
    limit: float = LIMIT_SECONDS,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "flux", *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        timeout=limit,
        check=False,
        env=_environment(environment),
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def _environment(more: Mapping[str, str] | None) -> dict[str, str]:
    """Ours, and the code under test before whatever is installed."""
    return {**os.environ, "PYTHONPATH": str(_CHECKOUT), **(more or {})}


def unpacked(file: Path) -> bytes:
    """The bytes of a file; of a tar.gz, the names and bytes of its members one after another."""
    data = file.read_bytes()
    if not data.startswith(b"\x1f\x8b"):
        return data
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        members = ((member.name, archive.extractfile(member)) for member in archive)
        return b"\n".join(name.encode() + b"\n" + content.read() for name, content in members if content is not None)


def wait_until(condition: Callable[[], bool], what: str, limit: float = LIMIT_SECONDS) -> None:
    """Wait for a thing, with a time limit."""
    deadline = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < deadline, f"{what}: not within {limit:.0f} s"
        time.sleep(0.02)
