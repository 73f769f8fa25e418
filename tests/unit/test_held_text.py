"""Why a flow waits, in both languages, and the words around it."""

from dataclasses import replace
from enum import Enum

import pytest

from flux.cli import flow_words
from flux.cli.flow_words import say
from flux.cli.flows import SHOWN_INVOICES, _print_history
from flux.cli.held_text import NAMED_RECIPIENTS, why_it_waits
from flux.ledger.queries import DeliveryLine, FlowHistory, FlowLine
from flux.model.finding import LayerName, Severity
from flux.model.lifecycle import DeliveryState, FlowState
from flux.model.partner import Language
from flux.model.settlement import FlowCase, InvoiceId, Outcome, OutputKind
from flux.model.verdict import Judgment, Layer, LayerStatus, NotRunReason, Verdict
from tests.unit.replies.cases import BUYER, FLOW, judged, summary

FR, EN = Language.FR, Language.EN


def history(
    *judgments: Judgment, state: FlowState = FlowState.CLOSED, deliveries: tuple[DeliveryLine, ...] = ()
) -> FlowHistory:
    line = FlowLine(
        flow=FLOW, gateway="main", state=state, verdict=None, status=None, held_reason=None, invoice_count=len(judgments),
        held_forwards=0,
    )  # fmt: skip
    return FlowHistory(
        line=line, case=FlowCase(flow=FLOW, findings=(), judgments=judgments), deliveries=deliveries, events=()
    )


def held_forward(reason: str, *invoices: InvoiceId, kind: OutputKind = OutputKind.FORWARD) -> DeliveryLine:
    return DeliveryLine(
        id=7, flow_number=FLOW.number, kind=kind, partner=None, folder="", name="FSO", invoices=invoices, sha256=None,
        size_bytes=None, state=DeliveryState.HELD, tries=0, next_at=None, last_error=None, delivered_at=None,
        held_reason=reason,
    )  # fmt: skip


def not_judged(ordinal: int, reason: NotRunReason) -> Judgment:
    layer = Layer(name=LayerName.REGISTER, ruleset="directory", version="", status=LayerStatus.NOT_RUN, reason=reason)
    return replace(judged(ordinal), verdict=Verdict.NOT_JUDGED, layers=(layer,))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("state", [each for each in FlowState if each not in {FlowState.HELD, FlowState.QUARANTINED}])
def test_nothing_is_said_where_nothing_waits(state: FlowState, language: Language) -> None:
    assert list(why_it_waits(history(judged(0), state=state), language)) == []


@pytest.mark.parametrize(("language", "words"), [(EN, "the folder is no partner's"), (FR, "n'est à aucun partenaire")])
def test_a_quarantined_flow_is_nobody_s(language: Language, words: str) -> None:
    [line] = why_it_waits(history(state=FlowState.QUARANTINED), language)
    assert words in line
    assert f"flux flows close {FLOW.number} --reason" in line


@pytest.mark.parametrize(
    ("reason", "language", "words"),
    [
        (NotRunReason.REGISTER_ABSENT, EN, "did not run: register directory (register never imported), invoices concerned: 2"),
        (NotRunReason.REGISTER_ABSENT, FR, "non exécuté : register directory (référentiel jamais importé), factures concernées : 2"),
        (NotRunReason.REGISTER_STALE, EN, "did not run: register directory (register out of date), invoices concerned: 2"),
        (NotRunReason.REGISTER_STALE, FR, "non exécuté : register directory (référentiel périmé), factures concernées : 2"),
    ],
)  # fmt: skip
def test_a_held_flow_names_the_layer_that_did_not_run(reason: NotRunReason, language: Language, words: str) -> None:
    cause, to_do = why_it_waits(
        history(not_judged(0, reason), not_judged(1, reason), judged(2), state=FlowState.HELD), language
    )
    assert cause == words
    assert f"flux flows release {FLOW.number} --reason" in to_do


@pytest.mark.parametrize("reason", [NotRunReason.NOT_REQUESTED, NotRunReason.EARLIER_LAYER_FAILED])
def test_a_layer_that_nobody_asked_for_is_no_cause(reason: NotRunReason) -> None:
    assert len(list(why_it_waits(history(not_judged(0, reason), state=FlowState.HELD), EN))) == 1


@pytest.mark.parametrize("language", Language)
def test_every_reason_for_which_a_layer_waits_has_words(language: Language) -> None:
    faults = set(NotRunReason) - {NotRunReason.NOT_REQUESTED, NotRunReason.EARLIER_LAYER_FAILED}
    flow = history(*(not_judged(number, each) for number, each in enumerate(faults)), state=FlowState.HELD)
    assert len(list(why_it_waits(flow, language))) == len(faults) + 1


@pytest.mark.parametrize(
    ("language", "words"), [(EN, "delivery 7 is held (validator)"), (FR, "envoi 7 retenu (validator)")]
)
def test_a_forward_that_waits_says_what_lets_it_go(language: Language, words: str) -> None:
    [line] = why_it_waits(history(judged(0), deliveries=(held_forward("validator", (0, 0)),)), language)
    assert line.startswith(words)


def test_alerts_wait_with_their_forward_and_are_not_told() -> None:
    alerts = held_forward("validator", (0, 0), kind=OutputKind.ALERTS)
    assert list(why_it_waits(history(judged(0), deliveries=(alerts,)), EN)) == []


@pytest.mark.parametrize(("language", "more"), [(EN, "and 2 more recipients"), (FR, "et 2 autres destinataires")])
def test_recipients_without_a_route_are_named_up_to_ten(language: Language, more: str) -> None:
    several = range(NAMED_RECIPIENTS + 2)
    buyers = [replace(BUYER, identifier=f"{number:014d}") for number in several]
    invoices = [judged(number, invoice=summary(buyer=buyer)) for number, buyer in enumerate(buyers)]
    *named, last = why_it_waits(
        history(*invoices, deliveries=(held_forward("no_route", *((number, 0) for number in several)),)), language
    )
    assert [buyers[number].identifier in line for number, line in enumerate(named)] == [True] * NAMED_RECIPIENTS
    assert last == more


@pytest.mark.parametrize("words", [FlowState, DeliveryState, Verdict, Outcome, OutputKind, Severity])
def test_every_state_word_has_its_french(words: type[Enum]) -> None:
    assert all(say(each.value, FR) and say(each.value, EN) == each.value for each in words)


@pytest.mark.parametrize(
    ("count", "language", "cut"),
    [
        (SHOWN_INVOICES + 1, EN, "50 of 51 invoices shown; --json has them all"),
        (SHOWN_INVOICES + 1, FR, "50 factures montrées sur 51 ; --json les donne toutes"),
        (SHOWN_INVOICES, EN, ""),
    ],
)
def test_the_page_of_a_flow_shows_fifty_invoices(
    capsys: pytest.CaptureFixture[str], count: int, language: Language, cut: str
) -> None:
    _print_history(history(*map(judged, range(count))), language)
    page = capsys.readouterr().out
    assert page.count("F2026-") == SHOWN_INVOICES
    assert [line for line in page.splitlines() if "--json" in line] == ([cut] if cut else [])


def test_a_french_page_has_no_english_heading(capsys: pytest.CaptureFixture[str]) -> None:
    _print_history(history(judged(0), deliveries=(held_forward("validator", (0, 0)),)), FR)
    page = capsys.readouterr().out.lower()
    told = {word for word, french in flow_words._FRENCH.items() if word != french and len(word) > 5}
    assert {word for word in told if f"{word}  " in page} == set()
