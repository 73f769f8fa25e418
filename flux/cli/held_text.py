"""Why a flow, or what it forwards, waits for a person, and what that person can do."""

from collections import Counter
from collections.abc import Iterator, Sequence

from flux.app.operations import DeliveryLine, FlowHistory
from flux.model.lifecycle import DeliveryState, FlowState
from flux.model.partner import Language
from flux.model.settlement import OutputKind
from flux.model.verdict import Judgment, LayerStatus, NotRunReason, Verdict

# Recipients named one by one; beyond, their number is enough.
NAMED_RECIPIENTS = 10

_NO_ROUTE = "no_route"
# These follow from what was asked or from a refusal: nothing is to be mended.
_NO_FAULT = {NotRunReason.NOT_REQUESTED, NotRunReason.EARLIER_LAYER_FAILED}
_REASONS = {
    Language.FR: {
        NotRunReason.NOT_AVAILABLE: "absent de cette version",
        NotRunReason.REGISTER_ABSENT: "référentiel jamais importé",
        NotRunReason.REGISTER_STALE: "référentiel périmé",
        NotRunReason.ENGINE_FAILED: "le moteur a échoué",
    },
    Language.EN: {
        NotRunReason.NOT_AVAILABLE: "not held by this version",
        NotRunReason.REGISTER_ABSENT: "register never imported",
        NotRunReason.REGISTER_STALE: "register out of date",
        NotRunReason.ENGINE_FAILED: "the engine failed",
    },
}
_NOT_RUN = {
    Language.FR: "non exécuté : {layer} {ruleset} ({reason}), factures concernées : {count}",
    Language.EN: "did not run: {layer} {ruleset} ({reason}), invoices concerned: {count}",
}
_HELD = {
    Language.FR: 'à faire : corriger la cause (`flux doctor`), puis `flux flows release {number} --reason "..."` : '
    "le flux est jugé de nouveau",
    Language.EN: 'to do: mend the cause (`flux doctor`), then `flux flows release {number} --reason "..."`: '
    "the flow is judged again",
}
_QUARANTINED = {
    Language.FR: "à faire : le dossier n'est à aucun partenaire ; ajouter le partenaire et faire renvoyer le fichier, puis "
    '`flux flows close {number} --reason "..."`',
    Language.EN: "to do: the folder is no partner's; add the partner and have the file sent again, then "
    '`flux flows close {number} --reason "..."`',
}
_ROUTE = {
    Language.FR: "aucun destinataire configuré pour {recipient} : l'ajouter aux `sirets` d'un `[partners.NOM]` de rôle "
    '"entity", redémarrer, puis `flux flows release {number} --reason "..."`',
    Language.EN: "no recipient configured for {recipient}: add it to the `sirets` of a `[partners.NAME]` with role "
    '"entity", restart, then `flux flows release {number} --reason "..."`',
}
_MORE = {Language.FR: "et {count} autres destinataires", Language.EN: "and {count} more recipients"}
_WAITS = {
    Language.FR: 'envoi {id} retenu ({reason}) : quand il peut partir, `flux flows release {number} --reason "..."`',
    Language.EN: 'delivery {id} is held ({reason}): when it may go, `flux flows release {number} --reason "..."`',
}


def why_it_waits(history: FlowHistory, language: Language) -> Iterator[str]:
    """One line for each cause and each thing to do; none where nothing waits for a person."""
    number = history.line.flow.number
    if history.line.state is FlowState.HELD:
        yield from _layers_not_run(history.case.judgments, language)
        yield _HELD[language].format(number=number)
    if history.line.state is FlowState.QUARANTINED:
        yield _QUARANTINED[language].format(number=number)
    held = [each for each in history.deliveries if _is_held_forward(each)]
    yield from _routes_missing(history, [each for each in held if each.held_reason == _NO_ROUTE], language)
    for each in held:
        if each.held_reason != _NO_ROUTE:
            yield _WAITS[language].format(id=each.id, reason=each.held_reason, number=number)


def _is_held_forward(line: DeliveryLine) -> bool:
    return line.state is DeliveryState.HELD and line.kind is not OutputKind.ALERTS


def _layers_not_run(judgments: Sequence[Judgment], language: Language) -> Iterator[str]:
    """What kept invoices from being judged, the most frequent first."""
    counted = Counter(
        (layer.name, layer.ruleset, layer.reason)
        for judgment in judgments
        if judgment.verdict is Verdict.NOT_JUDGED
        for layer in judgment.layers
        if layer.status is LayerStatus.NOT_RUN and layer.reason is not None and layer.reason not in _NO_FAULT
    )
    for (name, ruleset, reason), count in counted.most_common():
        told = _REASONS[language][reason]
        yield _NOT_RUN[language].format(layer=name.value, ruleset=ruleset, reason=told, count=count)


def _routes_missing(history: FlowHistory, held: Sequence[DeliveryLine], language: Language) -> Iterator[str]:
    invoices = {invoice for line in held for invoice in line.invoices}
    recipients = list(
        dict.fromkeys(
            f"{judgment.summary.buyer.identifier} ({judgment.summary.buyer.name})"
            for judgment in history.case.judgments
            if judgment.summary is not None and (judgment.ordinal, judgment.unit) in invoices
        )
    )
    for recipient in recipients[:NAMED_RECIPIENTS]:
        yield _ROUTE[language].format(recipient=recipient, number=history.line.flow.number)
    if len(recipients) > NAMED_RECIPIENTS:
        yield _MORE[language].format(count=len(recipients) - NAMED_RECIPIENTS)
