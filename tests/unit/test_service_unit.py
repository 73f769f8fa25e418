"""The unit that `flux service` prints: every folder that a gateway writes in, and what systemd hears."""

import sys
from pathlib import Path

import pytest

from flux.app.service_unit import writable_folders, write_unit
from flux.app.supervisor import announce
from flux.config import Settings, read

PARTNERS = {
    "acme": {
        "role": "supplier",
        "application_code": "FRN001",
        "interfaces": ["FSO1100A"],
        "delivery": {"kind": "folder", "path": "/mnt/acme"},
    }
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read({"gateway": {"application_code": "FLX001"}, "partners": PARTNERS}, root=tmp_path, environ={})


def test_a_gateway_may_write_in_each_folder_that_its_settings_name(settings: Settings) -> None:
    wanted = (
        settings.gateway.inbox,
        settings.gateway.outbox,
        settings.vault.path,
        settings.vault.spool,
        Path("/mnt/acme"),
    )
    folders = writable_folders(settings)
    assert all(any(path.resolve().is_relative_to(folder) for folder in folders) for path in wanted)


def test_no_folder_is_named_inside_another(settings: Settings) -> None:
    folders = writable_folders(settings)
    assert not any(one != other and one.is_relative_to(other) for one in folders for other in folders)


def test_the_unit_names_user_command_and_folders(settings: Settings, tmp_path: Path) -> None:
    unit = write_unit(settings, tmp_path / "config.toml", "gateway")
    lines = unit.splitlines()
    assert "User=gateway" in lines
    # A virtual environment is known by the link, not by where it leads.
    assert f"ExecStart={sys.executable} -m flux run --config {tmp_path}/config.toml" in lines
    (writable,) = [line for line in lines if line.startswith("ReadWritePaths=")]
    assert "/mnt/acme" in writable.removeprefix("ReadWritePaths=").split()


def test_systemd_hears_of_the_start_and_of_the_stop_alone() -> None:
    heard: list[bytes] = []
    tell = announce(lambda *_, **__: None, heard.append)
    for event in ("gateway_starting", "gateway_started", "flow_closed", "gateway_stopping", "gateway_stopped"):
        tell(event)
    assert heard == [b"READY=1", b"STOPPING=1"]
