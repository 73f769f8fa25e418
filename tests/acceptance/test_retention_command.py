"""`flux retention`: what an operator sees go after its years, and what a hold keeps."""

import os
import sqlite3
from pathlib import Path

from tests.acceptance.installation import Installation

FIRST, SECOND = 1, 2


def age(installation: Installation, *numbers: int) -> None:
    """As if these flows had been received in 2015, and every byte put into the vault then."""
    with sqlite3.connect(installation.root / "var/ledger.db") as connection:
        for number in numbers:
            connection.execute(
                "UPDATE flows SET received_at = '2015' || substr(received_at, 5) WHERE number = ?", (number,)
            )
    for file in (installation.root / "var/vault").glob("??/*"):
        os.utime(file, (0, 0))


def received(installation: Installation, number: int) -> Path:
    with sqlite3.connect(installation.root / "var/ledger.db") as connection:
        ((sha256,),) = connection.execute("SELECT sha256 FROM flows WHERE number = ?", (number,))
    return installation.root / "var/vault" / str(sha256)[:2] / str(sha256)


def retention(installation: Installation, *arguments: str) -> tuple[int, str]:
    done = installation.flux("retention", *arguments, "--config", str(installation.config))
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def test_what_would_go_is_shown_and_nothing_goes_without_a_word(lived: Installation) -> None:
    age(lived, FIRST)
    [share] = lived.json("retention", "show")
    assert (share["partner"], share["year"], share["flows"], share["held"]) == ("frn001", 2015, 1, 0)
    code, said = retention(lived, "erase")
    assert (code, "say --yes" in said, received(lived, FIRST).exists()) == (2, True, True)


def test_ledger_and_archive_let_go_of_it_and_the_rest_is_still_proven(lived: Installation) -> None:
    age(lived, FIRST)
    gone, stays = received(lived, FIRST), received(lived, SECOND)
    code, said = retention(lived, "erase", "--yes")
    assert (code, "flow 1: frn001, FSO1100A_FRN001" in said, "gone: 1 flow, and" in said) == (0, True, True)
    assert (gone.exists(), stays.exists()) == (False, True)
    [told] = lived.json("verify")
    assert (told["sound"], told["retired"], told["flows"]) == (True, 1, 2)
    [history] = lived.json("flows", "show", "1")
    assert (history["state"], history["invoices"]) == ("closed", 0)


def test_a_hold_keeps_it_until_it_is_lifted(lived: Installation) -> None:
    age(lived, FIRST)
    assert retention(lived, "hold", "--flow", "1", "--reason", "litigation", "--by", "claire")[0] == 0
    assert lived.json("retention", "erase", "--yes") == []
    [hold] = lived.json("retention", "holds")
    assert (hold["reason"], hold["by"], hold["lifted_at"]) == ("litigation", "claire", None)
    assert retention(lived, "lift", "1", "--reason", "judgment")[0] == 0
    [gone] = lived.json("retention", "erase", "--yes")
    assert gone["number"] == 1


def test_a_word_that_names_nothing_is_refused(lived: Installation) -> None:
    for arguments, why in (
        (("hold", "--reason", "x"), "one of --flow, --partner, --siren"),
        (("hold", "--siren", "73282932000074", "--reason", "x"), "nine digits"),
        (("hold", "--partner", "nobody", "--reason", "x"), "no partner 'nobody'"),
        (("hold", "--flow", "1", "--reason", " "), "say why"),
        (("lift", "9", "--reason", "x"), "no hold 9 stands"),
    ):
        code, said = retention(lived, *arguments)
        assert (code, why in said) == (2, True), said
