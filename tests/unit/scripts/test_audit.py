"""An audit is clean only where every package was asked about."""

import json

import pytest

from scripts.audit import judge

CLEAN = {"name": "lxml", "version": "6.1.3", "vulns": []}
SKIPPED = {"name": "lxml", "skip_reason": "Dependency not found"}
VULNERABLE = CLEAN | {"vulns": [{"id": "CVE-2026-1", "fix_versions": ["6.1.4"]}]}


@pytest.mark.parametrize(
    ("packages", "expected"),
    [
        ([CLEAN], []),
        ([VULNERABLE], ["lxml 6.1.3: CVE-2026-1, mended in 6.1.4"]),
        ([SKIPPED], ["not audited: the database of vulnerabilities could not be asked about 1 of 1 packages: lxml"]),
        ([], ["not audited: the database of vulnerabilities could not be asked about 1 of 1 packages: lxml"]),
    ],
)
def test_what_was_not_asked_is_not_clean(packages: list[object], expected: list[str]) -> None:
    assert list(judge(json.dumps({"dependencies": packages}), "", {"lxml"})) == expected


@pytest.mark.parametrize("output", ["", "{}", "no JSON"])
def test_an_audit_without_a_report_is_not_clean(output: str) -> None:
    assert list(judge(output, "no route to host\n", {"lxml"})) == [
        "not audited: pip-audit gave no report: no route to host"
    ]
