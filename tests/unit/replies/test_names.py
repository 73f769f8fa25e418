import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flux.model.partner import Naming
from flux.replies.names import (
    NAME_CHARACTERS,
    message_names,
    packed_name,
    readable_name,
    report_name,
    sanitise,
    statuses_name,
)
from tests.unit.replies.cases import FLOW

FREE = replace(FLOW, name="Facture n°117 mars.pdf")


def test_the_report_on_a_free_name_bears_our_number_and_that_name() -> None:
    assert report_name(231, FREE.name) == "CR_000231_Facture_n_117_mars.pdf.xml"


def test_the_statuses_of_a_free_name_are_told_apart_by_their_prefix() -> None:
    assert statuses_name(231, FREE.name) == "CDV_000231_Facture_n_117_mars.pdf.xml"


@pytest.mark.parametrize(
    ("received", "naming", "expected"),
    [
        (FLOW.name, Naming.STRICT, "FSO1100A_FRN001_FRN0011100000000000000042.html"),
        (FLOW.name + ".tar.gz", Naming.STRICT, "FSO1100A_FRN001_FRN0011100000000000000042.html"),
        (FREE.name, Naming.FREE, "CR_000231_Facture_n_117_mars.pdf.html"),
        (FREE.name, Naming.STRICT, "CR_000231_Facture_n_117_mars.pdf.html"),  # a name that could not be parsed
        # A free name may look strict, and comes again.
        (FLOW.name, Naming.FREE, "CR_000231_FSO1100A_FRN001_FRN0011100000000000000042.html"),
    ],
)
def test_a_readable_report_bears_the_strict_name_or_our_own(received: str, naming: Naming, expected: str) -> None:
    assert readable_name(replace(FLOW, name=received), naming, ".html") == expected


def test_the_report_on_a_name_that_came_before_does_not_replace_the_first() -> None:
    again = replace(FLOW, number=232, reuse_of=231)

    assert readable_name(again, Naming.STRICT, ".csv").startswith("CR_000232_")


@given(st.text(max_size=400))
def test_a_name_of_ours_is_always_safe_bounded_and_keeps_its_extension(received: str) -> None:
    name = report_name(231, received)

    assert set(name) <= set(string.ascii_letters + string.digits + "._-")
    assert len(name) <= NAME_CHARACTERS
    assert name.endswith(".xml")
    assert name.startswith("CR_000231_")


def test_a_long_name_is_cut_before_its_extension() -> None:
    name = report_name(231, "x" * 500)

    assert name == "CR_000231_" + "x" * (NAME_CHARACTERS - len("CR_000231_.xml")) + ".xml"


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("F2026/0117", "F2026_0117"),  # BT-1 allows the slash
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("été.xml", "_t_.xml"),
        ("a\x00b", "a_b"),
    ],
)
def test_any_other_character_becomes_an_underscore(received: str, expected: str) -> None:
    assert sanitise(received) == expected


@pytest.mark.parametrize(
    ("invoices", "expected"),
    [
        ([("F2026/0117", "200")], ["CDV_000231_F2026_0117_200.xml"]),
        ([("", "213")], ["CDV_000231_XXXXXXXXXXXXXXXXXXXX_213.xml"]),
        ([("A", "200"), ("A", "213")], ["CDV_000231_A_200.xml", "CDV_000231_A_213.xml"]),
        ([("A/1", "200"), ("A_1", "200")], ["CDV_000231_A_1_200.xml", "CDV_000231_A_1_200-2.xml"]),
        # Some file systems hold a name once, whatever the case of its letters.
        ([("a", "200"), ("A", "200")], ["CDV_000231_a_200.xml", "CDV_000231_A_200-2.xml"]),
    ],
)
def test_the_message_on_an_invoice_bears_its_number_and_its_status(
    invoices: list[tuple[str, str]], expected: list[str]
) -> None:
    assert list(message_names(231, invoices)) == expected


@given(st.lists(st.tuples(st.text("aA/_-2", max_size=140), st.sampled_from(["200", "213"])), max_size=30))
def test_messages_on_the_invoices_of_one_flow_never_share_a_name(invoices: list[tuple[str, str]]) -> None:
    names = list(message_names(231, invoices))

    assert len({name.lower() for name in names}) == len(invoices)
    assert all(
        len(name) <= NAME_CHARACTERS and set(name) <= set(string.ascii_letters + string.digits + "._-")
        for name in names
    )


def test_a_message_inside_an_archive_is_named_by_its_identifier_its_invoice_and_its_status() -> None:
    name = packed_name("FLX0011214000000000000006-0001", "F2026/0117", "202")

    assert name == "FLX0011214000000000000006-0001_F2026_0117_202.xml"
