"""The official engine as a second opinion: on a sample of the documents, or on all."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from flux.engine.official import Fired, NotJudged, OfficialEngine
from flux.engine.official_catalogue import find_stylesheet
from flux.model.finding import Observation, Severity
from flux.model.interface import Syntax
from flux.model.second_opinion import Decider, is_sampled
from flux.pipeline.second_opinion import Opinion


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialOpinion:
    """Asks the official engine. `sample` is "off", "always" or "sample 1%"; `folder` may hold further stylesheets."""

    sample: str
    decider: Decider
    folder: Path | None = None
    engine: OfficialEngine = field(default_factory=OfficialEngine)

    def ask(self, document: bytes, ruleset: str, syntax: Syntax) -> Opinion | None:
        """What the official rules say of a document; None out of the sample, and where no stylesheet has the rules."""
        if not is_sampled(hashlib.sha256(document).hexdigest(), self.sample):
            return None
        stylesheet = find_stylesheet(ruleset, syntax, self.folder)
        if stylesheet is None:
            return None
        verdict = self.engine.judge(document, stylesheet)
        if isinstance(verdict, NotJudged):
            return Opinion(failure=f"{verdict.reason.value}: {verdict.said}".strip(": "))
        return Opinion(observations=tuple(map(_observe, verdict.fired)))


def _observe(fired: Fired) -> Observation:
    return Observation(
        code=fired.code,
        detail=fired.detail or None,
        severity=Severity.FATAL if fired.is_fatal else Severity.WARNING,
        xpath=fired.location,
    )
