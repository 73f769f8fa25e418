"""The key of account hashes: made once, its owner's alone."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from flux.errors import RegisterError
from flux.register.account_key import KEY_BYTES, read_account_key


def test_the_key_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "var" / "account.key"
    key = read_account_key(path)
    assert (len(key), path.stat().st_mode & 0o777, read_account_key(path)) == (KEY_BYTES, 0o600, key)
    assert list(path.parent.iterdir()) == [path]


def test_who_makes_it_at_once_has_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(read_account_key, [tmp_path / "account.key"] * 32))) == 1


def test_two_installations_have_two_keys(tmp_path: Path) -> None:
    assert read_account_key(tmp_path / "one") != read_account_key(tmp_path / "two")


@pytest.mark.parametrize(
    ("text", "mode", "expected"),
    [("00" * 32, 0o640, "readable by others"), ("00" * 8, 0o600, "32 bytes expected"), ("no key", 0o600, "no key")],
)
def test_a_key_that_cannot_be_trusted_is_refused(tmp_path: Path, text: str, mode: int, expected: str) -> None:
    path = tmp_path / "account.key"
    path.write_text(text, encoding="ascii")
    path.chmod(mode)
    with pytest.raises(RegisterError, match=expected):
        read_account_key(path)
