"""The table of life-cycle statuses and their motifs."""

import pytest

from flux.model.cdv_codes import CdvPhase, CdvStatus, DocumentStatus, known
from flux.model.cdv_motifs import MOTIFS
from flux.model.cdv_statuses import STATUSES, StatusRow
from flux.model.codes import CODES
from flux.model.finding import LayerName

every_row = pytest.mark.parametrize("row", STATUSES.values(), ids=lambda row: f"{row.status} {row.fr}")

TRANSMISSION = {"10", "51", "43", "8", "48"}
TREATMENT = {"45", "39", "37", "50", "49", "47", "46", "1", "5"}


def motifs_of(row: StatusRow) -> tuple[str, ...]:
    return (*row.motifs, *row.chorus_motifs, *row.ppf_motifs)


def test_every_status_has_its_row() -> None:
    assert list(STATUSES) == list(CdvStatus)


@every_row
def test_a_status_has_words_that_fit_their_field(row: StatusRow) -> None:
    assert 0 < len(row.fr) <= 100
    assert 0 < len(row.en) <= 100


@every_row
def test_a_status_names_each_motif_once_and_all_have_words(row: StatusRow) -> None:
    assert len(set(motifs_of(row))) == len(motifs_of(row))
    assert set(motifs_of(row)) <= set(MOTIFS)


@every_row
def test_what_needs_a_motif_allows_some(row: StatusRow) -> None:
    assert motifs_of(row) or not row.needs_motif


@every_row
def test_the_code_of_the_document_is_one_of_its_phase(row: StatusRow) -> None:
    allowed = {CdvPhase.TRANSMISSION: TRANSMISSION, CdvPhase.TREATMENT: TREATMENT, None: set[str]()}[row.phase]
    assert row.document_status is None or row.document_status in allowed


def test_the_list_of_document_codes_is_that_of_the_two_phases() -> None:
    assert {each.value for each in DocumentStatus} == TRANSMISSION | TREATMENT


@pytest.mark.parametrize(("motif", "words"), MOTIFS.items(), ids=MOTIFS)
def test_a_motif_has_words_that_fit_their_field(motif: str, words: tuple[str, str]) -> None:
    assert len(motif) <= 50
    assert all(0 < len(each) <= 250 for each in words)


def test_the_motif_of_a_finding_is_one_that_its_status_lets_through() -> None:
    for row in CODES.values():
        technical = row.layer in (LayerName.INTAKE, LayerName.SCHEMA)
        status = CdvStatus.IRRECEVABLE if technical else CdvStatus.REJETEE
        assert row.motif is None or row.motif in STATUSES[status].motifs, row.code


def test_a_known_code_is_a_member_and_any_other_its_text() -> None:
    assert known(CdvStatus, "213") is CdvStatus.REJETEE
    assert known(CdvStatus, "299") == "299"


def test_a_member_is_equal_to_its_text() -> None:
    assert {"213": "found"}[CdvStatus.REJETEE] == "found"
