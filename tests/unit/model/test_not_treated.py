import pytest

from flux.model.interface import INTERFACES, Interface
from flux.model.not_treated import refuse_interface
from flux.model.partner import Language
from flux.model.words import describe

UNTREATED = [interface for interface in INTERFACES.values() if not interface.is_treated]


@pytest.mark.parametrize("interface", UNTREATED, ids=lambda interface: interface.code)
@pytest.mark.parametrize("language", Language)
def test_an_interface_that_is_not_treated_is_answered_in_full(interface: Interface, language: Language) -> None:
    said = describe(refuse_interface(interface), language)
    assert interface.code in said.message
    assert "absent" not in said.message + said.fix
    assert "Chorus Pro" in said.fix or "FSO1" in said.fix


@pytest.mark.parametrize(
    ("code", "report"),
    [
        ("FSO1120A", "CSO1120A"),
        ("FSO1301A", "CSO1301A"),
        ("FSO1304A", "CSO1304A"),
        ("FSO3300A", "CSI3300A"),  # public bodies that issue are told of a flow only what is wrong
        ("FSO6000A", "CSI6000A"),
    ],
)
def test_its_report_bears_the_code_of_the_specification(code: str, report: str) -> None:
    assert INTERFACES[code].report_code == report


def test_the_purpose_is_told_in_each_language() -> None:
    seen = refuse_interface(INTERFACES["FSO1120A"])
    assert "(E3, UBL, mémoires de frais de justice)" in describe(seen, Language.FR).message
    assert "(E3, UBL, court-cost memos)" in describe(seen, Language.EN).message
