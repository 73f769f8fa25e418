"""Findings by cause: what is wrong a hundred times in the same way is told once, with its count."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from flux.model.finding import Finding, LayerName

_NUMBERS = re.compile(r"\[\d+\]")


class Cause(NamedTuple):
    """What makes two findings one cause: the code and the business term; of a schema, also what it objects to, and where.

    `path` is the XPath without the numbers of its steps.
    """

    code: str
    term: str | None
    kind: str = ""
    path: str = ""


def cause_of(finding: Finding) -> Cause:
    """The cause of a finding."""
    if finding.layer is not LayerName.SCHEMA:
        return Cause(finding.code, finding.term)
    kind = dict(finding.facts).get("kind", "")
    return Cause(finding.code, finding.term, kind, _NUMBERS.sub("", finding.xpath or ""))


def group_by_cause(findings: Iterable[Finding]) -> tuple[tuple[Finding, ...], ...]:
    """The findings of each cause, in the order in which the causes came up."""
    groups: dict[Cause, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(cause_of(finding), []).append(finding)
    return tuple(tuple(group) for group in groups.values())
