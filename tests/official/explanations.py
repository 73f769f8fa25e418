"""Where we differ from an official artefact on purpose, and why. Everything else that differs is a fault of ours."""

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from flux.model.interface import Syntax


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One bug of an artefact that we do not follow: the rules that it touches, and the documents on which it shows."""

    name: str
    ruleset: str
    syntax: Syntax
    rules: frozenset[str]
    reason: str
    applies: Callable[[etree._Element], bool]


def _always(_: etree._Element) -> bool:
    return True


EXPLANATIONS: tuple[Explanation, ...] = tuple(
    Explanation(
        name=f"dates after today, {syntax.value}",
        ruleset="br-fr",
        syntax=syntax,
        rules=frozenset({"BR-FR-CO-01"}),
        reason="XP Z12-012 states the rule, no artefact tests it: it needs the day of the judgment.",
        applies=_always,
    )
    for syntax in (Syntax.UBL, Syntax.CII)
)


def explain(ruleset: str, syntax: Syntax, rule: str, document: bytes) -> Explanation | None:
    """Why a rule differs on a document; None where nothing says so."""
    known = [each for each in EXPLANATIONS if (each.ruleset, each.syntax) == (ruleset, syntax) and rule in each.rules]
    if not known:
        return None
    root = etree.fromstring(document)
    return next((each for each in known if each.applies(root)), None)
