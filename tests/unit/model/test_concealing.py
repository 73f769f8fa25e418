import pytest

from flux.model.concealing import conceal
from flux.model.finding import Observation

ACCOUNT, MISTYPED = "FR1420041010050500013M02606", "FR1420041010050500013M02605"


@pytest.mark.parametrize(
    ("term", "found", "concealed"),
    [
        ("BT-110", f"voir {ACCOUNT}", "voir FR…2606"),
        ("BT-84", ACCOUNT, "FR…2606"),
        ("BT-84", MISTYPED, "FR…2605"),
        ("BT-91", "CPTE DEBIT", "…EBIT"),
        ("BT-84", "FR…2606", "FR…2606"),  # masked already
        ("BT-84", None, None),
        ("BT-1", "F2026-0117", "F2026-0117"),
    ],
)
def test_an_account_that_was_found_is_masked(term: str, found: str | None, concealed: str | None) -> None:
    assert conceal(Observation(code="XSD_INVALID", term=term, found=found)).found == concealed


def test_what_was_found_in_an_account_s_term_is_masked_wherever_it_is_told_again() -> None:
    seen = Observation(
        code="XSD_INVALID",
        term="BT-84",
        found=MISTYPED,
        expected=f"not {MISTYPED}",
        detail=f"{MISTYPED} is wrong",
        facts=(("reason_fr", f"« {MISTYPED} »"),),
    )
    concealed = conceal(seen)
    assert (concealed.expected, concealed.detail) == ("not FR…2605", "FR…2605 is wrong")
    assert concealed.facts == (("reason_fr", "« FR…2605 »"),)
