"""Every disagreement that was ever found, and every trap that we know of, as a base and the steps from it: one line each.

`tests/conformance/cases/<rule set>-<syntax>.jsonl` holds lines of `{"name", "base", "steps"}`; `"gives_up": true` where the
official engine comes to no verdict. A disagreement that `compare` prints is kept by copying its steps.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flux.engine.official_catalogue import OFFICIAL
from flux.model.interface import Syntax
from tests.official.bases import bases, strangers
from tests.official.draft import Draft, Step

FOLDER = Path(__file__).resolve().parents[1] / "conformance" / "cases"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One document by its recipe."""

    name: str
    ruleset: str
    syntax: Syntax
    base: str
    steps: tuple[Step, ...]
    gives_up: bool = False

    def document(self) -> bytes:
        """The document that the recipe makes."""
        return Draft(_bases(self.ruleset, self.syntax)[self.base]).do_all(self.steps).written()


def cases() -> Iterator[Case]:
    """Every case of every set."""
    for ruleset, syntax in OFFICIAL:
        path = FOLDER / f"{ruleset}-{syntax.value}.jsonl"
        for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
            row = json.loads(line)
            steps = tuple(tuple(step) for step in row.pop("steps"))
            yield Case(ruleset=ruleset, syntax=syntax, steps=steps, **row)


@cache
def _bases(ruleset: str, syntax: Syntax) -> dict[str, bytes]:
    return {**bases(ruleset, syntax), **strangers(syntax)}
