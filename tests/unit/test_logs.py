import io
import json

import pytest

from flux.app.logs import open_log

ACCOUNT = "FR1420041010050500013M02606"


def test_a_failure_that_quotes_an_account_is_logged_without_it() -> None:
    stream = io.StringIO()
    open_log(stream)("worker_died", cause=f"ValueError('compte {ACCOUNT} refusé')", flow="7")
    line = json.loads(stream.getvalue())
    assert (line["event"], line["cause"], line["flow"]) == ("worker_died", "ValueError('compte FR…2606 refusé')", 7)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("flow", "000231", 231),
        ("bytes", "12605", 12605),
        ("seconds", "0.750", 0.75),
        ("flow", "231, 232", "231, 232"),
        ("bytes", "١٢", "١٢"),
        ("name", "000231", "000231"),  # of a file
        ("status", "90", "90"),  # a code
    ],
)
def test_what_is_one_number_is_logged_as_one(name: str, text: str, value: object) -> None:
    stream = io.StringIO()
    open_log(stream)("flow_closed", **{name: text})
    logged = json.loads(stream.getvalue())[name]
    assert (logged, type(logged)) == (value, type(value))
