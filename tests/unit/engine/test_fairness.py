"""Who is served next."""

import pytest

from flux.engine.fairness import FairQueue


def drain(queue: FairQueue[str]) -> list[str]:
    return [queue.pop() for _ in range(len(queue))]


def test_one_partner_is_served_in_its_order() -> None:
    queue: FairQueue[str] = FairQueue()
    for item in ("a1", "a2", "a3"):
        queue.push("a", item)
    assert drain(queue) == ["a1", "a2", "a3"]


def test_a_small_partner_does_not_wait_for_a_large_one() -> None:
    queue: FairQueue[str] = FairQueue()
    for number in range(100):
        queue.push("large", f"l{number}")
    queue.push("small", "s0")
    assert drain(queue).index("s0") == 1


def test_a_partner_that_was_idle_gains_no_credit_for_it() -> None:
    queue: FairQueue[str] = FairQueue()
    for number in range(10):
        queue.push("busy", f"b{number}")
    for _ in range(5):
        queue.pop()
    for number in range(5):
        queue.push("late", f"l{number}")
    order = drain(queue)
    assert order[:4] in (["b5", "l0", "b6", "l1"], ["l0", "b5", "l1", "b6"])


def test_an_empty_queue_has_nothing_to_give() -> None:
    with pytest.raises(IndexError):
        FairQueue[str]().pop()
