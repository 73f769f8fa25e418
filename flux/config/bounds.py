"""Numbers and addresses of a configuration that its types allow and that could only fail at use, or do nothing for ever."""

import re
from collections.abc import Iterator

from flux.config.settings import Settings
from flux.transport.settings import TransportKind, TransportSettings

LARGEST_PORT = 65535
# Further than any calendar of ours needs to reach; the standard library's ends at the year 9999.
LONGEST_YEARS, LONGEST_DAYS = 1000, 36_500
_DATABASE = re.compile(r"(sqlite|postgresql|postgresql\+psycopg)://")
_MAY_BE_ZERO = frozenset({"explain_bytes"})


def find_bound_faults(settings: Settings) -> Iterator[str]:
    """What is out of bounds, one line each."""
    yield from _none_is_zero("gateway", settings.gateway, "chunk_invoices", "task_seconds", "worker_memory_mb")
    limits = settings.limits
    yield from _none_is_zero("limits", limits, *(name for name in limits.__slots__ if name not in _MAY_BE_ZERO))
    yield from _none_is_zero("attachments", settings.attachments, "clamd_seconds")
    yield from _none_is_zero("intake", settings.intake, "sweep_seconds")
    delivery = settings.delivery
    yield from _none_is_zero(
        "delivery", delivery, "tries", "breaker_failures", "longest_retry_seconds", "partners_at_once", "files_at_once"
    )
    if delivery.first_retry_seconds > delivery.longest_retry_seconds:
        yield (
            f"delivery.first_retry_seconds: {delivery.first_retry_seconds} is more than longest_retry_seconds, "
            f"{delivery.longest_retry_seconds}"
        )
    yield from _time_faults(settings)
    for name, partner in settings.partners.items():
        yield from _none_is_zero(f"partners.{name}", partner, "reply_deadline_hours")
        for side, end in (("pickup", partner.pickup), ("delivery", partner.delivery)):
            if end is not None:
                yield from _end_faults(f"partners.{name}.{side}", end)
    yield from _address_faults(settings)


def _end_faults(key: str, end: TransportSettings) -> Iterator[str]:
    yield from _none_is_zero(key, end, "channels", "timeout_seconds", "poll_seconds")
    if end.kind is TransportKind.SFTP and not 1 <= end.port <= LARGEST_PORT:
        yield f"{key}.port: a port from 1 to {LARGEST_PORT} expected, found {end.port}"


def _time_faults(settings: Settings) -> Iterator[str]:
    """What is counted from today and would leave the calendar."""
    register, retention = settings.register, settings.retention
    for key, found, most in (
        ("retention.accepted_years", retention.accepted_years, LONGEST_YEARS),
        ("retention.refused_years", retention.refused_years, LONGEST_YEARS),
        ("backup.notice_days", settings.backup.notice_days, LONGEST_DAYS),
        ("sftp.notice_days", settings.sftp.notice_days, LONGEST_DAYS),
        ("register.recent_change_days", register.recent_change_days, LONGEST_DAYS),
        ("register.suppliers_max_age_days", register.suppliers_max_age_days, LONGEST_DAYS),
        ("register.directory_max_age_days", register.directory_max_age_days, LONGEST_DAYS),
        ("register.sirene_max_age_days", register.sirene_max_age_days, LONGEST_DAYS),
    ):
        if found > most:
            yield f"{key}: {most} at most expected, found {found}"


def _address_faults(settings: Settings) -> Iterator[str]:
    for table, url, env in (
        ("ledger", settings.ledger.url, settings.ledger.password_env),
        ("register", settings.register.url, settings.register.password_env),
    ):
        if table == "register" and not url:
            continue
        # The address itself is not shown: it may hold a password by now.
        if not _DATABASE.match(url):
            yield f"{table}.url: an address expected, sqlite:///var/{table}.db or postgresql://…"
        elif url.startswith("sqlite:///") and url.removeprefix("sqlite:///") == str(settings.root):
            yield f"{table}.url: names no file; sqlite:///var/{table}.db for example"
        if "{password}" in url and not env:
            yield f"{table}.url: {{password}} is filled from the variable that password_env names; there is none"


def _none_is_zero(table: str, settings: object, *names: str) -> Iterator[str]:
    for name in names:
        if not getattr(settings, name):
            yield f"{table}.{name}: more than 0 expected, found {getattr(settings, name)}"
