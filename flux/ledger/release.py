"""What a person lets go: forwards that were held, and flows that could not be judged or were nobody's.

Each is journalled with who said so and why.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select, update

from flux.errors import LedgerError
from flux.ledger.book import FlowBook, open_book
from flux.ledger.bounds import batches
from flux.ledger.database import Database
from flux.ledger.plan import is_held, name_outputs
from flux.ledger.row_hashes import OUTPUT_ROWS, Attempt, hash_rows
from flux.ledger.tables import flows, outputs
from flux.model.authority import Authority
from flux.model.delivery import Release
from flux.model.flow import FlowName
from flux.model.lifecycle import DeliveryState, FlowState, step_delivery
from flux.model.settlement import PlannedOutput


def release_outputs(
    database: Database, number: int, releases: Sequence[Release], authority: Authority, application_code: str
) -> tuple[int, ...]:
    """Let held outputs of a flow be built, or note why they stay; the ids of those that go.

    One that has another route or another format than when it was planned gets a name of its own. What is not held any
    more is left as it is. Raises LedgerError for a flow that the ledger does not hold.
    """
    with open_book(database, [number], authority.at) as book:
        attempt = number, book.standing(number).attempt
        held = _read_held(book.connection, attempt, [each for release in releases for each in release.ids])
        notes: list[_Note] = []
        for release in releases:
            if all(wanted in held for wanted in release.ids):
                former = held[release.ids[0]]
                names = _keep_names(former, release.planned) or name_outputs(
                    book.connection, release.planned, application_code
                )
                notes.extend(_let_go(book.connection, release, names))
        _note_releases(book, attempt, notes, authority)
        return tuple(note.output for note in notes if note.goes)


def reopen_flow(database: Database, number: int, authority: Authority) -> int:
    """Let a flow that could not be judged be judged again; its new attempt. Raises LedgerError where it is not held."""
    with open_book(database, [number], authority.at) as book:
        standing = book.standing(number)
        if standing.state is not FlowState.HELD:
            raise LedgerError(f"flow {number} is {standing.state.value}, not held")
        standing.attempt += 1
        standing.pending, standing.verdict, standing.status, standing.held_reason = 0, None, None, None
        book.note(number, "released", by=authority.by, reason=authority.reason, attempt=standing.attempt)
        book.step(number, FlowState.RECEIVED, attempt=standing.attempt)
        return standing.attempt


def close_flow(database: Database, number: int, authority: Authority, *, nobody_works: bool = False) -> None:
    """Close a flow that was never judged, by a person's word.

    One that is to be judged only while nobody works, which the caller knows. Raises LedgerError.
    """
    closable = _WAITING | _TO_JUDGE if nobody_works else _WAITING
    with open_book(database, [number], authority.at) as book:
        standing = book.standing(number)
        if standing.state not in closable:
            raise LedgerError(
                f"flow {number} is {standing.state.value}; only a flow that was not judged is closed by hand, "
                "one that was judged is closed with its deliveries: `flux deliveries close`"
            )
        standing.held_reason = None
        book.step(number, FlowState.CLOSED, by=authority.by, reason=authority.reason)


def judging_gateway(database: Database, number: int) -> str | None:
    """The gateway by which a flow is to be judged, None where it is not. Raises LedgerError for one that does not exist."""
    with database.read() as connection:
        row = connection.execute(select(flows.c.state, flows.c.gateway).where(flows.c.number == number)).first()
    if row is None:
        raise LedgerError(f"there is no flow {number}")
    return row.gateway if FlowState(row.state) in _TO_JUDGE else None


_WAITING = frozenset({FlowState.HELD, FlowState.QUARANTINED})
_TO_JUDGE = frozenset({FlowState.RECEIVED, FlowState.JUDGING})
_READ = select(outputs.c.id, outputs.c.name).where(
    outputs.c.flow == bindparam("of"),
    outputs.c.attempt == bindparam("the_attempt"),
    outputs.c.id.in_(bindparam("ids", expanding=True)),
    outputs.c.state == DeliveryState.HELD.value,
)
_WRITE = (
    update(outputs)
    .where(outputs.c.id == bindparam("of"))
    .values({name: bindparam(f"new_{name}") for name in ("kind", "partner", "folder", "name", "state", "held_reason")})
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Note:
    """What became of an output, for the journal."""

    output: int
    name: str
    partner: str | None
    held_reason: str | None
    goes: bool


def _read_held(connection: Connection, attempt: Attempt, ids: Sequence[int]) -> Mapping[int, str]:
    """Those of the outputs that are held, each with its name."""
    number, which = attempt
    return {
        output: name
        for batch in batches(ids)
        for output, name in connection.execute(_READ, {"of": number, "the_attempt": which, "ids": batch})
    }


def _let_go(connection: Connection, release: Release, names: Sequence[str]) -> Iterator[_Note]:
    """Write the outputs of one release; what is to be noted of each."""
    for each, planned, name in zip(release.ids, release.planned, names, strict=True):
        stays = is_held(planned)
        state = DeliveryState.HELD if stays else step_delivery(DeliveryState.HELD, DeliveryState.PLANNED)
        connection.execute(
            _WRITE,
            {
                "of": each,
                "new_kind": planned.kind.value,
                "new_partner": planned.partner,
                "new_folder": planned.folder,
                "new_name": name,
                "new_state": state.value,
                "new_held_reason": planned.held_reason,
            },
        )
        yield _Note(output=each, name=name, partner=planned.partner, held_reason=planned.held_reason, goes=not stays)


def _note_releases(book: FlowBook, attempt: Attempt, notes: Sequence[_Note], authority: Authority) -> None:
    """Journal what was written; the last event bears the hash of the outputs as all of it left them."""
    number, _ = attempt
    for left, note in zip(reversed(range(len(notes))), notes, strict=True):
        book.note(
            number,
            "delivery_released" if note.goes else "delivery_held",
            output=note.output,
            name=note.name,
            partner=note.partner,
            held=note.held_reason,
            by=authority.by,
            reason=authority.reason,
            **(hash_rows(book.connection, attempt, [OUTPUT_ROWS]) if not left else {}),
        )


def _keep_names(former: str, planned: Sequence[PlannedOutput]) -> list[str]:
    """The names as they are where the forward keeps its code and its receiver; none where it must have another."""
    forward = planned[0]
    parsed = FlowName.parse(former)
    if parsed is None or (parsed.interface_code, parsed.application_code) != (forward.code, forward.receiver):
        return []
    return [former if each.beside is None else former + each.name for each in planned]
