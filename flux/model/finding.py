"""What a check saw, and what it means."""

from dataclasses import dataclass
from enum import Enum

from flux.model.packed import Packed


class Severity(Enum):
    """How much a finding weighs; `OFF` drops it."""

    FATAL = "fatal"
    WARNING = "warning"
    INFO = "info"
    OFF = "off"


class Audience(Enum):
    """Who may be told of a finding."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    OPERATORS = "operators"


class LayerName(Enum):
    """The layers of judgment, in the order in which they run."""

    INTAKE = "intake"
    SCHEMA = "schema"
    RULES = "rules"
    IDENTITY = "identity"
    REGISTER = "register"


_TECHNICAL_LAYERS = (LayerName.INTAKE, LayerName.SCHEMA)

# Where in an invoice a term stands, by field and occurrence: ("sellers", 0, "identifiers", 1).
Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What a check saw: a code of the table (`flux.model.codes`) and its facts, not yet its weight.

    `term` is a business term (BT-29). A check of the model gives `place`, from which line and XPath are found in the
    tree; a check of the tree gives `line` and `xpath` itself. `facts` fill the sentence of the code. `severity` is the
    weight that the publisher of an official rule gives it, None where the table of codes weighs.
    """

    code: str
    term: str | None = None
    place: Place = ()
    found: str | None = None
    expected: str | None = None
    detail: str | None = None
    line: int | None = None
    xpath: str | None = None
    severity: Severity | None = None
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Packed):
    """An observation with its weight, where it stands in the document, and who may be told."""

    code: str
    severity: Severity
    layer: LayerName
    ruleset: str
    audience: tuple[Audience, ...]
    term: str | None = None
    found: str | None = None
    expected: str | None = None
    detail: str | None = None
    line: int | None = None
    xpath: str | None = None
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def is_fatal(self) -> bool:
        """True where this finding alone refuses."""
        return self.severity is Severity.FATAL

    @property
    def is_technical(self) -> bool:
        """True for a fault of bytes or schema: the flow's level, not the invoice's."""
        return self.layer in _TECHNICAL_LAYERS

    def is_for(self, audience: Audience) -> bool:
        """True where that audience may be told."""
        return audience in self.audience
