"""What we write against BR-FR-CDV, the official rules of life-cycle messages, run by their own engine."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flux.model.cdar import Cdar, CdvNote, LocalText
from flux.model.cdv_codes import CdvGuideline, CdvProcess, CdvStatus
from flux.model.cdv_motifs import MOTIFS
from flux.model.cdv_statuses import STATUSES
from flux.replies.cdar_message import write_cdar
from tests.official.cdv import cdv_rules
from tests.official.saxon import EngineGaveUp, OfficialRules
from tests.property.messages import codes, texts
from tests.unit.replies.cdar_cases import BUYER, CHORUS_PRO, PLATFORM, PUBLIC_PORTAL, SELLER, message, why

CORPUS = Path(__file__).resolve().parents[2] / ".." / "shared" / "corpus"
S = CdvStatus

# Those that a message between platforms gives of an invoice or of a flow; the others are the PPF's own.
BETWEEN_PLATFORMS = tuple(row.status for row in STATUSES.values() if row.phase is not None)
ALLOWED = [(status, motif) for status in BETWEEN_PLATFORMS for motif in STATUSES[status].motifs]
REFUSED_BY_CHORUS = (*STATUSES[S.REFUSEE].motifs, *STATUSES[S.REFUSEE].chorus_motifs)
NEEDS_MOTIF = [status for status in BETWEEN_PLATFORMS if STATUSES[status].needs_motif]


@pytest.fixture(scope="module")
def rules() -> Iterator[OfficialRules]:
    with cdv_rules() as official:
        yield official


@pytest.mark.parametrize("status", [status for status in BETWEEN_PLATFORMS if status not in NEEDS_MOTIF])
def test_a_status_without_a_motif_breaks_no_rule(rules: OfficialRules, status: CdvStatus) -> None:
    assert rules.fired(write_cdar(message(status))) == ()


@pytest.mark.parametrize(("status", "motif"), ALLOWED)
def test_every_motif_that_our_table_allows_breaks_no_rule(rules: OfficialRules, status: CdvStatus, motif: str) -> None:
    assert rules.fired(write_cdar(message(status, why(motif)))) == ()


@pytest.mark.parametrize("motif", REFUSED_BY_CHORUS)
def test_a_public_buyer_refuses_through_chorus_for_more_motifs(rules: OfficialRules, motif: str) -> None:
    assert rules.fired(write_cdar(message(S.REFUSEE, why(motif), sender=CHORUS_PRO))) == ()


def test_a_rejection_of_many_faults_breaks_no_rule(rules: OfficialRules) -> None:
    faults = (why(motif, order) for order, motif in enumerate(STATUSES[S.REJETEE].motifs, start=1))

    assert rules.fired(write_cdar(message(S.REJETEE, *faults))) == ()


@pytest.mark.parametrize("status", NEEDS_MOTIF)
def test_a_status_that_needs_a_motif_is_refused_without(rules: OfficialRules, status: CdvStatus) -> None:
    assert rules.fatal(write_cdar(message(status))) == {"BR-FR-CDV-15_MDT-113"}


@pytest.mark.parametrize("status", [status for status in BETWEEN_PLATFORMS if STATUSES[status].motifs])
def test_the_rules_let_through_the_motifs_of_our_table_and_no_other(rules: OfficialRules, status: CdvStatus) -> None:
    passing = {motif for motif in MOTIFS if not rules.fatal(write_cdar(message(status, why(motif))))}

    assert passing == set(STATUSES[status].motifs)


def test_through_chorus_the_rules_let_through_the_motifs_of_our_table_and_no_other(rules: OfficialRules) -> None:
    refused = {motif: write_cdar(message(S.REFUSEE, why(motif), sender=CHORUS_PRO)) for motif in MOTIFS}

    assert {motif for motif, written in refused.items() if not rules.fatal(written)} == set(REFUSED_BY_CHORUS)


@pytest.mark.parametrize(
    ("status", "motif"),
    [
        (S.REJETEE, "COORD_BANC_ERR"),  # a bank fault is no rejection of a platform
        (S.REJETEE, "SIRET_ERR"),  # the recipient's SIRET, for the buyer to say
        (S.REJETEE, "CMD_ERR"),
        (S.REJETEE, "DEST_ERR"),
        (S.IRRECEVABLE, "IRR_UNICITE"),  # of the PPF only
        (S.IRRECEVABLE, "IRR_EXTRAC"),
        (S.REFUSEE, "COORD_BANC_ERR"),  # of Chorus Pro only
    ],
)
def test_a_motif_of_another_status_is_refused_by_the_list_of_motifs(
    rules: OfficialRules, status: CdvStatus, motif: str
) -> None:
    refusing = rules.fatal(write_cdar(message(status, why(motif))))

    assert refusing
    assert all(rule.startswith("BR-FR-CDV-CL-09_MDT-113") for rule in refusing)


def test_the_buyers_contact_is_a_motif_that_the_rule_names_and_refuses(rules: OfficialRules) -> None:
    refused = write_cdar(message(S.REFUSEE, why("CONTACT_ACHTR"), sender=CHORUS_PRO))

    assert rules.fatal(refused) == {"BR-FR-CDV-CL-09_MDT-113_210B2G"}


def with_document(status: CdvStatus, /, **changes: object) -> Cdar:
    """A message whose one document differs in these fields."""
    lawful = message(status)
    (acknowledgement,) = lawful.acknowledgements
    document = replace(acknowledgement.documents[0], **changes)  # type: ignore[arg-type]  # fields by name
    return replace(lawful, acknowledgements=(replace(acknowledgement, documents=(document,)),))


BARE_SELLER = replace(SELLER, address=None)


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        (replace(message(S.RECUE), process=None), "BR-FR-CDV-CL-01_MDT-2"),
        # The test of the rule compares the whole context with every process but the first.
        (replace(message(S.RECUE), process=CdvProcess.NON_REGULATED), "BR-FR-CDV-CL-01_MDT-2"),
        (replace(message(S.RECUE), guideline=CdvGuideline.FLOW), "BR-FR-CDV-02_MDT-3"),
        (replace(message(S.RECUE), sender=SELLER), "BR-FR-CDV-CL-02_MDT-21_305"),
        (replace(message(S.REJETEE, why("DOUBLON")), issuer=BUYER), "BR-FR-CDV-CL-03_MDT-40_305"),
        (replace(message(S.SUSPENDUE, why("JUSTIF_ABS")), issuer=PLATFORM), "BR-FR-CDV-CL-03_MDT-40_23"),
        (replace(message(S.RECUE), recipients=(BARE_SELLER,)), "BR-FR-CDV-08_MDT-73"),
        (with_document(S.RECUE, issue_date=None), "BR-FR-CDV-11_MDG-35"),
        (with_document(S.RECEVABLE, issue_date=None), "BR-FR-CDV-11_MDG-35"),
        (with_document(S.RECUE, type_code="305"), "BR-FR-04_MDT-91"),
        (with_document(S.RECUE, document_status="46"), "BR-FR-CDV-CL-05_MDT-88_305"),
        (with_document(S.ENCAISSEE, details=()), "BR-FR-CDV-14_MDT-207"),
        (message(S.REJETEE, replace(why("DOUBLON"), sequence=None)), "BR-FR-CDV-16_MDT-124-2"),
        (message(S.REJETEE, replace(why("DOUBLON"), action="NEW")), "BR-FR-CDV-CL-10_MDT-121"),
    ],
)
def test_a_message_that_departs_from_the_conventions_is_refused(rules: OfficialRules, broken: Cdar, rule: str) -> None:
    assert rule in rules.fatal(write_cdar(broken))


def test_a_refused_flow_needs_neither_date_nor_seller_nor_type(rules: OfficialRules) -> None:
    refused = message(S.IRRECEVABLE, why("IRR_SYNTAX"))
    (document,) = refused.documents

    assert (document.issue_date, document.seller, document.type_code) == (None, None, None)
    assert rules.fired(write_cdar(refused)) == ()


def test_towards_the_ppf_a_message_has_its_profile_and_no_process(rules: OfficialRules) -> None:
    deposited = replace(message(S.DEPOSEE), process=None, guideline=CdvGuideline.F2, recipients=(PUBLIC_PORTAL,))

    assert rules.fired(write_cdar(deposited)) == ()
    assert rules.fatal(write_cdar(replace(deposited, recipients=(PLATFORM,)))) >= {"BR-FR-CDV-02_MDT-3"}


def test_a_status_outside_the_list_is_a_warning(rules: OfficialRules) -> None:
    (fired,) = rules.fired(write_cdar(with_document(S.RECUE, status="299")))

    assert (fired.id, fired.flag) == ("BR-FR-CDV-CL-06_MDT-105", "warning")


@given(text=texts(300), number=codes(100).filter(bool), sequence=st.integers(min_value=1, max_value=999))
@settings(deadline=None, max_examples=60)
@example(text="", number="F2026/0117 é 'x'", sequence=1)
def test_no_rule_stumbles_over_what_people_write(rules: OfficialRules, text: str, number: str, sequence: int) -> None:
    remark = CdvNote(code="BR-CO-15", content=(LocalText(text=text),), subject=text[:200])
    detail = replace(why("CALCUL_ERR", sequence), motif_labels=(LocalText(text=text),), notes=(remark,))
    rejected = with_document(S.REJETEE, identifier=number, details=(detail,))

    assert rules.fired(write_cdar(rejected)) == ()


def test_what_aborts_the_engine_is_no_verdict_and_the_next_message_is_judged(rules: OfficialRules) -> None:
    with pytest.raises(EngineGaveUp):
        rules.fired(b"<rsm:not-xml")
    assert rules.fired(write_cdar(message(S.RECUE))) == ()


def life_cycle_messages() -> list[dict[str, Any]]:
    path = CORPUS / "manifest.jsonl"
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines()) if path.is_file() else ()
    return [row for row in rows if row["syntax"] == "UN/CEFACT CDAR (life cycle)"]


def verdict_in(row: dict[str, Any]) -> set[str]:
    """The fatal rules that the manifest states, of the version that the package ships where it states several."""
    versions = row.get("rules_fr_by_version")
    return set(versions["1.4.0"]["err"]) if versions else {each["id"] for each in row["rules"]["fired"]}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the reference corpus is not on this machine")
def test_the_rules_give_the_corpus_its_known_verdicts(rules: OfficialRules) -> None:
    rows = life_cycle_messages()
    fired = {row["file"]: rules.fatal((CORPUS / row["file"]).read_bytes()) for row in rows}

    assert len(rows) == 60
    assert fired == {row["file"]: verdict_in(row) for row in rows}
