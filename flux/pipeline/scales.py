"""From what a check saw to what it weighs: severity by family, environment and configuration, and who may be told."""

from collections.abc import Iterable, Iterator, Sequence

from flux.model.codes import CODES, severity_of
from flux.model.concealing import conceal
from flux.model.finding import Finding, LayerName, Observation, Severity
from flux.model.interface import Family
from flux.model.override import NONE_IN_FORCE, InForce
from flux.model.verdict import LayerStatus
from flux.pipeline.settings import JudgeSettings
from flux.pipeline.step import Step, layer_of, passed
from flux.pipeline.subject import Held


class Scales:
    """Weighs observations as an installation wants it."""

    def __init__(self, settings: JudgeSettings) -> None:
        self._settings = settings

    def check(
        self, name: LayerName, ruleset: str, version: str, observations: Sequence[Observation], held: Held
    ) -> Step:
        """The step of a check of the model, each observation with its place in the document."""
        if not observations:
            return passed(name, ruleset, version)
        located = held.locate(observations)
        return self.step(name, ruleset, version, located, held.family, overrides=held.document.overrides)

    def step(
        self,
        name: LayerName,
        ruleset: str,
        version: str,
        observations: Sequence[Observation],
        family: Family,
        *,
        overrides: InForce = NONE_IN_FORCE,
    ) -> Step:
        """The step of a check: its layer passed unless a finding is fatal."""
        if not observations:
            return passed(name, ruleset, version)
        weighed = self.weigh(observations, family, name, ruleset)
        findings = tuple(overrides[each.code].apply(each) if each.code in overrides else each for each in weighed)
        status = LayerStatus.FAILED if any(finding.is_fatal for finding in findings) else LayerStatus.PASSED
        return Step((layer_of(name, ruleset, version, status),), findings)

    def weigh(
        self,
        observations: Iterable[Observation],
        family: Family,
        layer: LayerName,
        ruleset: str,
    ) -> Iterator[Finding]:
        """Give each observation its weight and its audience, its accounts masked; what is switched off is dropped."""
        for observed in observations:
            severity = self._weigh(observed, family)
            if severity is Severity.OFF:
                continue
            seen = conceal(observed)
            yield Finding(
                code=seen.code,
                severity=severity,
                layer=layer,
                ruleset=ruleset,
                audience=CODES[seen.code].audience,
                term=seen.term,
                found=seen.found,
                expected=seen.expected,
                detail=seen.detail,
                line=seen.line,
                xpath=seen.xpath,
                facts=seen.facts,
            )

    def _weigh(self, seen: Observation, family: Family) -> Severity:
        """As the configuration wants, else as the publisher of the rule says, else as the table of codes does."""
        if seen.severity is not None and seen.code not in self._settings.severities:
            return seen.severity
        return severity_of(seen.code, family, self._settings.environment, self._settings.severities)
