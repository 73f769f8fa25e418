"""A database that cannot be opened: which one, why, and what to try."""

from collections.abc import Callable
from pathlib import Path

import pytest

from flux.errors import LedgerError
from flux.ledger.database import open_database


def _garbage(file: Path) -> None:
    file.write_bytes(b"no database " * 100)


@pytest.mark.parametrize(
    ("spoil", "advice"), [(_garbage, "put a backup back by `flux restore`"), (Path.mkdir, "is it a file")]
)
def test_a_file_that_cannot_be_opened_is_named_with_what_to_do(
    tmp_path: Path, spoil: Callable[[Path], None], advice: str
) -> None:
    spoil(tmp_path / "ledger.db")
    with pytest.raises(LedgerError) as told:
        open_database(f"sqlite:///{tmp_path}/ledger.db")
    assert str(told.value).startswith(f"{tmp_path}/ledger.db: the ledger refused: ")
    assert advice in str(told.value)


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    with pytest.raises(LedgerError) as told:
        open_database("postgresql://flux:s3cret@127.0.0.1:1/flux")
    assert str(told.value).startswith("127.0.0.1:1/flux: the ledger refused: ")
    assert "is the server up" in str(told.value)
    assert "s3cret" not in str(told.value)
