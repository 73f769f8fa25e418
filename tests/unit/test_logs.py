import io
import json

from flux.app.logs import open_log

ACCOUNT = "FR1420041010050500013M02606"


def test_a_failure_that_quotes_an_account_is_logged_without_it() -> None:
    stream = io.StringIO()
    open_log(stream)("worker_died", cause=f"ValueError('compte {ACCOUNT} refusé')", flow="7")
    line = json.loads(stream.getvalue())
    assert (line["event"], line["cause"], line["flow"]) == ("worker_died", "ValueError('compte FR…2606 refusé')", "7")
