from dataclasses import replace
from datetime import UTC, datetime

import pytest

from flux.intake.naming import check_name
from flux.model.flow import Flow
from flux.model.partner import Naming, Partner, PartnerRole

GOOD = "FSO1100A_FRN001_FRN0011100000000000000042"
PARTNER = Partner(
    name="acme", role=PartnerRole.SUPPLIER, application_code="FRN001", interfaces=("FSO1100A", "FSO1150A")
)
FREE = replace(PARTNER, naming=Naming.FREE)


def flow(name: str, reuse_of: int | None = None) -> Flow:
    return Flow(
        number=7,
        attempt=1,
        partner="acme",
        known_partner=True,
        name=name,
        sha256="0" * 64,
        size_bytes=1,
        received_at=datetime(2026, 11, 23, tzinfo=UTC),
        reuse_of=reuse_of,
    )


def codes_of(name: str, partner: Partner = PARTNER) -> list[str]:
    return [observation.code for observation in check_name(flow(name), partner)]


@pytest.mark.parametrize("name", [GOOD, GOOD + ".xml", GOOD + ".tar.gz", GOOD + ".ZIP", GOOD[:-1] + "Z"])
def test_a_good_name_is_let_through(name: str) -> None:
    assert codes_of(name) == []


HUB = Partner(name="hub", role=PartnerRole.SUPPLIER, application_code="CPP002", interfaces=("FEN0036A",))


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("FEN0036A_SEI001_CPP0020036000000000000004", []),  # the recipient's code, then the hub's
        ("FEN0036A_SEI1_CPP0020036000000000000004", ["FLOW_NAME"]),
        ("FEN0036A_SEI001_CPP0010036000000000000004", ["FLOW_APPLICATION"]),
    ],
)
def test_what_a_hub_sends_to_a_recipient_bears_the_codes_of_both(name: str, codes: list[str]) -> None:
    assert codes_of(name, HUB) == codes


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("facture.xml", ["FLOW_NAME"]),  # no parts at all
        (GOOD + "_1", ["FLOW_NAME"]),  # one part too many
        ("FSO1100_FRN001_FRN0011100000000000000042", ["FLOW_NAME"]),  # interface of 7 characters
        ("FSO1100A_FRN01_FRN0011100000000000000042", ["FLOW_NAME"]),  # application of 5
        (GOOD[:-1], ["FLOW_NAME"]),  # flow id of 24
        (GOOD.lower(), ["FLOW_NAME"] * 3),  # lower case, in each part
        (GOOD.replace("1100A", "9999A"), ["FLOW_INTERFACE", "FLOW_NAME_DIGITS"]),  # no such interface
        ("FSO1106A_FRN001_FRN0011106000000000000042", ["FLOW_INTERFACE"]),  # known, not subscribed
        ("FSO1100A_XXX999_FRN0011100000000000000042", ["FLOW_APPLICATION"]),  # another's code in the middle
        ("FSO1100A_FRN001_XXX9991100000000000000042", ["FLOW_APPLICATION"]),  # another's code in the id
        ("FSO1100A_FRN001_FRN0011101000000000000042", ["FLOW_NAME_DIGITS"]),  # digits of another interface
        (
            "FSO1106A_XXX999_XXX9991100000000000000042",
            ["FLOW_INTERFACE", *["FLOW_APPLICATION"] * 2, "FLOW_NAME_DIGITS"],
        ),
    ],
)
def test_every_fault_of_a_strict_name_is_told(name: str, codes: list[str]) -> None:
    assert codes_of(name) == codes


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("FSO1100_FRN001_FRN0011100000000000000042", "interface"),
        ("FSO1100A_FRN01_FRN0011100000000000000042", "application"),
        (GOOD[:-1], "flow_id"),
        ("facture", "name"),
    ],
)
def test_the_part_that_fails_is_named(name: str, part: str) -> None:
    (observation,) = check_name(flow(name), PARTNER)
    assert dict(observation.facts)["part"] == part
    assert observation.expected


def test_a_partner_without_a_list_may_use_every_interface_that_is_known() -> None:
    assert codes_of(GOOD, replace(PARTNER, interfaces=())) == []


def test_a_name_used_before_is_told_with_the_first_flow() -> None:
    (observation,) = check_name(flow(GOOD, reuse_of=3), PARTNER)
    assert (observation.code, dict(observation.facts)["first"]) == ("FLOW_NAME_REUSED", "3")


@pytest.mark.parametrize("name", ["Facture n°117 mars.pdf", "fso1100a", "a_b_c", GOOD])
def test_a_free_name_is_the_partners_own_affair(name: str) -> None:
    assert codes_of(name, FREE) == []


MEMO = "FSO1120A_FRN001_FRN0011120000000000000042"


@pytest.mark.parametrize("partner", [PARTNER, replace(PARTNER, interfaces=("FSO1120A",)), FREE])
def test_an_interface_that_is_not_treated_gets_its_one_answer(partner: Partner) -> None:
    assert codes_of(MEMO, partner) == ["INTERFACE_NOT_TREATED"]


def test_only_interfaces_that_are_treated_are_offered() -> None:
    (seen,) = check_name(flow("FSO9999A_FRN001_FRN0019999000000000000042"), replace(PARTNER, interfaces=()))
    assert "FSO1100A" in (seen.expected or "")
    assert "FSO1120A" not in (seen.expected or "")


@pytest.mark.parametrize("name", ["a\nb.xml", "\x1b[2J.xml", " "])
def test_a_free_name_that_cannot_be_printed_is_refused(name: str) -> None:
    assert codes_of(name, FREE) == ["FLOW_NAME"]
