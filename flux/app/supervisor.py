"""Telling systemd how far the gateway is: sd_notify(3), one datagram a state."""

import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType

from flux.model.ports import Report

_STATES: Mapping[str, bytes] = MappingProxyType({"gateway_started": b"READY=1", "gateway_stopping": b"STOPPING=1"})


def make_notifier(address: str) -> Callable[[bytes], None]:
    """What tells a state to the socket at an address, that of the variable NOTIFY_SOCKET; nothing where it is empty.

    A supervisor that is gone is no reason to stop working.
    """

    def notify(state: bytes) -> None:
        if address:
            with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
                channel.sendto(state, f"\0{address[1:]}" if address.startswith("@") else address)

    return notify


def announce(report: Report, notify: Callable[[bytes], None]) -> Report:
    """The same log, of which the supervisor hears when the gateway is at work and when it begins to stop."""

    def tell(event: str, **facts: str) -> None:
        report(event, **facts)
        if event in _STATES:
            notify(_STATES[event])

    return tell
