"""What is judged: a member of a flow, the document that it is, and each invoice that the document holds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from lxml import etree

from flux.formats.syntax import SyntaxFormat
from flux.model.finding import Observation
from flux.model.interface import Deposit, Family
from flux.model.invoice import Invoice
from flux.model.override import NONE_IN_FORCE, InForce
from flux.model.unit import UnitPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A document of a flow. `alone` is true where the flow holds no other, `name` None where it has no name of its own.

    `sender_sirets` are the suppliers for whom the sender may deposit; empty for any. `place` is given for a document of one
    invoice that was cut from a document of many. `partner` is who brought it, empty where nobody did.
    """

    ordinal: int
    name: str | None
    data: bytes
    deposit: Deposit
    alone: bool
    sender_sirets: frozenset[str] = frozenset()
    place: UnitPlace | None = None
    partner: str = ""

    @property
    def unit(self) -> int:
        """The number of the cut document's invoice in the whole one."""
        return self.place.unit if self.place is not None else 0

    @property
    def content(self) -> bytes | memoryview:
        """The bytes that make two invoices the same."""
        return self.data if self.place is None else memoryview(self.data)[slice(*self.place.content)]


class Document(NamedTuple):
    """A member that could be read. `size_bytes` is that of its XML, `overrides` what is weighed otherwise for its sender."""

    member: Member
    root: etree._Element
    size_bytes: int
    observations: tuple[Observation, ...]
    format: SyntaxFormat
    overrides: InForce = NONE_IN_FORCE


class Held(NamedTuple):
    """An invoice of a document: its number there, the element that holds it, who judges it, and the profile that it declares."""

    document: Document
    unit: int
    holder: etree._Element
    invoice: Invoice
    family: Family
    profile: str | None

    @property
    def deposit(self) -> Deposit:
        """As what its document was handed over."""
        return self.document.member.deposit

    def locate(self, observations: Sequence[Observation]) -> tuple[Observation, ...]:
        """The observations with their lines and XPaths: as they say themselves, else where the syntax keeps their places."""
        placed = [seen for seen in observations if seen.place]
        if not placed:
            return tuple(observations)
        positions = self.document.format.locate_all(self.holder, [seen.place for seen in placed])
        return tuple(
            replace(seen, line=position.line, xpath=position.xpath)
            if seen.place and (position := next(positions))
            else seen
            for seen in observations
        )
