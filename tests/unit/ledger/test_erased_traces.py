"""What retirement erased is in no byte of the ledger's files."""

from datetime import timedelta
from pathlib import Path

from flux.ledger.database import open_database
from flux.ledger.migrate import upgrade
from flux.ledger.retirement import Cutoffs, erase_traces, retire_flows
from tests.contract.ledger_desk import NOON, SUPPLIER, Desk

LATER = NOON + timedelta(seconds=1)


def files_that_name(text: str, folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if text.encode() in file.read_bytes())


def test_neither_the_ledger_nor_its_journal_names_the_supplier_any_more(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'ledger.db'}")
    upgrade(database)
    desk = Desk(database)
    desk.delivery.delivered(desk.owe(), NOON)
    assert files_that_name(SUPPLIER.name, tmp_path) == ["ledger.db-wal"]
    assert len(list(retire_flows(database, Cutoffs(accepted=LATER, refused=LATER), by="claire", at=LATER))) == 1
    erase_traces(database)
    assert files_that_name(SUPPLIER.name, tmp_path) == []
    database.close()
