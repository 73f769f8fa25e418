"""Drop to replies over a real OpenSSH server, both ways."""

from collections.abc import Iterator
from pathlib import Path

import paramiko
import pytest
from lxml import etree

from flux.demo.samples import ENTITY_SIRET, Sample, write_ubl
from flux.demo.scenario import write_archive
from flux.demo.sshd import LoopbackSshd
from tests.acceptance.installation import FRN001, GATEWAY, Installation, wait_until
from tests.schemas import our_schemas

NAME = FRN001.format(7)


@pytest.fixture
def server() -> Iterator[LoopbackSshd]:
    with LoopbackSshd() as server:
        for place in ("supplier/out", "supplier/in", "entity/in"):
            server.home(place)
        yield server


@pytest.fixture
def installation(server: LoopbackSshd, tmp_path: Path) -> Installation:
    def end(place: str, extra: str = "") -> str:
        return f"""
kind = "sftp"
host = "{server.host}"
port = {server.port}
user = "{server.user}"
key_file = "{server.key_file}"
host_keys = ["{server.known_hosts}"]
path = "{server.home(place)}"
{extra}
"""

    partners = f"""
[partners.frn001]
role = "supplier"
application_code = "FRN001"
interfaces = ["FSO1100A"]
[partners.frn001.pickup]
{end("supplier/out", "poll_seconds = 0.2")}
[partners.frn001.delivery]
{end("supplier/in")}
[partners.sei001]
role = "entity"
application_code = "SEI001"
sirets = ["{ENTITY_SIRET}"]
[partners.sei001.delivery]
{end("entity/in")}
[delivery]
first_retry_seconds = 0.2
longest_retry_seconds = 0.5
breaker_seconds = 0.5
"""
    return Installation(tmp_path, gateway=GATEWAY, partners=partners)


@pytest.fixture
def client(server: LoopbackSshd) -> Iterator[paramiko.SFTPClient]:
    """A partner's own SFTP client."""
    ssh = paramiko.SSHClient()
    ssh.set_missing_host_key_policy(paramiko.AutoAddPolicy())  # noqa: S507 - the test's own server
    ssh.connect(server.host, server.port, server.user, key_filename=str(server.key_file), look_for_keys=False)
    with ssh, ssh.open_sftp() as sftp:
        yield sftp


def upload(client: paramiko.SFTPClient, folder: Path, name: str, data: bytes) -> None:
    with client.open(f"{folder}/.{name}", "wb") as file:
        file.write(data)
    client.posix_rename(f"{folder}/.{name}", f"{folder}/{name}")


def visible(client: paramiko.SFTPClient, folder: Path, prefix: str) -> list[str]:
    return sorted(name for name in client.listdir(str(folder)) if name.startswith(prefix))


def test_a_flow_on_the_supplier_s_server_is_answered_there_and_forwarded_to_the_entity_s(
    installation: Installation, server: LoopbackSshd, client: paramiko.SFTPClient
) -> None:
    replies, received = server.home("supplier/in"), server.home("entity/in")
    upload(
        client, server.home("supplier/out"), NAME, write_archive([write_ubl(Sample(number=f"F{n}")) for n in range(3)])
    )
    with installation.running():
        wait_until(lambda: bool(visible(client, received, "FSO")), "the forward arrives")
        wait_until(lambda: bool(visible(client, replies, "CSO") and visible(client, replies, "FEN")), "replies arrive")
        wait_until(lambda: client.listdir(str(server.home("supplier/out"))) == [], "the flow is removed")
    [report] = visible(client, replies, "CSO1100A_FRN001_FLX0011100")
    with client.open(f"{replies}/{report}", "rb") as file:
        message = etree.fromstring(file.read())
    assert our_schemas().compiled("cpp-statut-1.19", "CPPStatut").validator.validate(message)
    assert [element.text for element in message.iter("IdStatut")] == ["90"]
    assert visible(client, received, ".") == []


def test_a_link_that_breaks_while_we_work_loses_and_doubles_nothing(
    installation: Installation, server: LoopbackSshd, client: paramiko.SFTPClient
) -> None:
    folder, received = server.home("supplier/out"), server.home("entity/in")
    with installation.running():
        for number in range(12):
            upload(client, folder, FRN001.format(number), write_ubl(Sample(number=f"F{number}")))
            if number % 4 == 3:
                wait_for_files(received, number - 2)
                client.close()
                server.drop_connections()
                client = reconnect(server)
        wait_until(lambda: len(list(received.glob("FSO*"))) == 12, "every flow arrives")
        wait_until(lambda: len(list(server.home("supplier/in").glob("CSO*"))) == 12, "every flow is answered")
    numbers = [str(etree.parse(file).findtext("{*}ID")) for file in received.glob("FSO*")]
    assert sorted(numbers) == sorted(f"F{number}" for number in range(12))


def wait_for_files(folder: Path, count: int) -> None:
    wait_until(lambda: len(list(folder.glob("FSO*"))) >= count, f"{count} flows arrive")


def reconnect(server: LoopbackSshd) -> paramiko.SFTPClient:
    ssh = paramiko.SSHClient()
    ssh.set_missing_host_key_policy(paramiko.AutoAddPolicy())  # noqa: S507 - the test's own server
    ssh.connect(server.host, server.port, server.user, key_filename=str(server.key_file), look_for_keys=False)
    return ssh.open_sftp()


def test_a_probe_prints_the_key_to_pin_before_any_is_pinned(installation: Installation, server: LoopbackSshd) -> None:
    text = installation.config.read_text(encoding="utf-8")
    installation.config.write_text(text.replace(server.known_hosts, ""), encoding="utf-8")
    done = installation.flux("partners", "probe", "sei001", "--config", str(installation.config))
    assert server.known_hosts.split()[-1] in done.stdout
    assert "Traceback" not in done.stderr


def test_a_server_that_is_away_is_told_once_for_both_ends(installation: Installation, server: LoopbackSshd) -> None:
    text = installation.config.read_text(encoding="utf-8")
    installation.config.write_text(text.replace(f"port = {server.port}", "port = 1"), encoding="utf-8")
    done = installation.flux("partners", "probe", "frn001", "--config", str(installation.config))
    assert (done.returncode, done.stdout.count("refused")) == (1, 1)
    assert "frn001, pickup" in done.stdout
    assert "the same server, which did not let us in" in done.stdout


def test_both_ends_of_a_server_that_answers_are_tried(installation: Installation) -> None:
    done = installation.flux("partners", "probe", "frn001", "--config", str(installation.config))
    assert (done.returncode, done.stdout.count("posix_rename")) == (0, 2)


def test_the_doctor_asks_servers_where_told_to(installation: Installation) -> None:
    def lines(*options: str) -> set[str]:
        done = installation.flux("doctor", *options, "--json", "--config", str(installation.config))
        return {
            line
            for line in done.stdout.splitlines()
            if "servers of partners" in line or "all that flux does works" in line
        }

    assert ["not asked: 3" in line for line in lines()] == [True]
    assert len(lines("--servers")) == 3
