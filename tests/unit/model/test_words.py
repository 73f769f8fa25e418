import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flux.model.codes import CODES
from flux.model.finding import Observation
from flux.model.partner import Language
from flux.model.words import MAX_VALUE_CHARACTERS, describe, words_of

every_language = pytest.mark.parametrize("language", Language)

LEFTOVERS = re.compile(r"[{}\[\]]|None|absent,|  | \.|:\.|« »|“”")
values = st.none() | st.text(max_size=30)
facts = st.dictionaries(
    st.sampled_from(["reason_fr", "reason_en", "column", "means", "country", "first_flow"]), st.text(max_size=20)
).map(lambda held: tuple(held.items()))
observations = st.builds(
    Observation,
    code=st.sampled_from([*CODES, "BR-CO-15"]),
    term=st.sampled_from([None, "BT-29", "BT-9999"]),
    found=values,
    expected=values,
    detail=values,
    line=st.none() | st.integers(1),
    facts=facts,
)


def test_a_person_reads_what_was_found_where_and_what_to_do() -> None:
    seen = Observation(code="SIRET_CHECKSUM", term="BT-29", found="73282932000075")
    described = describe(seen, Language.FR)
    assert described.title == "SIRET du fournisseur, clé de contrôle fausse"
    assert described.message == (
        "Aucun établissement ne peut porter le SIRET 73282932000075 du champ BT-29 (identifiant du vendeur) : "
        "sa clé de contrôle est fausse (sans doute une faute de frappe)."
    )
    assert described.expected == "14 chiffres, clé juste, connu du référentiel"
    assert described.fix == "Corriger le SIRET."


@pytest.mark.parametrize(
    ("term", "language", "title"),
    [
        ("BT-30", Language.FR, "SIREN du fournisseur mal formé"),
        ("BT-47", Language.FR, "SIREN du destinataire mal formé"),
        ("BT-61", Language.FR, "SIREN du bénéficiaire mal formé"),
        ("BT-61", Language.EN, "SIREN of the payee: wrong form"),
        ("BT-1", Language.FR, "SIREN mal formé"),  # no party's term
        (None, Language.FR, "SIREN mal formé"),  # the usual term of the code names nobody
    ],
)
def test_a_title_names_the_party_that_the_finding_is_about(term: str | None, language: Language, title: str) -> None:
    assert describe(Observation(code="SIREN_FORM", term=term), language).title == title


@pytest.mark.parametrize(
    ("seen", "language", "expected"),
    [
        (Observation(code="SIRET_FORM"), Language.FR, "14 chiffres"),
        (Observation(code="SIRET_FORM"), Language.EN, "14 digits"),
        (Observation(code="SIRET_FORM", expected="73282932000074"), Language.FR, "73282932000074"),  # says all
        (Observation(code="FILE_SIZE", expected="500"), Language.EN, "a smaller file: 500 bytes at most"),  # framed
        (Observation(code="FILE_SIZE"), Language.EN, "a smaller file"),  # nobody knows by how much
        (Observation(code="BR-XX-15"), Language.FR, "le respect de la règle BR-XX-15"),
        (Observation(code="BR-XX-15", expected="121"), Language.FR, "121"),
        (Observation(code="ENGINE_FAILED"), Language.FR, ""),  # nothing is expected of anybody
    ],
)
def test_what_was_expected_is_the_value_of_the_check_or_the_words_of_the_code(
    seen: Observation, language: Language, expected: str
) -> None:
    assert describe(seen, language).expected == expected


def test_the_reason_of_a_schema_fault_is_told_in_the_language_of_the_reader() -> None:
    reasons = (("reason_fr", "« 2400,00 » n'est pas un nombre"), ("reason_en", "“2400,00” is no number"))
    seen = Observation(code="XSD_INVALID", line=42, facts=reasons)
    assert describe(seen, Language.FR).message.endswith(", ligne 42 : « 2400,00 » n'est pas un nombre.")
    assert describe(seen, Language.EN).message.endswith(", line 42: “2400,00” is no number.")


@every_language
def test_a_code_without_any_value_still_makes_sentences(language: Language) -> None:
    for code in CODES:
        described = describe(Observation(code=code), language)
        for sentence in (described.title, described.message, described.fix):
            assert sentence, code
            assert not LEFTOVERS.search(sentence), code
        assert described.message.endswith("."), code
        assert described.fix.endswith("."), code


@every_language
def test_whatever_can_refuse_or_warn_says_what_was_expected(language: Language) -> None:
    for code, row in CODES.items():
        expected = describe(Observation(code=code), language).expected
        assert expected or row.motif is None, code
        assert not LEFTOVERS.search(expected), code
        assert not expected.endswith("."), code


@every_language
def test_every_bracket_of_a_template_is_closed_and_every_clause_has_a_value(language: Language) -> None:
    for code in CODES:
        words = words_of(code, language)
        for template in (words.title, words.message, words.fix, words.expected):
            assert all("{" in clause for clause in re.findall(r"\[([^\]]*)\]", template)), code
            assert not re.search(r"[\[\]]", re.sub(r"\[[^\[\]]*\]", "", template)), code


def test_a_code_uses_the_same_values_in_both_languages() -> None:
    for code in CODES:
        french, english = (
            set(re.findall(r"\{(\w+)\}", words.title + words.message + words.fix + words.expected))
            for words in (words_of(code, each) for each in Language)
        )
        assert {name.removesuffix("_fr") for name in french} == {name.removesuffix("_en") for name in english}, code


@given(observations, st.sampled_from(Language))
@example(Observation(code="FLOW_NAME", found="[, {line}]{found}%s{0}"), Language.FR)
@example(Observation(code="FLOW_NAME", found="\ud800\x00"), Language.FR)
def test_whatever_a_finding_holds_describing_it_never_fails(seen: Observation, language: Language) -> None:
    described = describe(seen, language)
    assert all((described.title, described.message, described.fix))
    assert (described.title + described.message + described.fix + described.expected).isprintable()


def test_what_a_sender_wrote_is_never_read_as_a_template() -> None:
    seen = Observation(code="FLOW_NAME", found="[{detail}]", detail="secret")
    assert "« [{detail}] »" in describe(seen, Language.FR).message


def test_a_value_is_quoted_on_one_line_and_bounded() -> None:
    message = describe(Observation(code="FLOW_NAME", found="a\n b" + "x" * 10_000_000), Language.EN).message
    assert "“a bxxx" in message
    assert len(message) < 2 * MAX_VALUE_CHARACTERS


@pytest.mark.parametrize("name", ["found", "expected", "detail"])
def test_an_account_is_masked_wherever_it_stands(name: str) -> None:
    seen = Observation(code="SYNTAX_UNKNOWN", **{name: "FR14 2004 1010 0505 0001 3M02 606"})  # type: ignore[arg-type]
    message = describe(seen, Language.FR).message
    assert "FR…2606" in message
    assert "2004" not in message


def test_an_official_rule_outside_the_table_is_told_by_its_id() -> None:
    seen = Observation(code="BR-XX-15", term="BT-112", found="120", expected="121", line=7)
    assert describe(seen, Language.EN).message == (
        "The rule BR-XX-15 is not respected, line 7; field BT-112 (total amount with VAT); found “120”; expected: 121."
    )


@pytest.mark.parametrize(
    ("language", "words"), [(Language.FR, "son état : transmise"), (Language.EN, "its state: handed on")]
)
def test_the_state_of_a_first_flow_is_told_in_the_reader_s_words(language: Language, words: str) -> None:
    duplicate = Observation(code="DUPLICATE_SAME", found="F1", facts=(("first_flow", "X"), ("first_state", "closed")))
    assert words in describe(duplicate, language).message
