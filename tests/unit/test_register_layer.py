"""The register layer in the treatment of an invoice: which source ran, what it means for the verdict, what is remembered."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from flux.app.workshop import build_judge
from flux.demo.samples import SUPPLIER_IBAN, Sample, write_ubl
from flux.model.account_hash import hash_account
from flux.model.finding import Audience, LayerName, Severity
from flux.model.interface import INTERFACES, Deposit
from flux.model.register import RegisterSource, SourceState, Structure
from flux.model.verdict import Judgment, Verdict
from flux.pipeline import Judge, JudgeSettings, Member
from flux.rules.register_account import unify
from tests.fakes.register import ALL_SOURCES, FakeRegister, source
from tests.unit.rules.register_cases import DEMANDS_ENGAGEMENT, ENTITY, SUPPLIER, UNTIL_SUMMER, declared, siret_id

TODAY = date(2026, 11, 23)
SUPPLIERS, DIRECTORY, SIRENE = RegisterSource.SUPPLIERS, RegisterSource.DIRECTORY, RegisterSource.SIRENE
REQUIRED = JudgeSettings(layers=frozenset({LayerName.SCHEMA, LayerName.IDENTITY, LayerName.REGISTER}))
SHEET = replace(SUPPLIER, accounts=(declared(SUPPLIER_IBAN),))
WRONG_KEY = "73282932000075"
PASSED = {"suppliers": "passed", "directory": "passed", "sirene": "passed"}


@cache
def shared_judge() -> Judge:
    """Compiled schemas are dear: one judge lends them to all."""
    return build_judge(REQUIRED)


def judge(
    register: FakeRegister | None,
    sample: Sample | None = None,
    *,
    settings: JudgeSettings = REQUIRED,
    key: bytes | None = None,
    sirets: frozenset[str] = frozenset(),
) -> Judgment:
    lender = shared_judge()
    subject = Judge(
        settings=settings, reader=lender._reader, schemas=lender._schemas, register=register, account_key=key
    )
    member = Member(
        ordinal=0,
        name=None,
        data=write_ubl(sample or Sample(line_count=1)),
        deposit=Deposit(interface=INTERFACES["FSO1100A"]),
        alone=True,
        sender_sirets=sirets,
    )
    (judgment,) = subject.judge(member, TODAY)
    return judgment


def register_layers(judgment: Judgment) -> Mapping[str, str]:
    """What became of each source: its status, or why it was not asked."""
    return {
        layer.ruleset: layer.reason.value if layer.reason else layer.status.value
        for layer in judgment.layers
        if layer.name is LayerName.REGISTER
    }


def codes(judgment: Judgment) -> list[str]:
    return [finding.code for finding in judgment.findings]


def test_a_good_invoice_passes_every_source_in_its_version() -> None:
    judgment = judge(FakeRegister.of(SHEET, ENTITY))
    assert (judgment.verdict, codes(judgment), register_layers(judgment)) == (Verdict.ACCEPTED, [], PASSED)
    versions = {layer.version for layer in judgment.layers if layer.name is LayerName.REGISTER}
    assert versions == {"suppliers-1", "directory-1", "sirene-1"}


@pytest.mark.parametrize("register", [None, FakeRegister(states=())], ids=["none", "nothing imported"])
def test_without_a_register_the_layer_is_said_to_be_absent(register: FakeRegister | None) -> None:
    judgment = judge(register)
    assert (judgment.verdict, register_layers(judgment)) == (Verdict.NOT_JUDGED, {"": "register_absent"})


@pytest.mark.parametrize(
    ("states", "verdict", "layers"),
    [
        (ALL_SOURCES, Verdict.ACCEPTED, {}),
        ((source(SUPPLIERS),), Verdict.NOT_JUDGED, {"directory": "register_absent", "sirene": "register_absent"}),
        (
            (source(SUPPLIERS), source(DIRECTORY, is_stale=True)),
            Verdict.NOT_JUDGED,
            {"directory": "register_stale", "sirene": "register_absent"},
        ),
        (
            (source(SUPPLIERS, is_stale=True), source(DIRECTORY), source(SIRENE)),
            Verdict.NOT_JUDGED,
            {"suppliers": "register_stale"},
        ),
        # SIRENE only explains
        ((source(SUPPLIERS), source(DIRECTORY)), Verdict.ACCEPTED, {"sirene": "register_absent"}),
        (
            (source(SUPPLIERS), source(DIRECTORY), source(SIRENE, is_stale=True)),
            Verdict.ACCEPTED,
            {"sirene": "register_stale"},
        ),
    ],
)
def test_a_source_that_is_absent_or_stale_is_never_valid(
    states: tuple[SourceState, ...], verdict: Verdict, layers: Mapping[str, str]
) -> None:
    judgment = judge(FakeRegister.of(SHEET, ENTITY, states=states))
    assert (judgment.verdict, register_layers(judgment)) == (verdict, {**PASSED, **layers})


def test_where_the_layer_is_not_required_what_can_run_runs() -> None:
    register = FakeRegister.of(SHEET, states=(source(SUPPLIERS),))
    judgment = judge(register, settings=JudgeSettings())
    assert judgment.verdict is Verdict.ACCEPTED
    assert register_layers(judgment)["suppliers"] == "passed"


@pytest.mark.parametrize(
    ("structures", "verdict", "found"),
    [
        ((SHEET, ENTITY), Verdict.ACCEPTED, []),
        ((ENTITY,), Verdict.REJECTED, ["SIRET_UNKNOWN"]),
        ((SHEET,), Verdict.REJECTED, ["RECIPIENT_UNKNOWN"]),
        ((), Verdict.REJECTED, ["SIRET_UNKNOWN", "RECIPIENT_UNKNOWN"]),
        ((replace(SHEET, active=UNTIL_SUMMER), ENTITY), Verdict.REJECTED, ["SIRET_CLOSED"]),
        ((replace(SHEET, accounts=()), ENTITY), Verdict.ACCEPTED, ["IBAN_NOT_DECLARED"]),
    ],
)
def test_what_the_register_says_decides(structures: tuple[Structure, ...], verdict: Verdict, found: list[str]) -> None:
    judgment = judge(FakeRegister.of(*structures))
    assert (judgment.verdict, codes(judgment)) == (verdict, found)


def test_a_finding_tells_its_line_and_xpath() -> None:
    judgment = judge(FakeRegister.of(ENTITY))
    assert judgment.findings[0].line is not None
    assert "AccountingSupplierParty" in (judgment.findings[0].xpath or "")


def test_a_wrong_key_that_the_register_does_not_know_is_told_once() -> None:
    judgment = judge(FakeRegister.of(ENTITY), Sample(supplier_siret=WRONG_KEY, line_count=1))
    assert codes(judgment) == ["SIRET_CHECKSUM"]
    assert register_layers(judgment)["suppliers"] == "earlier_layer_failed"


def test_a_wrong_key_that_the_register_knows_is_accepted() -> None:
    known = replace(SHEET, id=siret_id(WRONG_KEY))
    judgment = judge(FakeRegister.of(known, ENTITY), Sample(supplier_siret=WRONG_KEY, line_count=1))
    assert (judgment.verdict, codes(judgment)) == (Verdict.ACCEPTED, ["SIRET_CHECKSUM_KNOWN"])


def test_a_fault_of_the_supplier_does_not_hide_those_of_the_recipient() -> None:
    sample = Sample(supplier_siret=WRONG_KEY, numero_engagement="", line_count=1)
    judgment = judge(FakeRegister.of(DEMANDS_ENGAGEMENT), sample)
    assert codes(judgment) == ["SIRET_CHECKSUM", "ENGAGEMENT_MISSING"]


def test_a_register_that_fails_rejects_nothing_and_is_told_to_operators() -> None:
    register = FakeRegister(fails=True)
    judgment = judge(register)
    assert (judgment.verdict, register_layers(judgment)) == (Verdict.NOT_JUDGED, {"": "engine_failed"})
    (failure,) = judgment.findings
    assert (failure.code, failure.detail, failure.audience) == (
        "ENGINE_FAILED",
        "the register cannot be read",
        (Audience.OPERATORS,),
    )
    assert judge(register, settings=JudgeSettings()).verdict is Verdict.ACCEPTED


def test_an_invoice_that_its_schema_refuses_is_not_looked_up() -> None:
    register = FakeRegister.of(SHEET, ENTITY)
    judgment = judge(register, Sample(vat_total="2400,00", line_count=1))
    assert (register_layers(judgment), register.asked) == ({"": "earlier_layer_failed"}, [])


def test_the_configuration_weighs_the_findings_of_the_register() -> None:
    settings = replace(REQUIRED, severities={"IBAN_NOT_DECLARED": Severity.FATAL, "RECIPIENT_UNKNOWN": Severity.OFF})
    judgment = judge(FakeRegister.of(replace(SHEET, accounts=())), settings=settings)
    assert [(each.code, each.is_fatal) for each in judgment.findings] == [("IBAN_NOT_DECLARED", True)]


def test_who_may_not_deposit_for_a_supplier_learns_nothing_of_it() -> None:
    for register in (FakeRegister.of(replace(SHEET, accounts=()), ENTITY), FakeRegister.of(ENTITY)):
        judgment = judge(register, sirets=frozenset({"35600000000048"}))
        assert (judgment.verdict, codes(judgment)) == (Verdict.REJECTED, ["SENDER_NOT_ENTITLED"])
        assert register_layers(judgment)["mandates"] == "failed"
        assert register_layers(judgment)["suppliers"] == "earlier_layer_failed"


def test_a_mandate_is_checked_without_any_register() -> None:
    judgment = judge(None, settings=JudgeSettings(), sirets=frozenset({"35600000000048"}))
    assert codes(judgment) == ["SENDER_NOT_ENTITLED"]
    entitled = judge(None, settings=JudgeSettings(), sirets=frozenset({"73282932000074"}))
    assert (codes(entitled), register_layers(entitled)["mandates"]) == ([], "passed")


def test_accounts_are_remembered_where_there_is_a_key() -> None:
    register = FakeRegister.of(SHEET, ENTITY)
    remembered, forgotten = judge(register, key=b"key").summary, judge(register).summary
    assert remembered is not None
    assert forgotten is not None
    assert (remembered.accounts, forgotten.accounts) == ((hash_account(b"key", unify(SUPPLIER_IBAN)),), ())
