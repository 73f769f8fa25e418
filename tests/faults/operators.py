"""What an operator does beside the gateway: let go what it held."""

from collections.abc import Callable

from flux.app.operations import open_queries
from flux.app.releasing import release_flow
from flux.ledger.queries import FlowFilter
from flux.model.lifecycle import FlowState
from tests.faults.sandbox import Ended, Sandbox


def let_go(sandbox: Sandbox, hit: Callable[[str], None]) -> Ended:
    """`flux flows release` for every flow that is held, in a process that may be killed."""

    def release_all() -> None:
        with open_queries(sandbox.settings) as queries:
            held = [line.flow.number for line in queries.list_flows(FlowFilter(state=FlowState.HELD), limit=100)]
        for number in held:
            release_flow(sandbox.settings, number, reason="the workers are mended", by="operator")

    return sandbox.fork(hit, release_all)


def let_forwards_go(sandbox: Sandbox, hit: Callable[[str], None]) -> Ended:
    """`flux flows release` for every flow of which invoices wait for a validator, in a process that may be killed."""

    def release_all() -> None:
        with open_queries(sandbox.settings) as queries:
            held = [line.flow.number for line in queries.list_flows(FlowFilter(), limit=100) if line.held_forwards]
        for number in held:
            release_flow(sandbox.settings, number, reason="the validator has spoken", by="operator")

    return sandbox.fork(hit, release_all)
