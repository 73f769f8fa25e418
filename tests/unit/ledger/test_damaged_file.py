"""A damaged SQLite file is told as such."""

from pathlib import Path

from sqlalchemy import text

from flux.ledger.database import open_database
from flux.ledger.faults import FaultKind
from flux.ledger.file_check import check_pages
from flux.ledger.migrate import upgrade


def test_a_damaged_file_of_sqlite_is_told(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    database = open_database(f"sqlite:///{file}")
    upgrade(database)
    with database.read() as connection:
        page = connection.scalar(text("SELECT rootpage FROM sqlite_master WHERE name = 'ix_flows_partner'"))
        size = connection.scalar(text("PRAGMA page_size"))
    assert check_pages(database) == ()
    database.close()
    with file.open("r+b") as damaged:
        damaged.seek((page - 1) * size)
        damaged.write(bytes(size))
    (fault,) = check_pages(open_database(f"sqlite:///{file}"))
    assert (fault.kind, "malformed" in str(fault.found)) == (FaultKind.LEDGER_DAMAGED, True)
