"""Nothing that flux writes or says holds an account or a secret: a day of good and bad flows, and every byte of it searched.

What was received stays as it was received, in the vault and in what is handed on; the register keeps the sheets of suppliers.
"""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from flux.cli import flux
from flux.demo.afnor_samples import AFNOR_SAMPLE, write_afnor_ubl
from flux.demo.samples import ENTITY_SIRET, OTHER_ENTITY_SIRET, SUPPLIER_IBAN, SUPPLIER_SIRET, Sample, write_ubl
from flux.demo.scenario import write_archive
from tests.acceptance.installation import FRN001, ONE_WORKER, Installation, unpacked
from tests.servers.misbehaving_sftp import MisbehavingSftp

WRONG_KEY = "FR1420041010050500013M02605"
UNDECLARED = "FR7630006000011234567890189"
ABROAD = "DE89370400440532013000"
IN_WORDS = "FR7610057191370188512730284"  # where no account belongs
ACCOUNTS = (SUPPLIER_IBAN, WRONG_KEY, UNDECLARED, ABROAD, IN_WORDS)
LET_IN, TURNED_AWAY, UNHEARD = "sesame-4711-ouvre-toi", "porte-close-0815", "personne-n-ecoute-2342"

SUPPLIERS = f"""identifier;name;iban;account_from;approved_by;approved_on
{SUPPLIER_SIRET};Papeterie du Centre;{SUPPLIER_IBAN};2019-03-01;comptable;2019-03-01
"""
BAD_SUPPLIERS = f"identifier;name;iban\n{SUPPLIER_SIRET};Papeterie {IN_WORDS};{WRONG_KEY}\n{ABROAD};{IN_WORDS};\n"
ENTITIES = f"""identifier,name,requires_service,requires_engagement
{ENTITY_SIRET},Direction,non,non
{OTHER_ENTITY_SIRET},Département,non,non
"""
PARTNERS = """
[partners.frn001]
role = "supplier"
application_code = "FRN001"
interfaces = ["FSO1100A"]
[partners.plateforme]
role = "supplier"
application_code = "PAE123"
interfaces = ["FSO1150A"]
[partners.sei001]
role = "entity"
application_code = "SEI001"
sirets = ["{entity}"]
[partners.sei001.delivery]
{sftp}
password_env = "SFTP_LET_IN"
[partners.sei002]
role = "entity"
application_code = "SEI002"
sirets = ["{other}"]
[partners.sei002.delivery]
{sftp}
password_env = "SFTP_TURNED_AWAY"
"""
SFTP = """kind = "sftp"
host = "{server.host}"
port = {server.port}
user = "flux"
host_keys = ["{server.known_hosts}"]
path = "/"
"""
REQUIRING = ONE_WORKER.replace("[gateway]", '[gateway]\nlayers = ["schema", "rules", "identity", "register"]')
FSO1150A = "FSO1150A_PAE123_PAE1231150{:015d}"

_INSERT = 'INSERT INTO "{}"'

GOOD = Sample(line_count=1)
REFORM = replace(AFNOR_SAMPLE, line_count=1)


def grouped(account: str) -> str:
    """As people write it."""
    return " ".join(account[start : start + 4] for start in range(0, len(account), 4))


def legacy_flows() -> Iterator[bytes]:
    """Good, bad and unreadable, an account in each."""
    yield write_archive(
        [
            write_ubl(GOOD),
            write_ubl(replace(GOOD, number="CLE", iban=WRONG_KEY)),
            write_ubl(replace(GOOD, number="CLE-2", iban=grouped(WRONG_KEY).lower())),
            write_ubl(replace(GOOD, number="AUTRE", iban=UNDECLARED)),
            write_ubl(replace(GOOD, number="ALLEMAND", iban=ABROAD)),
            write_ubl(replace(GOOD, number="NOM", supplier_name=f"Papeterie, {grouped(IN_WORDS)}")),
            write_ubl(replace(GOOD, number="LOIN", buyer_siret=OTHER_ENTITY_SIRET)),
        ]
    )
    yield write_ubl(replace(GOOD, number="TOTAL", vat_total=IN_WORDS))
    yield write_ubl(replace(GOOD, number="TOTAL-2", vat_total=f"voir {grouped(IN_WORDS)}"))
    yield write_ubl(replace(GOOD, number="DATE", supplier_siret=IN_WORDS, code_service=IN_WORDS, bic=IN_WORDS))
    yield write_ubl(GOOD).replace(b"<cbc:StreetName>12 rue", f"<cbc:{IN_WORDS}>12 rue".encode())
    yield write_ubl(GOOD)[: write_ubl(GOOD).index(SUPPLIER_IBAN.encode()) + len(SUPPLIER_IBAN) + 3]
    yield b"<!DOCTYPE Invoice [<!ENTITY compte '" + IN_WORDS.encode() + b"'>]>" + write_ubl(GOOD)
    yield f"virement sur {IN_WORDS}".encode()
    yield write_ubl(GOOD)  # again


def reform_flows() -> Iterator[bytes]:
    yield write_afnor_ubl(replace(REFORM, number="CLE", iban=WRONG_KEY))
    yield write_afnor_ubl(replace(REFORM, number="TOTAL", vat_total=IN_WORDS))
    yield write_afnor_ubl(replace(REFORM, number="NOTE")).replace(b"#ADN#B2G", f"#ADN#{IN_WORDS}".encode())


UNEXPLAINED = (2, 5, 6, 7, 8, 9)  # no schema is to be explained, which takes seconds
COMMANDS = (
    ("flows", "list"),
    ("flows", "list", "--json"),
    *(("flows", "show", str(number), *form) for number in range(1, 14) for form in ((), ("--json",))),
    ("deliveries", "list"),
    ("deliveries", "list", "--json"),
    ("partners", "list"),
    ("partners", "list", "--json"),
    ("partners", "probe", "sei001"),
    ("partners", "probe", "sei002"),
    ("config", "check"),
    ("service",),
    ("doctor",),
    ("doctor", "--json"),
    ("verify",),
    ("verify", "--json"),
    ("retention", "show"),
    ("register", "show", SUPPLIER_SIRET),
    ("register", "show", SUPPLIER_SIRET, "--json"),
    ("register", "show", IN_WORDS),
    ("register", "status"),
    ("register", "accounts", "list"),
    ("register", "accounts", "list", "--json"),
    ("register", "accounts", "declare", SUPPLIER_SIRET, WRONG_KEY),
    ("register", "accounts", "declare", SUPPLIER_SIRET, UNDECLARED),
    ("register", "import", "{given}/bad.csv", "--source", "suppliers"),
    ("register", "import", "{given}/bad.csv", "--source", "suppliers", "--json"),
    ("check", "--show-xml", "{given}"),
    ("check", "--json", *(f"{{given}}/legacy/{number}.xml" for number in UNEXPLAINED)),
)


@dataclass(frozen=True, kw_only=True)
class Day:
    """What a day left: the installation, what its commands said, and what the partner on SFTP got."""

    root: Path
    said: Mapping[str, str]
    sftp: Path

    def key(self) -> str:
        """The key of account hashes."""
        return (self.root / "var" / "account.key").read_text(encoding="ascii").strip()

    def written(self) -> Iterator[tuple[str, bytes]]:
        """Every file, row and word, less what is kept as it was received, the sheets of the register and the key itself."""
        kept = (self.root / "var" / "vault", self.root / "var" / "account.key")
        for file in sorted((*self.root.rglob("*"), *self.sftp.rglob("*"))):
            is_handed_on = file.parent == self.sftp and file.name.startswith("FSO")
            is_kept = file.name.startswith("register.db") or any(file.is_relative_to(each) for each in kept)
            if file.is_file() and not is_handed_on and not is_kept:
                yield str(file.relative_to(self.root.parent)), unpacked(file)
        for database, left_out in (("ledger.db", ()), ("register.db", ("accounts",))):
            for number, row in enumerate(rows_of(self.root / "var" / database, left_out)):
                yield f"{database}, line {number}", row.encode()
        for command, output in self.said.items():
            yield command, output.encode()


def rows_of(database: Path, left_out: Sequence[str]) -> Iterator[str]:
    """The rows of a database as statements, those of some tables left out."""
    with closing(sqlite3.connect(database)) as connection:
        yield from (line for line in connection.iterdump() if not line.startswith(tuple(map(_INSERT.format, left_out))))


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    place = tmp_path_factory.mktemp("day")
    root, given, sftp = place / "gateway", place / "given", place / "sftp"
    for folder in (root, root / "tmp", sftp, given / "legacy", given / "reform"):
        folder.mkdir(parents=True)
    for name, content in (("suppliers.csv", SUPPLIERS), ("bad.csv", BAD_SUPPLIERS), ("entities.csv", ENTITIES)):
        (given / name).write_text(content, encoding="utf-8")
    with MisbehavingSftp(sftp, password=LET_IN) as server:
        end = SFTP.format(server=server)
        partners = PARTNERS.format(entity=ENTITY_SIRET, other=OTHER_ENTITY_SIRET, sftp=end)
        secrets = {"SFTP_LET_IN": LET_IN, "SFTP_TURNED_AWAY": TURNED_AWAY, "TMPDIR": str(root / "tmp")}
        installation = Installation(root, gateway=REQUIRING, partners=partners, environment=secrets)
        drop(installation, given)
        unjudged = installation.run_once()  # there is no register yet
        with closing(sqlite3.connect(root / "var" / "ledger.db")) as reader:
            reader.execute("SELECT count(*) FROM flows").fetchone()  # who has it open keeps its write-ahead log
            said = {"run --once": unjudged, **dict(live(installation, given))}
            yield Day(root=root, said=said, sftp=sftp)


def live(installation: Installation, given: Path) -> Iterator[tuple[str, str]]:
    """The day once there is a register: what each command said."""
    for name, source in (("suppliers.csv", "suppliers"), ("entities.csv", "directory")):
        yield f"import {name}", say(installation, "register", "import", str(given / name), "--source", source)
    for number in held(installation):
        yield f"release {number}", say(installation, "flows", "release", number, "--reason", "imported")
    yield "run --once again", installation.run_once_as_process()
    for command in COMMANDS:
        words = [word.format(given=given) for word in command]
        yield " ".join(command), say(installation, *words)


def drop(installation: Installation, given: Path) -> None:
    """Every flow, to the gateway and as a file to check; the first is not judged to the end of the day."""
    legacy = (write_ubl(replace(GOOD, number="ATTEND")), *legacy_flows())
    for code, partner, kind, flows in (
        (FRN001, "frn001", "legacy", legacy),
        (FSO1150A, "plateforme", "reform", tuple(reform_flows())),
    ):
        for sequence, data in enumerate(flows, start=1):
            installation.drop(partner, code.format(sequence), data)
            (given / kind / f"{sequence}.xml").write_bytes(data)


def held(installation: Installation) -> list[str]:
    """What may be judged now, less the flow that waits on."""
    flows = installation.json("flows", "list", "--state", "held")
    return [str(flow["flow"]) for flow in flows if flow["name"] != FRN001.format(1)]


def say(installation: Installation, *words: str) -> str:
    """What a command prints, on both its outputs, and the failure that it ends with."""
    done = CliRunner().invoke(
        flux, [*words, "--config", str(installation.config)], env=dict(installation.environment or {})
    )
    return f"{done.output}{done.exception}"


def pattern(text: str) -> re.Pattern[bytes]:
    """A text in capitals or not, in groups or not."""
    between = rb"(?:[\s.-]|\xc2\xa0|\xe2\x80\xaf)*"
    return re.compile(between.join(re.escape(letter.encode()) for letter in text), re.IGNORECASE)


def holders(day: Day, *texts: str) -> list[tuple[str, str]]:
    """Where which text stands."""
    patterns = {text: pattern(text) for text in texts}
    return [(name, text) for name, data in day.written() for text, each in patterns.items() if each.search(data)]


def test_the_day_saw_every_verdict(day: Day) -> None:
    flows = [json.loads(line) for line in day.said["flows list --json"].splitlines()[:-1]]
    assert Counter(flow["verdict"] for flow in flows) == {"accepted": 4, "rejected": 8, "not_judged": 1}
    assert len(list(day.sftp.glob("FSO*"))) == 4


def test_what_is_searched_for_is_there_to_be_found(day: Day) -> None:
    sheets = (day.root / "var" / "register.db").read_bytes()
    received = b"".join(file.read_bytes() for file in day.sftp.glob("FSO*"))
    assert (day.root / "var" / "ledger.db-wal").stat().st_size
    assert pattern(SUPPLIER_IBAN).search(sheets)
    assert pattern(SUPPLIER_IBAN).search(received)
    assert "FR…2605" in day.said["check --show-xml {given}"]


def test_no_account_is_written_or_said(day: Day) -> None:
    assert holders(day, *ACCOUNTS) == []


def test_no_secret_is_written_or_said(day: Day) -> None:
    assert holders(day, LET_IN, TURNED_AWAY, day.key()) == []


@pytest.mark.parametrize("table", ["ledger", "register"])
def test_the_password_of_a_database_that_does_not_answer_is_not_said(tmp_path: Path, table: str) -> None:
    gateway = (
        f'{ONE_WORKER}[{table}]\nurl = "postgresql://flux:{{password}}@127.0.0.1:1/flux"\npassword_env = "UNHEARD"\n'
    )
    installation = Installation(tmp_path, gateway=gateway, environment={"UNHEARD": UNHEARD})
    commands = (("config", "check"), ("doctor",), ("doctor", "--json"), ("flows", "list"), ("register", "status"))
    said = [say(installation, *command) for command in commands]
    ran = installation.flux("run", "--once", "--config", str(installation.config))
    assert any("127.0.0.1" in each or "refused" in each for each in said)
    assert not [each for each in (*said, ran.stdout, ran.stderr) if UNHEARD in each]
