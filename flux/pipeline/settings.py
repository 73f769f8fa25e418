"""What a judge is made with: the settings of the installation, and where schemas come from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from flux.formats.schema import CompiledSchema
from flux.model.finding import LayerName, Severity
from flux.model.limits import Limits
from flux.model.override import NO_OVERRIDES, Overrides
from flux.model.partner import Environment
from flux.model.readings import USUAL, Readings
from flux.rules.context import RECENT_CHANGE_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeSettings:
    """What may differ from one installation to the next. `layers` are asked for, and therefore required.

    `recent_change_days` is how long an account that replaces another is new. `overrides` win over `severities`.
    """

    limits: Limits = field(default_factory=Limits)
    environment: Environment = Environment.PRODUCTION
    layers: frozenset[LayerName] = frozenset({LayerName.SCHEMA, LayerName.RULES, LayerName.IDENTITY})
    severities: Mapping[str, Severity] = field(default_factory=dict)
    recent_change_days: int = RECENT_CHANGE_DAYS
    overrides: Overrides = NO_OVERRIDES
    readings: Readings = USUAL


class SchemaSource(Protocol):
    """Where compiled schemas come from."""

    def compiled(self, identifier: str, root: str) -> CompiledSchema:
        """The schema that judges a document with that root element, compiled once."""
        ...
