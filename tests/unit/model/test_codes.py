import pytest

from flux.model.codes import CODES, Who, severity_of
from flux.model.finding import Audience, LayerName, Severity
from flux.model.interface import Family
from flux.model.partner import Environment, Language
from flux.model.words import words_of

PRODUCTION, QUALIFICATION = Environment.PRODUCTION, Environment.QUALIFICATION
LEGACY, AFNOR = Family.LEGACY, Family.AFNOR
FATAL, WARNING, INFO, OFF = Severity.FATAL, Severity.WARNING, Severity.INFO, Severity.OFF

# BR-FR-CDV lets no other motif through under 501 and 213.
MOTIFS_501 = frozenset(
    {"IRR_VIDE_F", "IRR_TYPE_F", "IRR_SYNTAX", "IRR_TAILLE_F", "IRR_NOM_F", "IRR_ANTIVIRUS"}
    | {"IRR_TAILLE_PJ", "IRR_NOM_PJ", "IRR_VID_PJ", "IRR_EXT_DOC"}
)
MOTIFS_213 = frozenset(
    {"REJ_SEMAN", "REJ_COH", "REJ_UNI", "REJ_ADR", "REJ_CONT_B2G", "REJ_REF_PJ", "REJ_ASS_PJ"}
    | {"DOUBLON", "DEST_INC", "ADR_ERR", "MONTANTTOTAL_ERR", "CALCUL_ERR"}
)


def test_no_code_stands_twice_and_none_can_be_added() -> None:
    assert all(row.code == code for code, row in CODES.items())
    with pytest.raises(TypeError):
        CODES["NEW"] = CODES["SIRET_FORM"]  # type: ignore[index]


def test_a_motif_is_one_that_its_status_lets_through() -> None:
    for row in CODES.values():
        technical = row.layer in (LayerName.INTAKE, LayerName.SCHEMA)
        assert row.motif is None or row.motif in (MOTIFS_501 if technical else MOTIFS_213), row.code


def test_what_refuses_has_a_motif() -> None:
    for row in CODES.values():
        assert row.motif is not None or FATAL not in (row.legacy, row.afnor), row.code


def test_what_refuses_is_told_to_the_sender() -> None:
    for row in CODES.values():
        assert Audience.SENDER in row.audience or FATAL not in (row.legacy, row.afnor), row.code


def test_operators_see_everything() -> None:
    for row in CODES.values():
        assert Audience.OPERATORS in row.audience, row.code


def test_what_the_sender_must_mend_the_sender_is_told() -> None:
    for row in CODES.values():
        mended_by_sender = row.who in (Who.BILLING, Who.SUPPLIER, Who.TECHNICAL_TEAM)
        assert Audience.SENDER in row.audience or not mended_by_sender, row.code


@pytest.mark.parametrize(
    ("code", "audience"),
    [
        ("PARTNER_UNKNOWN", {Audience.OPERATORS}),  # there is nobody to answer
        ("ENGINE_FAILED", {Audience.OPERATORS}),  # our fault
        ("IBAN_NOT_SEPA", {Audience.RECIPIENT, Audience.OPERATORS}),  # who pays looks
        ("BIC_FORM", {Audience.RECIPIENT, Audience.OPERATORS}),
        ("BIC_COUNTRY", {Audience.RECIPIENT, Audience.OPERATORS}),
        ("IBAN_RIB_KEY", set(Audience)),  # both sides
        ("SIRET_CHECKSUM", {Audience.SENDER, Audience.OPERATORS}),  # the entity never sees the invoice
    ],
)
def test_a_finding_is_told_to_whom_it_concerns(code: str, audience: set[Audience]) -> None:
    assert set(CODES[code].audience) == audience


@pytest.mark.parametrize("language", Language)
def test_a_duplicate_of_another_partner_names_nothing_of_the_first(language: Language) -> None:
    words = words_of("DUPLICATE_PARTNER", language)
    assert "{first" not in words.title + words.message + words.fix + words.expected


@pytest.mark.parametrize(
    ("code", "legacy", "afnor"),
    [
        ("XML_SYNTAX", FATAL, FATAL),
        ("XSD_INVALID", FATAL, FATAL),
        ("FACTURX_SUBSET", WARNING, WARNING),
        ("XML_ENCODING_OTHER", OFF, WARNING),  # the PPF wants UTF-8, Chorus does not say
        ("CONTENT_EXTENSION", WARNING, WARNING),
        ("FLOW_COUNT", WARNING, WARNING),
        ("FLOW_NAME_DIGITS", WARNING, WARNING),
        ("SIRET_FORM", FATAL, FATAL),
        ("SIRET_CHECKSUM", FATAL, FATAL),
        ("SIRET_SIREN", OFF, FATAL),  # BR-FR-09 is a rule of the reform
        ("SIRET_MISSING", FATAL, OFF),  # BR-FR-CPRO-10 says it in the reform
        ("SUPPLIER_ID_MISSING", FATAL, OFF),
        ("SIRET_ZEROS_STATE", INFO, OFF),
        ("VAT_SIREN", WARNING, WARNING),  # never a rejection
        ("IBAN_MISSING", FATAL, FATAL),
        ("IBAN_SPACING", WARNING, WARNING),
        ("IBAN_NOT_CLAIMED", INFO, INFO),
        ("IBAN_CHARACTERS", FATAL, WARNING),  # Chorus controls the writing; AFNOR has no rule and no motif
        ("IBAN_COUNTRY_LENGTH", FATAL, WARNING),
        ("IBAN_CHECK_DIGITS", FATAL, WARNING),
        ("IBAN_CHECKSUM", FATAL, WARNING),
        ("IBAN_OVERSEAS", FATAL, WARNING),
        ("IBAN_RIB_KEY", WARNING, WARNING),  # published examples fail it
        ("IBAN_NOT_SEPA", WARNING, WARNING),
        ("DUPLICATE_SAME", FATAL, FATAL),
        ("ENGINE_FAILED", INFO, INFO),  # a failure of ours rejects nothing
    ],
)
def test_a_code_weighs_what_its_family_says(code: str, legacy: Severity, afnor: Severity) -> None:
    assert severity_of(code, LEGACY, PRODUCTION, {}) is legacy
    assert severity_of(code, AFNOR, PRODUCTION, {}) is afnor


@pytest.mark.parametrize("code", ["SIRET_CHECKSUM", "SIREN_CHECKSUM", "SIRET_ZEROS", "SIRET_ZEROS_RECIPIENT"])
@pytest.mark.parametrize("family", Family)
def test_in_qualification_the_checks_of_keys_only_inform(code: str, family: Family) -> None:
    assert severity_of(code, family, PRODUCTION, {}) is FATAL
    assert severity_of(code, family, QUALIFICATION, {}) is INFO


@pytest.mark.parametrize("code", ["SIRET_FORM", "SIREN_FORM", "IBAN_MISSING"])
def test_in_qualification_a_form_still_refuses(code: str) -> None:
    assert severity_of(code, LEGACY, QUALIFICATION, {}) is FATAL


@pytest.mark.parametrize("environment", Environment)
def test_the_configuration_has_the_last_word(environment: Environment) -> None:
    overrides = {"SIRET_CHECKSUM": WARNING, "IBAN_RIB_KEY": FATAL}
    assert severity_of("SIRET_CHECKSUM", LEGACY, environment, overrides) is WARNING
    assert severity_of("IBAN_RIB_KEY", AFNOR, environment, overrides) is FATAL


def test_a_code_outside_the_table_is_an_error_of_ours() -> None:
    with pytest.raises(KeyError):
        severity_of("NO_SUCH_CODE", LEGACY, PRODUCTION, {})
