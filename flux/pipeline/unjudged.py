"""The judgment of what our own engine failed over: never a word on the invoice."""

from flux.model.codes import CODES
from flux.model.finding import Finding, LayerName
from flux.model.interface import Deposit, family_of
from flux.model.masking import mask_accounts
from flux.model.verdict import Judgment, LayerStatus, NotRunReason, Verdict
from flux.pipeline.step import layer_of

_SKIPPED = (LayerName.SCHEMA, LayerName.RULES, LayerName.IDENTITY, LayerName.REGISTER)


def leave_unjudged(ordinal: int, name: str | None, deposit: Deposit, *, cause: str, unit: int = 0) -> Judgment:
    """The judgment of a member over which our own engine failed: no verdict on the invoice."""
    row = CODES["ENGINE_FAILED"]
    failure = Finding(
        code=row.code,
        severity=row.legacy,
        layer=row.layer,
        ruleset=LayerName.INTAKE.value,
        audience=row.audience,
        detail=mask_accounts(cause),
    )
    return Judgment(
        ordinal=ordinal,
        unit=unit,
        member=name,
        sha256="",
        size_bytes=0,
        syntax=None,
        profile=None,
        interface=deposit.interface.code if deposit.interface else None,
        family=family_of(deposit.interface, ""),
        summary=None,
        verdict=Verdict.NOT_JUDGED,
        layers=tuple(layer_of(each, "", "", LayerStatus.NOT_RUN, NotRunReason.ENGINE_FAILED) for each in _SKIPPED),
        findings=(failure,),
    )
