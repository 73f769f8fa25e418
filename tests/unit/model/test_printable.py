"""What others wrote is shown without being obeyed."""

import json
import unicodedata

import pytest

from flux.model.printable import printable, to_json_line

OBEYED = [
    "\x1b[2J",
    "\x9b2J",
    "\x07",
    "\u202e",
    "\u2066",
    "\u200b",
    "\ufeff",
    "\u2028",
    "\x85",
    "\x7f",
    "\r",
    "\udce9",
    "\0",
]


@pytest.mark.parametrize("text", OBEYED)
def test_what_a_terminal_obeys_is_written_as_its_code(text: str) -> None:
    shown = printable(f"a{text}b")
    assert all(unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for sign in shown)
    assert shown.startswith("a\\")


@pytest.mark.parametrize(
    "text", ["Écran 27 pouces – 40 €", "« a »", "a\u00a0b\u202fc", "日本語", "a\n\tb", "[red]x[/]"]
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize("text", [*OBEYED, "Écran", '"\\'])
def test_json_says_the_same_and_holds_nothing_to_obey(text: str) -> None:
    line = to_json_line({"name": text})
    assert json.loads(line) == {"name": text}
    assert printable(line) == line
    assert "\n" not in line


def test_what_json_does_not_know_is_left_to_the_caller() -> None:
    assert to_json_line({"a": {1}}, default=lambda _: "set") == '{"a": "set"}'
