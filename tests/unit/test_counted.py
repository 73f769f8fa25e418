"""Counts as people write them."""

import pytest

from flux.cli.counted import counted


@pytest.mark.parametrize(
    ("count", "noun", "words"),
    [(0, "seal", "0 seals"), (1, "seal", "1 seal"), (2, "seal", "2 seals"), (2, "file of a flow", "2 files of a flow")],
)
def test_all_but_one_are_many(count: int, noun: str, words: str) -> None:
    assert counted(count, noun) == words
