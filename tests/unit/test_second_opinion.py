"""The official engine beside ours: who decides, what operators are told, what a failure of it does."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from flux.app.workshop import build_judge
from flux.demo.afnor_samples import AFNOR_SAMPLE, write_afnor_ubl
from flux.model.finding import Audience, LayerName, Observation, Severity
from flux.model.interface import INTERFACES, Deposit, Syntax
from flux.model.second_opinion import Decider
from flux.model.verdict import Judgment, LayerStatus, NotRunReason, Verdict
from flux.pipeline import JudgeSettings, Member
from flux.pipeline.second_opinion import Opinion
from tests.official.ours import CONTEXT

OTHER = Observation(code="BR-02", severity=Severity.FATAL, xpath="/Invoice")


@dataclass
class Answering:
    """An engine that says what it is told to say."""

    opinion: Opinion | None
    decider: Decider = Decider.FLUX
    asked: list[str] = field(default_factory=list)

    def ask(self, document: bytes, ruleset: str, syntax: Syntax) -> Opinion | None:
        self.asked.append(ruleset)
        return self.opinion


def judge(second: Answering) -> Judgment:
    judged = build_judge(JudgeSettings(layers=frozenset({LayerName.RULES})), second=second)
    member = Member(
        ordinal=0,
        name=None,
        data=write_afnor_ubl(AFNOR_SAMPLE),
        deposit=Deposit(interface=INTERFACES["FSO1150A"]),
        alone=True,
    )
    (judgment,) = judged.judge(member, CONTEXT.today)
    return judgment


def told(judgment: Judgment) -> Sequence[str]:
    return [finding.code for finding in judgment.findings]


def test_two_engines_that_agree_say_nothing_of_it() -> None:
    judgment = judge(Answering(Opinion()))
    assert judgment.verdict is Verdict.ACCEPTED
    assert told(judgment) == []


def test_each_official_set_of_the_invoice_is_asked_for() -> None:
    second = Answering(None)
    judge(second)
    assert second.asked[:2] == ["extended-ctc-fr", "br-fr"]


@pytest.mark.parametrize(
    ("decider", "verdict"), [(Decider.FLUX, Verdict.ACCEPTED), (Decider.OFFICIAL, Verdict.REJECTED)]
)
def test_the_configuration_says_whose_word_counts(decider: Decider, verdict: Verdict) -> None:
    assert judge(Answering(Opinion(observations=(OTHER,)), decider)).verdict is verdict


def test_a_disagreement_is_told_to_operators_alone() -> None:
    judgment = judge(Answering(Opinion(observations=(OTHER, OTHER))))
    remark = next(finding for finding in judgment.findings if finding.code == "OFFICIAL_DISAGREES")
    assert (remark.found, remark.expected, remark.severity) == ("–", "BR-02 ×2", Severity.INFO)
    assert remark.audience == (Audience.OPERATORS,)


def test_a_failure_of_the_one_that_does_not_decide_changes_no_verdict() -> None:
    judgment = judge(Answering(Opinion(failure="timed_out")))
    assert judgment.verdict is Verdict.ACCEPTED
    assert set(told(judgment)) == {"OFFICIAL_FAILED"}


def test_a_failure_of_the_one_that_decides_judges_nothing() -> None:
    judgment = judge(Answering(Opinion(failure="timed_out"), Decider.OFFICIAL))
    layers = [layer for layer in judgment.layers if layer.name is LayerName.RULES and layer.ruleset == "br-fr"]
    assert [(layer.status, layer.reason) for layer in layers] == [(LayerStatus.NOT_RUN, NotRunReason.ENGINE_FAILED)]
    assert judgment.verdict is Verdict.NOT_JUDGED
