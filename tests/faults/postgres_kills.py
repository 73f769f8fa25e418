"""PostgreSQL killed under a gateway at work, again and again, and sometimes the gateway too: `make postgres-kills`.

    python -m tests.faults.postgres_kills [--kills N] [--seed S]

The server is durable and dies by SIGKILL with every process that serves a connection, at a moment that the seed chooses. At
the end the independent checker reads what the tables hold, copied into a file of SQLite.
"""

import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click
import psycopg
from rich.progress import track

from tests.acceptance.installation import wait_until
from tests.faults.checker import Broken
from tests.faults.gateways import Site
from tests.servers.postgres import Postgres, run_postgres

# What the checker reads.
_TABLES = ("flows", "events", "outputs")
_LONGEST_LIFE, _LONGEST_ABSENCE = 1.5, 1.0
_GATEWAY_DIES_ONE_IN = 4
_LIMIT_SECONDS = 120.0


class Killing:
    """A site on a PostgreSQL that dies; `kills` counts its deaths, `own_kills` those of the gateway."""

    def __init__(self, site: Site, postgres: Postgres, url: str, chance: random.Random) -> None:
        self._site = site
        self._postgres = postgres
        self._url = url
        self._chance = chance
        self._process = site.start()
        self.kills = 0
        self.own_kills = 0

    def kill_once(self) -> None:
        """Some flows, a death in the midst of them, and the server is back after a while."""
        for _ in range(self._chance.randint(1, 3)):
            self._site.drop_flow(self._chance.randint(1, 4))
        time.sleep(self._chance.uniform(0.0, _LONGEST_LIFE))
        self._postgres.server.end(signal.SIGKILL)
        self.kills += 1
        if not self._chance.randrange(_GATEWAY_DIES_ONE_IN):
            self._process.kill()
            self._process.wait()
            self.own_kills += 1
        time.sleep(self._chance.uniform(0.0, _LONGEST_ABSENCE))
        self._postgres.server.start()
        if self._process.poll() is not None:
            self._process = self._site.start()

    def finish(self) -> Iterator[Broken]:
        """Let it finish, stop it, and look."""
        wanted = len(self._site.dropped)
        try:
            wait_until(lambda: self._closed() >= wanted, "every flow is closed", _LIMIT_SECONDS)
        except AssertionError:
            yield Broken(promise="every flow is answered", seen=f"{self._closed()} of {wanted} closed in time")
        self._process.send_signal(signal.SIGTERM)
        if self._process.wait(_LIMIT_SECONDS):
            yield Broken(promise="flux never fails by itself", seen=f"exit code {self._process.returncode}")
        copy_tables(self._url, self._site.root / "var" / "ledger.db")
        yield from self._site.check()

    def abort(self) -> None:
        """Leave no process behind."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _closed(self) -> int:
        with psycopg.connect(self._url) as connection:
            row = connection.execute("SELECT count(*) FROM flows WHERE state = 'closed'").fetchone()
            return int(row[0]) if row else 0


def copy_tables(url: str, target: Path) -> None:
    """The tables that the checker reads, in SQLite's form: moments as text."""
    with psycopg.connect(url) as source, closing(sqlite3.connect(target)) as copy, copy:
        for table in _TABLES:
            rows = source.execute(f"SELECT * FROM {table}".encode())  # noqa: S608 - our own names
            names = [column.name for column in rows.description or ()]
            copy.execute(f"CREATE TABLE {table} ({', '.join(names)})")
            marks = ", ".join("?" * len(names))
            copy.executemany(f"INSERT INTO {table} VALUES ({marks})", (tuple(map(_plain, row)) for row in rows))  # noqa: S608 - our own names


def _plain(value: object) -> object:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+00:00") if isinstance(value, datetime) else value


def play(kills: int, seed: int) -> tuple[Killing, list[Broken], int]:
    """So many deaths, then what is broken, and how many flows there were."""
    with tempfile.TemporaryDirectory() as folder, run_postgres(is_durable=True) as postgres:
        url = postgres.create_database()
        site = Site(Path(folder) / "site", more=f'[ledger]\nurl = "{url}"')
        killing = Killing(site, postgres, url, random.Random(seed))
        try:
            site.await_told("gateway_started")
            for _ in track(range(kills), description="PostgreSQL", disable=not sys.stderr.isatty()):
                killing.kill_once()
            return killing, list(killing.finish()), len(site.dropped)
        finally:
            killing.abort()


@click.command()
@click.option("--kills", default=100, show_default=True)
@click.option("--seed", default=20261128, show_default=True)
def main(kills: int, seed: int) -> None:
    """Kill PostgreSQL at random; exit 1 where a promise was broken."""
    click.echo(f"seed {seed}")
    killing, broken, flows = play(kills, seed)
    click.echo("| PostgreSQL killed | the gateway too | flows | promises broken |\n|--:|--:|--:|--:|")
    click.echo(f"| {killing.kills} | {killing.own_kills} | {flows} | {len(broken)} |")
    for each in broken:
        click.echo(f"  {each}", err=True)
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
