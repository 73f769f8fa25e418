"""Numbers and addresses that could only fail at use are told where they are written."""

from collections.abc import Mapping

import pytest

from flux.config import read
from tests.unit.test_config import GATEWAY, ROOT, SFTP, SUPPLIER, fault_of


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({"delivery": {"tries": 0}}, "delivery.tries: more than 0 expected, found 0"),
        ({"delivery": {"first_retry_seconds": 9, "longest_retry_seconds": 8}}, "delivery.first_retry_seconds: 9.0 is more"),
        ({"intake": {"sweep_seconds": 0}}, "intake.sweep_seconds: more than 0"),
        ({"intake": {"sweep_seconds": -1.5}}, "intake.sweep_seconds: a number, 0 or more"),
        ({"intake": {"sweep_seconds": 1e300}}, "intake.sweep_seconds: at most 1000000000"),
        ({"limits": {"flow_bytes": 0}}, "limits.flow_bytes: more than 0"),
        ({"limits": {"xml_depth": 10**20}}, "limits.xml_depth: at most"),
        ({"attachments": {"clamd_seconds": 0}}, "attachments.clamd_seconds: more than 0"),
        ({"retention": {"accepted_years": 10**9}}, "retention.accepted_years: 1000 at most"),
        ({"backup": {"notice_days": 10**9}}, "backup.notice_days: 36500 at most"),
        ({"ledger": {"url": "mysql://localhost/flux"}}, "ledger.url: an address expected, sqlite:///var/ledger.db"),
        ({"ledger": {"url": ""}}, "ledger.url: an address expected"),
        ({"ledger": {"url": "sqlite:///"}}, "ledger.url: names no file"),
        ({"register": {"url": "var/register.db"}}, "register.url: an address expected"),
        ({"ledger": {"url": "postgresql://flux:{password}@db/flux"}}, "ledger.url: {password} is filled from"),
        ({"partners": {"acme": {**SUPPLIER, "pickup": SFTP | {"port": 0}}}}, "acme.pickup.port: a port from 1 to 65535"),
        ({"partners": {"acme": {**SUPPLIER, "pickup": SFTP | {"port": 65536}}}}, "acme.pickup.port: a port"),
        ({"partners": {"acme": {**SUPPLIER, "pickup": SFTP | {"channels": 0}}}}, "acme.pickup.channels: more than 0"),
    ],
)  # fmt: skip
def test_what_could_only_fail_at_use_is_told(table: Mapping[str, object], sentence: str) -> None:
    assert sentence in fault_of({"gateway": GATEWAY, **table})


@pytest.mark.parametrize(
    "table",
    [
        {"delivery": {"tries": 1, "first_retry_seconds": 0}},
        {"intake": {"sweep_seconds": 0.02, "stable_seconds": 0}},
        {"backup": {"notice_days": 0}, "retention": {"accepted_years": 1000}},
        {"ledger": {"url": "postgresql+psycopg://db/flux"}, "register": {"url": ""}},
        {"partners": {"acme": {**SUPPLIER, "pickup": SFTP | {"port": 65535, "channels": 1}}}},
    ],
)
def test_what_works_is_taken(table: Mapping[str, object]) -> None:
    assert read({"gateway": GATEWAY, **table}, root=ROOT, environ={}).root == ROOT
