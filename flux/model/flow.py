"""A flow: bytes that a partner handed over, under a name."""

import re
from dataclasses import dataclass
from datetime import datetime

from flux.model.interface import INTERFACES, Interface

# One of these may end a strict name and is no part of it.
EXTENSIONS = (".tar.gz", ".xml", ".pdf", ".zip")

_STRICT_NAME = re.compile(r"([A-Z]{3}\d{4}[A-Z])_([A-Z0-9]{6})_([A-Z0-9]{25})")


def without_extension(name: str) -> str:
    """The name less one known extension, whatever its case."""
    lowered = name.lower()
    return next((name[: -len(ending)] for ending in EXTENSIONS if lowered.endswith(ending)), name)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowName:
    """A strict flow name, `<interface 8>_<application 6>_<flow id 25>` (Chorus Pro specification; flow names)."""

    interface_code: str
    application_code: str
    flow_id: str

    @classmethod
    def parse(cls, name: str) -> "FlowName | None":
        """The parts of a name that has the strict shape once its extension is off, else None."""
        match = _STRICT_NAME.fullmatch(without_extension(name))
        return cls(interface_code=match[1], application_code=match[2], flow_id=match[3]) if match else None

    @classmethod
    def build(cls, interface_code: str, receiver: str, emitter: str, sequence: int) -> "FlowName":
        """The name of a flow that we put out; the 19 characters of the id are the four digits and 15 of sequence."""
        return cls(
            interface_code=interface_code,
            application_code=receiver,
            flow_id=f"{emitter}{interface_code[3:7]}{sequence:015d}",
        )

    @property
    def interface(self) -> Interface | None:
        """The interface that the name announces, None when flux does not know the code."""
        return INTERFACES.get(self.interface_code)

    def __str__(self) -> str:
        return f"{self.interface_code}_{self.application_code}_{self.flow_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What we answer for once the ledger holds it.

    `number` is ours and never used twice. `partner` is the folder or connection that brought it, whatever the name
    claims. `known_partner` is false for a folder that the configuration does not name. `reuse_of` is the number of the
    first flow that bore the same strict name, when there is one.
    """

    number: int
    attempt: int
    partner: str
    known_partner: bool
    name: str
    sha256: str
    size_bytes: int
    received_at: datetime
    reuse_of: int | None = None
