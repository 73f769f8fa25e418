"""What intake writes: arrivals become flows that we answer for."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, select, tuple_, update

from flux.ledger.book import FlowBook
from flux.ledger.bounds import batches, bound_key, to_storable
from flux.ledger.flow_rows import FLOW_COLUMNS, to_flow
from flux.ledger.journal import NO_EVENT
from flux.ledger.ledger import SqlLedger
from flux.ledger.left_out import restored_at
from flux.ledger.tables import flow_names, flows, pulled
from flux.model.flow import Flow, without_extension
from flux.model.lifecycle import FlowState
from flux.model.ports import Arrival
from flux.sql.bulk import BulkInsert, Record
from flux.sql.types import to_text

KEPT_REASON = "it lay on its server before the restore from a backup: it may have been fetched and answered before"

# What makes recording an arrival twice harmless: the gateway and its claim.
_Claim = tuple[str, str]


class SqlIntakeLedger(SqlLedger):
    """The IntakeLedger port."""

    def receive(self, arrivals: Sequence[Arrival]) -> tuple[Flow, ...]:
        """Record arrivals in one durable transaction; a claim that is known already gives its flow again."""
        if not arrivals:
            return ()
        by_claim = {_claim_of(arrival): arrival for arrival in reversed(arrivals)}
        with self._database.write() as connection:
            known = _read_flows(connection, by_claim)
            unknown = [_claim_of(arrival) for arrival in arrivals if _claim_of(arrival) not in known]
            fresh = {claim: by_claim[claim] for claim in unknown}
            if fresh:
                self._write(connection, fresh)
                known = _read_flows(connection, by_claim)
        return tuple(known[_claim_of(arrival)] for arrival in arrivals)

    def has_pulled(self, partner: str, pulled_key: str) -> bool:
        """True where that remote file is a flow already."""
        wanted = select(pulled.c.flow).where(
            pulled.c.partner == to_storable(partner), pulled.c.pulled_key == bound_key(pulled_key)
        )
        with self._database.read() as connection:
            return connection.execute(wanted).first() is not None

    def forget_pulled(self, partner: str, pulled_keys: Sequence[str]) -> None:
        """Those remote files are gone: what comes with one of these keys from now on is another file."""
        if not pulled_keys:
            return
        with self._database.write() as connection:
            for batch in batches([bound_key(key) for key in pulled_keys]):
                connection.execute(delete(pulled).where(pulled.c.partner == partner, pulled.c.pulled_key.in_(batch)))

    def forget_unseen(self, partner: str, seen: Iterable[str]) -> None:
        """Forget what was pulled from that partner and is not among the keys that its server shows."""
        with self._database.read() as connection:
            known = set(connection.scalars(select(pulled.c.pulled_key).where(pulled.c.partner == partner)))
        self.forget_pulled(partner, sorted(known.difference(map(bound_key, seen))))

    def _write(self, connection: Connection, fresh: Mapping[_Claim, Arrival]) -> None:
        _INSERT_FLOWS.write(connection, [_flow_record(arrival) for arrival in fresh.values()])
        numbered = {flow.number: fresh[claim] for claim, flow in _read_flows(connection, fresh).items()}
        _reserve_names(connection, numbered)
        _write_pulled(connection, numbered)
        book = FlowBook(connection, numbered, self._clock())
        for number, arrival in numbered.items():
            _note_arrival(book, number, arrival)
        _hold_kept(book, numbered)
        book.write()


_READ_FLOWS = (
    select(flows.c.gateway, flows.c.claim, *FLOW_COLUMNS)
    .where(tuple_(flows.c.gateway, flows.c.claim).in_(bindparam("claims", expanding=True)))
    .order_by(flows.c.number)
)
_READ_NAMES = select(flow_names.c.partner, flow_names.c.name, flow_names.c.flow).where(
    tuple_(flow_names.c.partner, flow_names.c.name).in_(bindparam("names", expanding=True))
)
_INSERT_FLOWS = BulkInsert(
    flows,
    (
        "attempt",
        "gateway",
        "claim",
        "partner",
        "known_partner",
        "name",
        "sha256",
        "size_bytes",
        "received_at",
        "state",
        "pending",
        "event_count",
        "event_head",
    ),
)
_INSERT_NAMES = BulkInsert(flow_names, ("partner", "name", "flow"), ignore_conflicts=True)
_INSERT_PULLED = BulkInsert(pulled, ("partner", "pulled_key", "flow"), ignore_conflicts=True)
_WRITE_REUSE = update(flows).where(flows.c.number == bindparam("of")).values(reuse_of=bindparam("first"))


def _claim_of(arrival: Arrival) -> _Claim:
    return arrival.gateway, bound_key(arrival.claim)


def _read_flows(connection: Connection, claims: Mapping[_Claim, Arrival]) -> dict[_Claim, Flow]:
    """The flows of those claims, in the order in which they came."""
    return {
        (gateway, claim_text): to_flow(rest)
        for batch in batches(list(claims))
        for gateway, claim_text, *rest in connection.execute(_READ_FLOWS, {"claims": batch})
    }


def _flow_record(arrival: Arrival) -> Record:
    return {
        "attempt": 1,
        "gateway": arrival.gateway,
        "claim": bound_key(arrival.claim),
        "partner": to_storable(arrival.partner),
        "known_partner": arrival.known_partner,
        "name": to_storable(arrival.name),
        "sha256": arrival.sha256,
        "size_bytes": arrival.size_bytes,
        "received_at": to_text(arrival.received_at),
        "state": FlowState.RECEIVED.value,
        "pending": 0,
        "event_count": 0,
        "event_head": NO_EVENT,
    }


def _reserve_names(connection: Connection, numbered: Mapping[int, Arrival]) -> None:
    """Give each strict name to the first flow that bears it, and tell the later ones which that was."""
    strict = {number: _reserved_name(arrival) for number, arrival in numbered.items() if arrival.strict_name}
    if not strict:
        return
    rows: list[Record] = [
        {"partner": partner, "name": name, "flow": number} for number, (partner, name) in strict.items()
    ]
    # The first of two alike must come first; the sort is stable, and spares two gateways a deadlock.
    rows.sort(key=lambda row: (str(row["partner"]), str(row["name"])))
    _INSERT_NAMES.write(connection, rows)
    first = _read_names(connection, list(strict.values()))
    reuses = [{"of": number, "first": first[name]} for number, name in strict.items() if first[name] != number]
    if reuses:
        connection.execute(_WRITE_REUSE, reuses)


def _reserved_name(arrival: Arrival) -> tuple[str, str]:
    """The extension is no part of a strict name: the same flow as .zip and as .tar.gz is the same."""
    return to_storable(arrival.partner), bound_key(without_extension(arrival.name))


def _read_names(connection: Connection, names: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    return {
        (partner, text): flow
        for batch in batches(names)
        for partner, text, flow in connection.execute(_READ_NAMES, {"names": batch})
    }


def _write_pulled(connection: Connection, numbered: Mapping[int, Arrival]) -> None:
    rows: list[Record] = [
        {"partner": to_storable(arrival.partner), "pulled_key": bound_key(arrival.pulled_key), "flow": number}
        for number, arrival in numbered.items()
        if arrival.pulled_key is not None
    ]
    _INSERT_PULLED.write(connection, rows)


def _note_arrival(book: FlowBook, number: int, arrival: Arrival) -> None:
    book.note(
        number,
        FlowState.RECEIVED.value,
        partner=to_storable(arrival.partner),
        name=arrival.name,
        sha256=arrival.sha256,
        size_bytes=arrival.size_bytes,
        received_at=to_text(arrival.received_at),
    )
    if not arrival.known_partner:
        book.step(number, FlowState.QUARANTINED)


def _hold_kept(book: FlowBook, numbered: Mapping[int, Arrival]) -> None:
    """What stays on its server shows itself again after a restore: whether it was answered since the backup, a person knows."""
    kept = {
        number: arrival.kept_modified
        for number, arrival in numbered.items()
        if arrival.known_partner and arrival.kept_modified is not None
    }
    if not kept or (restored := restored_at(book.connection)) is None:
        return
    for number, modified in kept.items():
        if modified <= restored.timestamp():
            book.standing(number).held_reason = KEPT_REASON
            book.step(number, FlowState.HELD, reason=KEPT_REASON)
