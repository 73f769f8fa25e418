"""The end of `flux run`: the first SIGTERM or Ctrl-C asks for it, a second one, or a bound in time, makes it.

Nothing is lost by an end at once: whatever a thread or a worker holds stands in the ledger, in a claim or on the partner's
server as it stood, and the next start takes it up, as after a crash.
"""

import multiprocessing
import os
import select
import signal
import threading
from threading import Event, Thread

from flux.model.ports import Report

# From the bound that was asked for to the end, whatever then still runs: what ended in time is let go meanwhile.
GRACE_SECONDS = 1.5
# A log that nobody reads any more holds up no end.
_LOG_SECONDS = 0.5


def heed_signals(stop: Event, seconds: float, report: Report) -> None:
    """From now on the first SIGTERM or SIGINT sets `stop`; this process ends with code 0 at the second one, and `seconds` later anyhow.

    For the main thread. It may be inside a call that returns to no Python for a while (a ledger that does not answer), so
    the signals are heard by a thread of their own.
    """
    heard, told = os.pipe()
    os.set_blocking(told, False)
    signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)  # one that is handled is written into the pipe
    Thread(target=_await_end, args=(heard, stop, seconds, report), name="signals", daemon=True).start()


def _await_end(heard: int, stop: Event, seconds: float, report: Report) -> None:
    os.read(heard, 1)
    stop.set()
    report("gateway_stopping")
    again, _, _ = select.select([heard], [], [], seconds + GRACE_SECONDS)
    _end_at_once("a second signal" if again else f"more than {seconds:g} s", report)


def _end_at_once(reason: str, report: Report) -> None:
    words = {"reason": reason, "cut_off": ", ".join(_threads_at_work()) or "nothing"}
    telling = Thread(target=report, args=("gateway_stopped",), kwargs=words, daemon=True)
    telling.start()
    for child in multiprocessing.active_children():
        child.kill()
    telling.join(_LOG_SECONDS)
    os._exit(0)


def _threads_at_work() -> list[str]:
    """What is waited for, by its name; the main thread is the engine."""
    return sorted({thread.name for thread in threading.enumerate() if not thread.daemon})
