"""The list of codes is closed: what a module names is in the table."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from flux.model.cdv_motifs import MOTIFS
from flux.model.codes import CODES

FLUX = Path(__file__).resolve().parents[2] / "flux"
# First words of codes: a string in capitals that starts so is meant as one.
FAMILIES = {code.split("_", maxsplit=1)[0] + "_" for code in CODES}


def codes_in(tree: ast.AST) -> Iterator[str]:
    """Strings given as `code=`, looked up in CODES, or spelled like a code of the table."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "code":
            yield from (text for text in strings_in(node.value) if text.isupper())
        elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "CODES":
            yield from strings_in(node.slice)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and is_spelled_like_a_code(node.value):
            yield node.value


def strings_in(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def is_spelled_like_a_code(text: str) -> bool:
    return text.isupper() and text.replace("_", "").isalpha() and any(text.startswith(family) for family in FAMILIES)


@pytest.mark.parametrize("path", sorted(FLUX.rglob("*.py")), ids=lambda path: path.relative_to(FLUX).as_posix())
def test_every_code_that_a_module_names_is_in_the_table(path: Path) -> None:
    named = set(codes_in(ast.parse(path.read_text(encoding="utf-8"))))
    assert {code for code in named - set(CODES) - set(MOTIFS) if "_" in code} == set()


def test_a_code_outside_the_table_would_be_seen() -> None:
    tree = ast.parse('Observation(code="SIRET_TYPO")\nname("IBAN_TYPO")\nCODES["FLOW_TYPO"]')
    assert set(codes_in(tree)) == {"SIRET_TYPO", "IBAN_TYPO", "FLOW_TYPO"}
