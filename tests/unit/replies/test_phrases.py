from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum

import pytest

from flux.model.codes import Who
from flux.model.finding import LayerName, Severity
from flux.model.partner import GatewayRole, Language
from flux.model.verdict import NotRunReason
from flux.replies.phrases import (
    agree,
    name_layer,
    name_reason,
    name_role,
    name_severity,
    name_who,
    typeset,
    write_date,
    write_moment,
    write_number,
)


@pytest.mark.parametrize(
    ("number", "language", "expected"),
    [
        (0, Language.FR, "facture"),  # French counts zero as one
        (1, Language.FR, "facture"),
        (2, Language.FR, "factures"),
        (0, Language.EN, "factures"),  # English as many
        (1, Language.EN, "facture"),
    ],
)
def test_a_noun_agrees_with_its_number(number: int, language: Language, expected: str) -> None:
    assert agree(number, "facture", "factures", language) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("champ : faux ; fin !", "champ\u00a0: faux\u00a0; fin\u00a0!"),
        ("« oui »", "«\u00a0oui\u00a0»"),
        ("l'IBAN", "l’IBAN"),
        ("ligne 12:30", "ligne 12:30"),
    ],
)
def test_french_signs_keep_to_their_words(text: str, expected: str) -> None:
    assert typeset(text, Language.FR) == expected


def test_english_signs_take_no_space() -> None:
    assert typeset("the supplier's : x", Language.EN) == "the supplier’s : x"


@pytest.mark.parametrize(
    ("number", "language", "expected"),
    [
        (18432, Language.FR, "18\u202f432"),
        (Decimal("1728.60"), Language.FR, "1\u202f728,60"),
        (Decimal("-5.00"), Language.FR, "-5,00"),
        (Decimal("1728.60"), Language.EN, "1,728.60"),
    ],
)
def test_a_number_is_written_as_its_reader_writes_it(number: int, language: Language, expected: str) -> None:
    assert write_number(number, language) == expected


def test_a_date_cannot_be_taken_for_another_day() -> None:
    assert write_date(date(2026, 11, 2), Language.FR) == "02/11/2026"
    assert write_date(date(2026, 11, 2), Language.EN) == "2026-11-02"


@pytest.mark.parametrize(
    ("moment", "language", "expected"),
    [
        (datetime(2026, 11, 23, 7, 5, 2, tzinfo=UTC), Language.FR, "23 novembre 2026 à 08:05:02 (heure de Paris)"),
        (datetime(2026, 7, 31, 22, 0, 0, tzinfo=UTC), Language.FR, "1er août 2026 à 00:00:00 (heure de Paris)"),
        (datetime(2026, 11, 23, 7, 5, 2, tzinfo=UTC), Language.EN, "23 November 2026, 08:05:02 (Paris time)"),
    ],
)
def test_a_moment_is_told_on_the_clocks_of_paris(moment: datetime, language: Language, expected: str) -> None:
    assert write_moment(moment, language) == expected


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    ("name", "members"),
    [
        (name_who, Who),
        (name_layer, LayerName),
        (name_reason, NotRunReason),
        (name_role, GatewayRole),
        (name_severity, set(Severity) - {Severity.OFF}),  # what is off is never told
    ],
)
def test_everything_that_may_be_told_has_its_words(name: object, members: type[Enum], language: Language) -> None:
    assert callable(name)
    assert all(name(member, language) for member in members)
