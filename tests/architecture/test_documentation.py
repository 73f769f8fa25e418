"""What the documentation shows is what the code does."""

import re
from collections.abc import Mapping
from enum import Enum
from pathlib import Path

import pytest

from flux.cli import COMMANDS
from flux.model.lifecycle import DELIVERY_STEPS, FLOW_STEPS

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("steps", [FLOW_STEPS, DELIVERY_STEPS], ids=["flow", "delivery"])
def test_the_diagrams_show_the_tables_of_steps(steps: Mapping[Enum, frozenset[Enum]]) -> None:
    page = (CHECKOUT / "docs" / "architecture.md").read_text(encoding="utf-8")
    drawn = set(re.findall(r"^    (\w+) --> (\w+)$", page, re.MULTILINE))
    assert {(state.value, after.value) for state, following in steps.items() for after in following} <= drawn


def test_the_readme_names_only_commands_that_exist() -> None:
    page = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    named = {first or second for first, second in re.findall(r"`flux ([a-z]+)|^    flux ([a-z]+)", page, re.MULTILINE)}
    assert named <= set(COMMANDS)


@pytest.mark.parametrize("page", ["README.md", *(f"docs/{file.name}" for file in (CHECKOUT / "docs").glob("*.md"))])
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    text = (CHECKOUT / page).read_text(encoding="utf-8")
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text)]
    assert [link for link in links if not ((CHECKOUT / page).parent / link).exists()] == []
