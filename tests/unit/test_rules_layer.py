"""The rules layer in the treatment of an invoice: which sets ran, what is told once, what an installation weighs otherwise."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from flux.app.workshop import build_judge
from flux.cli.judgment_json import to_json
from flux.demo.afnor_samples import write_afnor_ubl
from flux.demo.samples import Sample, write_ubl
from flux.model.finding import Audience, Finding, LayerName, Severity
from flux.model.interface import INTERFACES, Deposit
from flux.model.override import Override, Overrides
from flux.model.partner import Language
from flux.model.verdict import Judgment, LayerStatus
from flux.model.words import describe
from flux.pipeline import Judge, JudgeSettings, Member
from flux.pipeline.step import Step, tell_once
from tests.fakes.register import FakeRegister
from tests.unit.rules.register_cases import DEMANDS_SERVICE, SUPPLIER

TODAY = date(2026, 11, 23)
REQUIRED = JudgeSettings(layers=frozenset({LayerName.RULES}))
EN16931 = "urn:cen.eu:en16931:2017"


@cache
def shared_judge() -> Judge:
    """Compiled schemas are dear: one judge lends them to all."""
    return build_judge(REQUIRED)


def judge(
    data: bytes,
    *,
    interface: str = "FSO1150A",
    settings: JudgeSettings = REQUIRED,
    register: FakeRegister | None = None,
    partner: str = "",
) -> Judgment:
    lender = shared_judge()
    subject = Judge(settings=settings, reader=lender._reader, schemas=lender._schemas, register=register)
    deposit = Deposit(interface=INTERFACES[interface])
    member = Member(ordinal=0, name=None, data=data, deposit=deposit, alone=True, partner=partner)
    (judgment,) = subject.judge(member, TODAY)
    return judgment


def sets_of(judgment: Judgment) -> Mapping[str, str]:
    """What became of each set."""
    return {
        layer.ruleset: layer.reason.value if layer.reason else layer.status.value
        for layer in judgment.layers
        if layer.name is LayerName.RULES and layer.ruleset != "attachments"
    }


def codes(judgment: Judgment, layer: LayerName | None = None) -> list[str]:
    return [each.code for each in judgment.findings if layer in (None, each.layer)]


LONG_ORDER = write_afnor_ubl(replace(Sample(), numero_engagement="x" * 51))
NO_BUYER_SIRET = write_afnor_ubl().replace(b'schemeID="0009">11000201100044', b'schemeID="0088">11000201100044')


def test_a_public_invoice_of_the_reform_names_every_set_that_applies() -> None:
    assert list(sets_of(judge(write_afnor_ubl()))) == ["extended-ctc-fr", "br-fr", "br-fr-cpro"]
    assert sets_of(judge(write_afnor_ubl()))["br-fr-cpro"] == "passed"


def test_a_legacy_invoice_is_judged_by_the_rules_of_chorus() -> None:
    good = judge(write_ubl(Sample()), interface="FSO1100A")
    assert (sets_of(good), codes(good, LayerName.RULES)) == ({"chorus": "passed"}, [])
    bad = judge(write_ubl(Sample(number="F 1")), interface="FSO1100A")
    assert (sets_of(bad), codes(bad, LayerName.RULES)) == ({"chorus": "failed"}, ["CHORUS_NUMBER"])


def test_without_a_request_no_rule_runs_and_it_is_said() -> None:
    judgment = judge(LONG_ORDER, settings=JudgeSettings(layers=frozenset({LayerName.IDENTITY})))
    assert sets_of(judgment) == {"": "not_requested"}


def test_an_unknown_profile_is_refused_by_name() -> None:
    judgment = judge(write_afnor_ubl(profile="urn:example:mine"))
    assert sets_of(judgment) == {"profile": "failed"}
    (finding,) = (each for each in judgment.findings if each.layer is LayerName.RULES)
    assert (finding.code, finding.severity, finding.found) == ("PROFILE_UNKNOWN", Severity.FATAL, "urn:example:mine")
    assert finding.line is not None


def test_a_recipient_without_siret_is_told_once() -> None:
    judgment = judge(NO_BUYER_SIRET, register=FakeRegister.of(SUPPLIER))
    assert [each.layer for each in judgment.findings if each.code == "BR-FR-CPRO-10"] == [LayerName.RULES]


def test_where_rules_do_not_run_the_register_tells_it() -> None:
    settings = JudgeSettings(layers=frozenset({LayerName.REGISTER}))
    judgment = judge(NO_BUYER_SIRET, register=FakeRegister.of(SUPPLIER), settings=settings)
    assert [each.layer for each in judgment.findings if each.code == "BR-FR-CPRO-10"] == [LayerName.REGISTER]


def test_what_the_directory_demands_is_not_run_without_a_register() -> None:
    (layer,) = (each for each in judge(write_afnor_ubl()).layers if each.name is LayerName.REGISTER)
    assert (layer.status, layer.reason and layer.reason.value) == (LayerStatus.NOT_RUN, "register_absent")


def test_a_demand_of_the_directory_bears_the_official_id() -> None:
    data = write_afnor_ubl(replace(Sample(), code_service="NOWHERE"))
    judgment = judge(data, register=FakeRegister.of(SUPPLIER, DEMANDS_SERVICE))
    (finding,) = (each for each in judgment.findings if each.code == "BR-FR-CPRO-11")
    assert (finding.layer, finding.detail, finding.found) == (LayerName.REGISTER, "SERVICE_UNKNOWN", "NOWHERE")
    assert "n'est le code d'aucun" in describe(finding, Language.FR).message


def weighing(severity: Severity, *, until: date = date(2027, 1, 31), partner: str = "") -> JudgeSettings:
    override = Override(
        rule="BR-FR-CPRO-15", severity=severity, reason="until the release", until=until, partner=partner
    )
    return replace(REQUIRED, overrides=Overrides(entries=(override,)))


def long_order(settings: JudgeSettings, partner: str = "acme") -> tuple[Judgment, Severity]:
    judgment = judge(LONG_ORDER, settings=settings, partner=partner)
    (finding,) = (each for each in judgment.findings if each.code == "BR-FR-CPRO-15")
    return judgment, finding.severity


@pytest.mark.parametrize(
    ("settings", "severity"),
    [
        (REQUIRED, Severity.FATAL),
        (weighing(Severity.WARNING), Severity.WARNING),
        (weighing(Severity.OFF), Severity.INFO),
        (weighing(Severity.WARNING, partner="acme"), Severity.WARNING),
        (weighing(Severity.WARNING, partner="beta"), Severity.FATAL),
        (weighing(Severity.WARNING, until=TODAY), Severity.WARNING),
        (weighing(Severity.WARNING, until=date(2026, 11, 22)), Severity.FATAL),
    ],
)
def test_an_override_weighs_a_rule_until_its_day_for_its_partner(settings: JudgeSettings, severity: Severity) -> None:
    judgment, weight = long_order(settings)
    assert weight is severity
    assert sets_of(judgment)["br-fr-cpro"] == ("failed" if severity is Severity.FATAL else "passed")


def test_an_overridden_finding_says_why_and_until_when() -> None:
    judgment, _ = long_order(weighing(Severity.WARNING))
    (told,) = (each for each in to_json("f.xml", judgment)["findings"] if each["code"] == "BR-FR-CPRO-15")  # type: ignore[attr-defined]  # the JSON that everyone reads
    assert told["overridden"] == {"reason": "until the release", "until": "2027-01-31"}
    assert "2027-01-31 : until the release" in told["message"]


def test_what_nobody_overrode_says_nothing_of_it() -> None:
    judgment, _ = long_order(REQUIRED)
    assert [each for each in to_json("f.xml", judgment)["findings"] if "overridden" in each] == []  # type: ignore[attr-defined]  # the same


def test_what_is_switched_off_informs_operators_only() -> None:
    judgment, _ = long_order(weighing(Severity.OFF))
    (finding,) = (each for each in judgment.findings if each.code == "BR-FR-CPRO-15")
    assert finding.audience == (Audience.OPERATORS,)


def test_what_an_official_rule_says_is_not_said_again_by_ours() -> None:
    foreign = write_afnor_ubl().replace(b'schemeID="0009">73282932000074', b'schemeID="0228">123')
    settings = replace(REQUIRED, layers=frozenset({LayerName.RULES, LayerName.IDENTITY}))
    ours = replace(REQUIRED, layers=frozenset({LayerName.IDENTITY}))
    both = [each.code for each in judge(foreign, settings=settings).findings]
    assert ("BR-FR-CPRO-06" in both, "SUPPLIER_ID_FORM" in both) == (True, False)
    assert "SUPPLIER_ID_FORM" in codes(judge(foreign, settings=ours))


def test_a_long_name_of_an_attachment_is_told_once() -> None:
    name = f"{'x' * 50}.pdf"
    attachment = (
        "<cac:AdditionalDocumentReference><cbc:ID>A1</cbc:ID><cac:Attachment><cbc:EmbeddedDocumentBinaryObject"
        f' mimeCode="application/pdf" filename="{name}">JVBERi0xLjQ=</cbc:EmbeddedDocumentBinaryObject>'
        "</cac:Attachment></cac:AdditionalDocumentReference>"
    )
    data = write_afnor_ubl().replace(
        b"<cac:AccountingSupplierParty>", attachment.encode() + b"<cac:AccountingSupplierParty>"
    )
    asked = codes(judge(data))
    assert ("BR-FR-CPRO-41" in asked, "ATTACHMENT_NAME_LONG" in asked) == (True, False)
    assert "ATTACHMENT_NAME_LONG" in codes(judge(data, settings=replace(REQUIRED, layers=frozenset())))


OURS_FATAL = Finding(
    code="SIRET_FORM",
    severity=Severity.FATAL,
    layer=LayerName.IDENTITY,
    ruleset="identity",
    audience=(Audience.SENDER,),
    detail="BR-FR-09",
)
OFFICIAL_FATAL = replace(OURS_FATAL, code="BR-FR-09", layer=LayerName.RULES, detail=None)
OFFICIAL_WARNING = replace(OFFICIAL_FATAL, severity=Severity.WARNING)
LOWERED = Override(rule="BR-FR-09", severity=Severity.WARNING, reason="release", until=TODAY).apply(OFFICIAL_FATAL)


@pytest.mark.parametrize(
    ("ours", "official", "is_kept"),
    [
        (OURS_FATAL, OFFICIAL_FATAL, False),
        (OURS_FATAL, LOWERED, False),
        (OURS_FATAL, OFFICIAL_WARNING, True),
        (replace(OURS_FATAL, severity=Severity.WARNING), OFFICIAL_WARNING, False),
        (replace(OURS_FATAL, detail=None), OFFICIAL_FATAL, True),
        (replace(OURS_FATAL, code="BR-FR-09", detail=None), OFFICIAL_FATAL, False),
    ],
)
def test_what_refuses_gives_way_only_to_what_refuses_or_was_weighed_on_purpose(
    ours: Finding, official: Finding, *, is_kept: bool
) -> None:
    assert bool(tell_once(Step((), (ours,)), [official]).findings) is is_kept
