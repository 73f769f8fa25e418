"""`flux verify`: what an operator reads of a sound ledger and of one that was tampered with."""

import sqlite3

from tests.acceptance.installation import Installation


def verify(installation: Installation, *arguments: str) -> tuple[int, str]:
    done = installation.flux("verify", *arguments, "--config", str(installation.config))
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def mark(told: dict[str, object]) -> str:
    seal = told["last_seal"]
    assert isinstance(seal, dict)
    return f"{seal['number']}:{seal['hash']}"


def change(installation: Installation, statement: str) -> None:
    with sqlite3.connect(installation.root / "var/ledger.db") as connection:
        connection.execute(statement)


def test_what_nobody_touched_is_sound_and_its_seal_stands_in_the_log(lived: Installation) -> None:
    [told] = lived.json("verify")
    assert (told["sound"], told["flows"], told["seals"], told["faults"]) == (True, 2, 1, 0)
    assert mark(told) in (lived.root / "flux.log").read_text(encoding="utf-8")


def test_it_goes_on_from_a_seal_that_was_kept_elsewhere(lived: Installation) -> None:
    [told] = lived.json("verify")
    assert verify(lived, "--against", mark(told))[0] == 0
    code, said = verify(lived, "--against", "1:" + "0" * 64)
    assert (code, "not_a_continuation" in said) == (1, True)


def test_a_changed_event_is_located_and_says_what_to_do(lived: Installation) -> None:
    change(lived, "UPDATE events SET details = '{}' WHERE flow = 2 AND ordinal = 1")
    code, said = verify(lived)
    assert (code, "event_altered: flow 2, event 1" in said, "-> compare with a backup" in said) == (1, True, True)


def test_a_changed_byte_of_the_archive_is_located(lived: Installation) -> None:
    with sqlite3.connect(lived.root / "var/ledger.db") as connection:
        ((sha256,),) = connection.execute("SELECT sha256 FROM flows WHERE number = 1")
    file = lived.root / "var/vault" / sha256[:2] / sha256
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    code, said = verify(lived)
    assert (code, f"bytes_altered: flow 1, {file}" in said) == (1, True)
    assert verify(lived, "--flow", "2")[0] == 0


def test_a_seal_that_is_none_is_refused_in_words(lived: Installation) -> None:
    code, said = verify(lived, "--against", "yesterday")
    assert (code, "NUMBER:HASH or the manifest of a backup expected" in said) == (2, True)
