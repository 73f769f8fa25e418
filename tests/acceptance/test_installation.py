"""From nothing to a working installation, as a newcomer does it."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from flux.demo.samples import Sample, write_ubl
from tests.acceptance.installation import FRN001, run_flux, run_process

CHECKOUT = Path(__file__).resolve().parents[2]


def test_init_then_run_answers_a_flow(tmp_path: Path) -> None:
    assert run_process("init", cwd=tmp_path).returncode == 0
    assert run_process("config", "check", cwd=tmp_path).returncode == 0
    (tmp_path / "inbox" / "acme" / FRN001.format(1)).write_bytes(write_ubl(Sample()))
    assert run_process("run", "--once", cwd=tmp_path).returncode == 0
    assert len(list((tmp_path / "outbox" / "acme").glob("CSO1100A_*"))) == 1
    assert len(list((tmp_path / "outbox" / "entite").glob("FSO1100A_*"))) == 1


def test_init_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("mine", encoding="utf-8")
    done = run_flux("init", cwd=tmp_path)
    assert (done.returncode, (tmp_path / "config.toml").read_text(encoding="utf-8")) == (2, "mine")


def test_a_wrong_key_stops_the_gateway_and_is_named(tmp_path: Path) -> None:
    run_flux("init", cwd=tmp_path)
    with (tmp_path / "config.toml").open("a", encoding="utf-8") as config:
        config.write('\nforwrd = "original"\n')
    done = run_flux("run", "--once", cwd=tmp_path)
    assert done.returncode == 2
    assert "partners.entite: unknown key 'forwrd', did you mean 'forward'?" in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_finds_a_fresh_installation_fit(tmp_path: Path) -> None:
    run_flux("init", cwd=tmp_path)
    assert run_flux("doctor", cwd=tmp_path).returncode == 0


def test_doctor_says_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    run_flux("init", cwd=tmp_path)
    (tmp_path / "inbox").rename(tmp_path / "elsewhere")
    (tmp_path / "inbox").write_bytes(b"a file where a folder should be")
    done = run_flux("doctor", "--json", cwd=tmp_path)
    assert done.returncode == 1
    assert '"subject": "inbox", "well": false' in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [("flows", "list"), ("flows", "show", "1"), ("deliveries", "list")])
def test_a_ledger_that_is_not_there_yet_is_said_so(tmp_path: Path, command: tuple[str, ...]) -> None:
    run_flux("init", cwd=tmp_path)
    done = run_flux(*command, cwd=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "`flux run`" in done.stderr
    assert not (tmp_path / "var/ledger.db").exists()


@pytest.mark.parametrize(
    "command",
    [
        "init",
        "demo",
        "run",
        "check",
        "flows",
        "deliveries",
        "partners",
        "register",
        "codes",
        "rules",
        "schemas",
        "config",
        "doctor",
        "service",
        "verify",
        "backup",
        "retention",
        "restore",
        "sftp",
    ],
)
def test_every_command_helps(tmp_path: Path, command: str) -> None:
    done = run_flux(command, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert "Usage:" in done.stdout


@pytest.mark.parametrize(
    "command",
    [
        ("flows", "list"), ("flows", "show"), ("deliveries", "list"), ("deliveries", "retry"), ("deliveries", "close"),
        ("flows", "release"), ("flows", "close"), ("partners", "list"),
        ("partners", "probe"), ("config", "check"), ("schemas", "list"), ("init",), ("demo",), ("run",), ("check",),
        ("codes",), ("doctor",), ("service",), ("rules", "list"), ("rules", "show"), ("rules", "compare"), ("verify",),
        ("backup",), ("restore",), ("retention", "show"), ("retention", "erase"), ("retention", "hold"),
        ("retention", "lift"), ("retention", "holds"),
        ("sftp", "config"), ("sftp", "setup"),
    ],
)  # fmt: skip
def test_the_help_of_every_command_shows_an_example(tmp_path: Path, command: tuple[str, ...]) -> None:
    assert "Example: flux " + " ".join(command) in run_flux(*command, "--help", cwd=tmp_path).stdout


def test_the_wheel_alone_works_in_an_empty_folder(tmp_path: Path) -> None:
    """The wheel is unpacked into a folder of its own, and stands before the checkout on the path."""
    wheels, site, work = tmp_path / "wheels", tmp_path / "site", tmp_path / "work"
    work.mkdir()
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels)],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
    )
    [wheel] = wheels.glob("flux_gateway-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    (work / "facture.xml").write_bytes(write_ubl(Sample()))
    source = "import flux; print(flux.__file__)"
    environment = {"PYTHONPATH": str(site)}
    where = subprocess.run(
        [sys.executable, "-c", source], cwd=work, env=environment, check=True, capture_output=True, text=True
    )
    assert where.stdout.startswith(str(site))
    assert run_process("init", "gateway", cwd=work, environment=environment).returncode == 0
    assert run_process("check", "facture.xml", cwd=work, environment=environment).returncode == 0
    listed = run_process("schemas", "list", cwd=work, environment=environment).stdout
    assert "cpp-statut-1.19" in listed
    assert "altered" not in listed


def test_every_dependency_is_pinned_with_its_hash() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8")
    pinned = {line.split("==")[0] for line in lock.splitlines() if "==" in line}
    named = {requirement.split("=")[0].split(">")[0].split("[")[0] for requirement in project["dependencies"]}
    assert named <= pinned
    assert lock.count("--hash=sha256:") >= len(pinned)
