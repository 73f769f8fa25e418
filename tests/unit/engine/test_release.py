"""What is held, by whose word it goes on, and how a gateway at work notices."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest

from flux.app.releasing import ReleasedFlow, release_flow
from flux.app.workshop import WorkshopFactory
from flux.config import Settings, read
from flux.demo.samples import ENTITY_SIRET, OTHER_ENTITY_SIRET, SUPPLIER_SIRET, Sample, write_ubl
from flux.demo.scenario import write_archive
from flux.engine.gateway import Engine
from flux.engine.tasks import BuildTask, ChunkTask, OpenTask
from flux.errors import LedgerError
from flux.ledger.database import open_database
from flux.ledger.migrate import upgrade
from flux.ledger.queries import DeliveryLine, FlowHistory
from flux.model.lifecycle import DeliveryState, FlowState
from flux.model.register import RegisterSource, Structure
from flux.model.settlement import FlowStatus, OutputKind
from flux.pipeline import Judge
from tests.fakes.register import FakeRegister, source
from tests.unit.engine.test_gateway import CONFIG, Desk
from tests.unit.rules.register_cases import ALWAYS, declared, siret_id

REASON = "letter of the project manager"
VALIDATED = write_ubl(Sample(number="V1", line_count=1)).replace(b">A1<", b">A9<")
WRONG_RIB_KEY = "FR8420041010050500013M02607"
ALERTING = write_ubl(Sample(number="V2", line_count=1, iban=WRONG_RIB_KEY)).replace(b">A1<", b">A9<")
FREE = write_ubl(Sample(number="F1", line_count=1))
TO_NOBODY = write_ubl(Sample(number="N1", line_count=1, buyer_siret=OTHER_ENTITY_SIRET))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A gateway on a ledger of which another process may let go what is held."""
    settings = read(CONFIG, root=tmp_path, environ={})
    (tmp_path / "var").mkdir()
    database = open_database(settings.ledger.url)
    upgrade(database)
    yield Desk(settings, database)
    database.close()


def release(desk: Desk, *invoices: str, settings: Settings | None = None) -> ReleasedFlow:
    return release_flow(settings or desk.settings, 1, reason=REASON, by="claire", invoices=invoices)


def take(desk: Desk) -> FlowHistory:
    """The gateway at work takes what was let go."""
    desk.engine.take_released()
    desk.engine.run_until_idle()
    return desk.queries.show_flow(1)


def forwards(history: FlowHistory) -> list[DeliveryLine]:
    return [line for line in history.deliveries if line.kind is OutputKind.FORWARD]


def states(history: FlowHistory) -> dict[str, tuple[DeliveryState, str | None]]:
    """Of each forward, by its first invoice, where it stands and why."""
    numbers = {judgment.ordinal: judgment.summary.number for judgment in history.case.judgments if judgment.summary}
    return {numbers[line.invoices[0][0]]: (line.state, line.held_reason) for line in forwards(history)}


HELD, DUE = DeliveryState.HELD, DeliveryState.DUE


def test_an_invoice_of_a_validator_is_accepted_and_held_and_holds_no_other(desk: Desk) -> None:
    history = desk.treat(write_archive([FREE, VALIDATED]))
    assert (history.line.status, history.line.held_forwards) == (FlowStatus.RECEIVED, 1)
    assert states(history) == {"F1": (DUE, None), "V1": (HELD, "validator")}


def test_once_let_go_it_is_built_and_due(desk: Desk) -> None:
    desk.treat(write_archive([FREE, VALIDATED]))
    assert [each.invoices for each in release(desk).released] == [("V1",)]
    history = take(desk)
    assert states(history)["V1"] == (DUE, None)
    sent = next(line for line in forwards(history) if line.invoices == ((1, 0),))
    assert sent.sha256 is not None
    assert desk.vault.path(sent.sha256).read_bytes() == VALIDATED


def test_its_alerts_go_with_it(desk: Desk) -> None:
    desk.treat(write_archive([FREE, ALERTING]))
    release(desk)
    lines = {line.kind: line for line in take(desk).deliveries if line.invoices == ((1, 0),)}
    assert lines[OutputKind.ALERTS].name == f"{lines[OutputKind.FORWARD].name}.alertes.csv"
    assert {line.state for line in lines.values()} == {DUE}


def test_one_of_several_is_let_go_alone(desk: Desk) -> None:
    desk.treat(write_archive([VALIDATED, ALERTING]))
    release(desk, "V2")
    assert states(take(desk)) == {"V1": (HELD, "validator"), "V2": (DUE, None)}


def test_the_journal_says_who_and_why(desk: Desk) -> None:
    desk.treat(VALIDATED)
    release(desk)
    (event,) = [each for each in desk.queries.show_flow(1).events if each.name == "delivery_released"]
    assert (event.details["by"], event.details["reason"]) == ("claire", REASON)


def test_without_a_route_it_stays_held_and_says_so(desk: Desk) -> None:
    desk.treat(TO_NOBODY)
    done = release(desk)
    assert (done.released, [each.held_reason for each in done.still_held]) == ((), ["no_route"])
    assert states(take(desk)) == {"N1": (HELD, "no_route")}


def test_it_takes_the_route_that_the_configuration_has_by_now(desk: Desk) -> None:
    desk.treat(TO_NOBODY)
    entity = desk.settings.partners["etat"]
    routed = replace(
        desk.settings,
        partners={**desk.settings.partners, "bdr": replace(entity, sirets=(OTHER_ENTITY_SIRET,))},
    )
    assert [each.partner for each in release(desk, settings=routed).released] == ["bdr"]
    assert [(line.partner, line.state) for line in forwards(take(desk))] == [("bdr", DUE)]


@pytest.mark.parametrize(
    ("data", "invoices", "reason", "why"),
    [
        (VALIDATED, (), " ", "say why"),
        (FREE, (), REASON, "holds nothing back"),
        (VALIDATED, ("V9",), REASON, "not held in flow 1: V9"),
        (write_archive([TO_NOBODY, TO_NOBODY.replace(b"N1", b"N2")]), ("N1",), REASON, "held together"),
    ],
)
def test_what_cannot_be_let_go_is_refused(
    desk: Desk, data: bytes, invoices: tuple[str, ...], reason: str, why: str
) -> None:
    desk.treat(data)
    with pytest.raises(LedgerError, match=why):
        release_flow(desk.settings, 1, reason=reason, by="claire", invoices=invoices)


def test_what_was_let_go_while_the_gateway_was_down_goes_at_its_next_start(desk: Desk) -> None:
    desk.treat(VALIDATED)
    release(desk)
    desk.restart().resume()
    desk.engine.run_until_idle()
    assert states(desk.queries.show_flow(1)) == {"V1": (DUE, None)}


def test_a_sweep_takes_what_was_let_go_once(desk: Desk) -> None:
    desk.treat(VALIDATED)
    release(desk)
    desk.workers.tasks.clear()
    for _ in range(3):
        desk.engine.take_released()
    desk.engine.run_until_idle()
    assert [type(task) for task in desk.workers.tasks] == [BuildTask]


def test_what_cannot_be_built_is_not_tried_at_every_sweep(desk: Desk) -> None:
    desk.treat(VALIDATED)
    release(desk)
    desk.workers.dies_over = lambda task: isinstance(task, BuildTask)
    take(desk)
    desk.workers.tasks.clear()
    take(desk)
    assert desk.workers.tasks == []


def test_what_is_let_go_while_the_rest_is_built_is_built_after_it(desk: Desk) -> None:
    flow = desk.receive(write_archive([FREE, VALIDATED]))
    desk.workers.hangs_over = lambda task: isinstance(task, BuildTask)
    desk.engine.accept([flow])
    for _ in range(4):
        desk.engine._advance(0)
    release(desk)
    desk.workers.hangs_over = lambda _: False
    desk.restart().resume()
    desk.engine.run_until_idle()
    assert {state for state, _ in states(take(desk)).values()} == {DUE}


def known(siret: str, *, is_public: bool) -> Structure:
    return Structure(
        id=siret_id(siret), is_supplier=not is_public, is_public=is_public, active=ALWAYS, accounts=(declared(),)
    )


REGISTER = FakeRegister.of(known(SUPPLIER_SIRET, is_public=False), known(ENTITY_SIRET, is_public=True))
STALE = replace(REGISTER, states=tuple(source(kind, is_stale=True) for kind in RegisterSource))


@pytest.fixture
def with_register(desk: Desk) -> Callable[[FakeRegister], None]:
    """Requires the register, and sets what the workers see of it."""
    gateway = {"application_code": "FLX001", "layers": ["schema", "identity", "register"]}
    desk.settings = read({**CONFIG, "gateway": gateway}, root=desk.settings.root, environ={})

    def see(register: FakeRegister) -> None:
        desk.workers.workshop = WorkshopFactory(desk.settings)()
        judge = desk.workers.workshop.judge
        seeing = Judge(settings=judge._settings, reader=judge._reader, schemas=judge._schemas, register=register)
        desk.workers.workshop = replace(desk.workers.workshop, judge=seeing)

    return see


def test_a_flow_held_for_a_stale_register_is_judged_again_once_it_is_refreshed(
    desk: Desk, with_register: Callable[[FakeRegister], None]
) -> None:
    with_register(STALE)
    held = desk.treat(FREE)
    assert (held.line.state, held.deliveries) == (FlowState.HELD, ())
    with_register(REGISTER)
    assert release(desk).attempt == 2
    history = take(desk)
    assert (history.line.state, history.line.status, history.line.flow.attempt) == (
        FlowState.ANSWERED,
        FlowStatus.RECEIVED,
        2,
    )
    assert "released" in [event.name for event in history.events]


def test_a_flow_held_for_a_stale_register_is_never_let_go_as_accepted(
    desk: Desk, with_register: Callable[[FakeRegister], None]
) -> None:
    with_register(STALE)
    desk.treat(FREE)
    release(desk)
    history = take(desk)
    assert (history.line.state, history.line.flow.attempt, history.deliveries) == (FlowState.HELD, 2, ())


def test_a_flow_that_is_not_judged_is_judged_again_as_a_whole(
    desk: Desk, with_register: Callable[[FakeRegister], None]
) -> None:
    with_register(STALE)
    desk.treat(FREE)
    with pytest.raises(LedgerError, match="as a whole"):
        release(desk, "F1")


def test_what_no_worker_could_open_is_judged_from_the_beginning(desk: Desk) -> None:
    flow = desk.receive(write_archive([write_ubl(Sample(number=f"E{n}", line_count=1)) for n in range(10)]))
    desk.engine.accept([flow])
    desk.workers.dies_over = lambda task: isinstance(task, OpenTask)
    desk.engine.run_until_idle()
    desk.workers.dies_over = lambda _: False
    release(desk)
    assert len(take(desk).case.judgments) == 10


def test_chunks_that_a_former_attempt_had_judged_are_judged_again(desk: Desk) -> None:
    flow = desk.receive(write_archive([write_ubl(Sample(number=f"E{n}", line_count=1)) for n in range(10)]))
    desk.workers.hangs_over = lambda task: isinstance(task, ChunkTask) and task.chunk == 2
    desk.engine.accept([flow])
    for _ in range(8):
        desk.engine._advance(0)
    desk.workers.hangs_over = lambda _: False
    desk.workers.dies_over = lambda task: isinstance(task, OpenTask)
    desk.restart().resume()
    desk.engine.run_until_idle()
    desk.workers.dies_over = lambda _: False
    release(desk)
    assert len(take(desk).case.judgments) == 10


def test_a_gateway_at_work_notices_by_itself(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flux.engine.gateway.SWEEP_SECONDS", 0.0)
    monkeypatch.setattr("flux.engine.gateway.IDLE_SECONDS", 0.01)
    desk.treat(VALIDATED)
    release(desk)
    stop, due = Event(), Event()
    engine = Engine(
        name="main",
        gateway=desk.settings.gateway.identity,
        partners=desk.settings.known_partners,
        ledger=desk.engine._ledger,
        vault=desk.vault,
        workers=desk.workers,
        clock=lambda: datetime.now(UTC),
        report=lambda *_, **__: None,
        on_due=due.set,
    )
    serving = Thread(target=engine.serve, args=(stop,))
    serving.start()
    noticed = due.wait(timeout=20)
    stop.set()
    serving.join()
    assert noticed
    assert states(desk.queries.show_flow(1)) == {"V1": (DUE, None)}
