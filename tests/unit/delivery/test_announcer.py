"""What several threads announce at once is written together, and fails for all of them together."""

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

from flux.delivery.announcer import Announcer
from flux.model.delivery import Delivery
from flux.model.lifecycle import DeliveryState
from flux.model.ports import DeliveryLedger
from flux.model.settlement import OutputKind
from tests.acceptance.installation import wait_until


def make_delivery(number: int) -> Delivery:
    return Delivery(
        id=number,
        flow_number=1,
        kind=OutputKind.REPORT,
        partner="acme",
        folder="",
        name=f"CSO{number}",
        sha256="00" * 32,
        size_bytes=1,
        state=DeliveryState.DUE,
        tries=0,
        next_at=datetime(2026, 11, 28, tzinfo=UTC),
    )


@dataclass
class Ledger:
    """Holds up the first announcement until it is let go, and fails at those that came meanwhile as it is told."""

    failure: Exception | None = None
    let_go: threading.Event = field(default_factory=threading.Event)
    written: list[int] = field(default_factory=list)

    def announce(self, parts: Mapping[Delivery, str]) -> None:
        if parts and self.written and self.failure is not None:
            raise self.failure
        self.written.append(len(parts))
        self.let_go.wait(5.0)


def announce_three(ledger: Ledger) -> tuple[list[BaseException | None], dict[int, str]]:
    """The first is being written while two others come; what each of those raised, and the parts that count as told."""
    unheard: dict[int, str] = {}
    announcer = Announcer(cast("DeliveryLedger", ledger), unheard)
    with ThreadPoolExecutor(3) as threads:
        first = threads.submit(announcer.announce, make_delivery(1), "a")
        wait_until(lambda: bool(ledger.written), "the first is being written")
        others = [threads.submit(announcer.announce, make_delivery(number), "b") for number in (2, 3)]
        wait_until(lambda: len(announcer._waiting) == 2, "the others wait")
        ledger.let_go.set()
        first.result()
        return [each.exception() for each in others], unheard


def test_those_that_wait_are_written_together() -> None:
    ledger = Ledger()
    failures, unheard = announce_three(ledger)
    assert (failures, ledger.written, sorted(unheard)) == ([None, None], [1, 2], [1, 2, 3])


def test_whatever_fails_none_of_them_takes_it_for_told() -> None:
    failures, unheard = announce_three(Ledger(failure=ZeroDivisionError()))
    assert [type(each) for each in failures] == [ZeroDivisionError, ZeroDivisionError]
    assert sorted(unheard) == [1]
