"""Bringing a ledger to the tables of this version."""

from pathlib import Path

from flux.sql.migrate import Migrations

_LEDGER = Migrations(Path(__file__).parent / "migrations")

upgrade = _LEDGER.upgrade
is_current = _LEDGER.is_current
