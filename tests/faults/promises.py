"""What the tables of a ledger must say at every moment, read by plain SQL: it shares no code with the gateway."""

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

_RANKS = {"received": 0, "judging": 1, "held": 2, "judged": 2, "answered": 3, "closed": 4}
_SETTLED = ("judged", "answered", "closed")
_FINAL_OUTPUTS = {"delivered"}
_OUTPUT_STEPS = {
    "held": {"planned", "closed"},
    "planned": {"due", "closed"},
    "due": {"delivered", "uncertain", "dead", "closed"},
    "uncertain": {"due", "closed"},
    "dead": {"due", "closed"},
    "closed": {"delivered"},
    "delivered": set[str](),
}


class Violation(Exception):
    """A promise was broken."""


class Countable(Protocol):
    """Anything of which there are some."""

    def __len__(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A file that appeared on a partner's server under its final name."""

    path: str
    sha256: str


class Promises:
    """Looks at the tables after each step, and remembers how they were."""

    def __init__(self, tables: sqlite3.Connection) -> None:
        self._tables = tables
        self._changes = -1
        self._flows: dict[int, tuple[int, int]] = {}
        self._outputs: dict[int, str] = {}
        self._expected: dict[str, int] = {}
        self._heads: dict[int, tuple[int, str]] = {}
        self._twice: set[int] = set()
        self._closed: set[int] = set()

    def expect(self, sha256: str, chunks: Sequence[Countable]) -> None:
        """How many invoices a flow of these bytes holds."""
        self._expected[sha256] = sum(len(chunk) for chunk in chunks)

    def allow_twice(self, outputs: Iterable[int]) -> None:
        """Outputs that a person had sent again although nobody knew whether they had arrived."""
        self._twice.update(outputs)

    def allow_absent(self, outputs: Iterable[int]) -> None:
        """Outputs that a person closed: they need not arrive any more."""
        self._closed.update(outputs)

    def flows(self) -> list[int]:
        """The numbers of all flows."""
        return [row[0] for row in self._tables.execute("SELECT number FROM flows ORDER BY number")]

    def held_flows(self, *, unrouted: bool) -> list[int]:
        """The numbers of the flows of which something waits for a person; those that want a route too where asked for."""
        rows = self._tables.execute(
            "SELECT number FROM flows WHERE state = 'held' UNION "
            "SELECT flow FROM outputs WHERE state = 'held' AND (? OR held_reason <> 'no_route') ORDER BY 1",
            (unrouted,),
        )
        return [row[0] for row in rows]

    def is_over(self) -> bool:
        """True where every flow is closed and nothing is on its way; what is held for want of a route stays."""
        flows = "SELECT count(*) FROM flows WHERE state <> 'closed'"
        outputs = "SELECT count(*) FROM outputs WHERE state NOT IN ('delivered', 'held', 'closed')"
        return not any(self._tables.execute(query).fetchone()[0] for query in (flows, outputs))

    def check(self) -> None:
        """Raise Violation where the tables break a promise."""
        if self._tables.total_changes == self._changes:
            return
        self._changes = self._tables.total_changes
        for row in self._rows("SELECT number, attempt, state, pending, sha256, event_count, event_head FROM flows"):
            self._check_flow(*row)
        self._check_outputs()
        self._check_keys()

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self._tables.execute(query, values).fetchall()

    def _check_flow(
        self, number: int, attempt: int, state: str, pending: int, sha256: str, event_count: int, event_head: str
    ) -> None:
        now = attempt, _RANKS[state]
        _require(now >= self._flows.get(number, (0, 0)), f"flow {number} went back to {state}")
        self._flows[number] = now
        undone = self._count("chunks WHERE flow = ? AND attempt = ? AND NOT is_done", number, attempt)
        if state == "judging":
            _require(pending == undone, f"flow {number}: {pending} pending, {undone} chunks to do")
        if state in _SETTLED:
            self._check_settled(number, attempt, sha256)
        else:
            _require(not self._count("outputs WHERE flow = ?", number), f"flow {number} owes something, and is {state}")
            _require(
                not self._count("invoice_keys WHERE flow = ?", number), f"flow {number} occupies keys, and is {state}"
            )
        if self._heads.get(number) != (event_count, event_head):
            self._check_chain(number, event_count, event_head)
            self._heads[number] = event_count, event_head

    def _count(self, of: str, *values: object) -> int:
        (count,) = self._tables.execute(f"SELECT count(*) FROM {of}", values).fetchone()  # noqa: S608 - our own words
        return int(count)

    def _check_settled(self, number: int, attempt: int, sha256: str) -> None:
        reports = self._count("outputs WHERE flow = ? AND kind = 'report'", number)
        _require(reports == 1, f"flow {number} has {reports} reports")
        held = self._count("invoices WHERE flow = ? AND attempt = ?", number, attempt)
        _require(held in (self._expected[sha256], 0), f"flow {number}: {held} invoices of {self._expected[sha256]}")
        owed = self._count("outputs o JOIN flows f ON f.number = o.flow WHERE o.flow = ? AND f.state = 'closed' AND "
                           "o.state NOT IN ('delivered', 'held', 'closed') AND NOT (o.kind IN ('forward', 'alerts'))", number)  # fmt: skip
        _require(not owed, f"flow {number} is closed and owes {owed} files")
        accepted = {row[:2] for row in self._rows(
            "SELECT ordinal, unit FROM invoices WHERE flow = ? AND attempt = ? AND outcome = 'accepted'", number, attempt)}  # fmt: skip
        texts = self._rows("SELECT invoices FROM outputs WHERE flow = ? AND kind = 'forward'", number)
        forwarded = Counter(tuple(invoice) for (text,) in texts for invoice in json.loads(str(text)))
        _require(forwarded == Counter(accepted), f"flow {number}: accepted {accepted}, forwarded {dict(forwarded)}")
        keyed = {row[:2] for row in self._rows("SELECT ordinal, unit FROM invoice_keys WHERE flow = ?", number)}
        _require(keyed == accepted, f"flow {number}: accepted {accepted}, occupies keys for {keyed}")

    def _check_chain(self, number: int, count: int, head: str) -> None:
        previous, rows = "", self._rows(
            "SELECT flow, ordinal, at, name, details, previous, hash FROM events WHERE flow = ? ORDER BY ordinal", number)  # fmt: skip
        for ordinal, row in enumerate(rows):
            told = hashlib.sha256(json.dumps(list(row[:6]), separators=(",", ":")).encode("ascii")).hexdigest()
            _require(
                (row[1], row[5], row[6]) == (ordinal, previous, told), f"flow {number}: event {ordinal} is not chained"
            )
            previous = told
        _require((len(rows), previous) == (count, head), f"flow {number}: the chain does not end at its head")

    def _check_outputs(self) -> None:
        names: set[object] = set()
        for output, state, partner, folder, name in self._rows("SELECT id, state, partner, folder, name FROM outputs"):
            _require((partner, folder, name) not in names, f"two outputs are named {name}")
            names.add((partner, folder, name))
            self._check_output(int(str(output)), str(state))

    def _check_output(self, output: int, state: str) -> None:
        former = self._outputs.get(output)
        if former is None:
            _require(state in ("planned", "held"), f"output {output} began as {state}")
        elif former != state:
            _require(self._may_become(former, state), f"output {output} was {former} and is {state}")
        self._outputs[output] = state

    def _may_become(self, former: str, state: str) -> bool:
        """Within one step several transactions may be written: any way through the table counts."""
        reached, left = {former}, [former]
        while left:
            fresh = _OUTPUT_STEPS[left.pop()] - reached
            reached |= fresh
            left += fresh
        return state in reached and former not in _FINAL_OUTPUTS

    def _check_keys(self) -> None:
        lost = self._rows(
            "SELECT k.flow FROM invoice_keys k LEFT JOIN invoices i ON i.flow = k.flow AND i.attempt = k.attempt "
            "AND i.ordinal = k.ordinal AND i.unit = k.unit WHERE i.flow IS NULL OR i.outcome <> 'accepted'"
        )
        _require(not lost, f"keys without an accepted invoice: {lost}")
        twice = self._rows(
            "SELECT i.supplier_siren, i.supplier_identifier, i.number FROM invoices i JOIN flows f ON f.number = i.flow AND "
            "f.attempt = i.attempt WHERE i.outcome = 'accepted' AND f.state IN ('judged', 'answered', 'closed') "
            "GROUP BY substr(i.supplier_identifier, 1, 9), i.number HAVING count(*) > 1"
        )
        _require(not twice, f"accepted twice: {twice}")

    def check_end(self, servers: Mapping[str, Sequence[Placed]], blind: set[str]) -> None:
        """Raise Violation where something is left to do, or where a server does not hold what the tables say, once."""
        stuck = self._rows("SELECT number, state, held_reason FROM flows WHERE state <> 'closed'")
        _require(not stuck, f"never ended: {stuck}")
        _require(len(self.flows()) == len(self._expected), "a flow that was handed over is not in the tables")
        rows = self._rows(
            "SELECT id, state, partner, folder, name, sha256 FROM outputs WHERE NOT (state = 'held' AND partner IS NULL)"
        )
        for output, state, partner, folder, name, sha256 in rows:
            there = [each for each in servers.get(str(partner), ()) if each.path == f"{folder}/{name}"]
            if output in self._closed and state == "closed" and not there:
                continue
            is_over = state == "delivered" or (output in self._closed and state == "closed")
            _require(is_over, f"output {output} is {state} for ever")
            _require(
                all(each.sha256 == sha256 for each in there) and there,
                f"output {output} is not on the server of {partner}",
            )
            may_be_twice = partner in blind and output in self._twice
            _require(len(there) == 1 or may_be_twice, f"output {output} was placed {len(there)} times at {partner}")
        known = {(str(partner), f"{folder}/{name}") for _, _, partner, folder, name, _ in rows}
        placed = {(partner, each.path) for partner, held in servers.items() for each in held}
        _require(placed <= known, f"placed and unknown: {placed - known}")


def _require(holds: object, what: str) -> None:
    if not holds:
        raise Violation(what)
