"""The file of overrides: a table for each rule, or several where partners differ.

    [BR-FR-16]
    severity = "warning"
    reason = "Rates written with three decimals until the vendor's release of January"
    until = 2027-01-31
    partner = "acme"        # left out: every partner

`[[BR-FR-16]]` opens one of several. Every key but `partner` is mandatory.
"""

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

from flux.errors import ConfigError
from flux.model.codes import CODES
from flux.model.finding import LayerName, Severity
from flux.model.override import Override, Overrides

_KEYS = ("severity", "reason", "until", "partner")
_SEVERITIES = {each.value: each for each in (Severity.FATAL, Severity.WARNING, Severity.OFF)}
_TECHNICAL = (LayerName.INTAKE, LayerName.SCHEMA)


def read_overrides(path: Path) -> Overrides:
    """The overrides of a file. Raises ConfigError, one line for each fault."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error
    entries = [(rule, table) for rule, held in tables.items() for table in _tables(held)]
    faults = [f"{path}: {rule}: {fault}" for rule, table in entries for fault in _faults(rule, table)]
    faults += [f"{path}: {fault}" for fault in _repeated(entries)]
    if faults:
        raise ConfigError("\n".join(faults))
    return Overrides(entries=tuple(_override(rule, table) for rule, table in entries))


def _tables(held: object) -> list[object]:
    return held if isinstance(held, list) else [held]


def _override(rule: str, table: object) -> Override:
    values = table if isinstance(table, dict) else {}
    return Override(
        rule=rule,
        severity=_SEVERITIES[values["severity"]],
        reason=values["reason"].strip(),
        until=values["until"],
        partner=values.get("partner", ""),
    )


def _faults(rule: str, table: object) -> Iterator[str]:
    if not isinstance(table, dict):
        yield f"a table expected, found {table!r}"
        return
    yield from _rule_faults(rule, table)
    yield from (f"unknown key {key!r}; known: {', '.join(_KEYS)}" for key in table if key not in _KEYS)
    if not _is_severity(table.get("severity")):
        yield f"severity: one of {', '.join(map(repr, _SEVERITIES))} expected, found {table.get('severity')!r}"
    if not isinstance(table.get("reason"), str) or not table["reason"].strip():
        yield "reason: why, in words: whoever reads a report reads it"
    until = table.get("until")
    if not isinstance(until, date) or isinstance(until, datetime):
        yield f"until: the last day, as 2027-01-31 without quotes, expected, found {until!r}"
    if not isinstance(table.get("partner", ""), str):
        yield f"partner: a name in quotes expected, found {table['partner']!r}"


def _is_severity(value: object) -> bool:
    return isinstance(value, str) and value in _SEVERITIES


def _rule_faults(rule: str, table: Mapping[str, object]) -> Iterator[str]:
    if rule not in CODES:
        near = difflib.get_close_matches(rule, CODES, n=1)
        yield "no such rule" + (f", did you mean {near[0]}?" if near else "; see `flux rules list` and `flux codes`")
    elif CODES[rule].layer in _TECHNICAL:
        yield "a fault of bytes or schema: it cannot be overridden"
    elif CODES[rule].motif is None and table.get("severity") == Severity.FATAL.value:
        yield "never fatal: it says nothing that a supplier could mend"


def _repeated(entries: list[tuple[str, object]]) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    for rule, table in entries:
        key = rule, str(table.get("partner", "")) if isinstance(table, dict) else ""
        if key in seen:
            yield f"{rule}: twice for {key[1] or 'every partner'}"
        seen.add(key)
