"""A register in memory, for tests of what asks it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from flux.errors import RegisterError
from flux.model.register import Establishment, RegisterSource, SourceState, Structure, StructureId

IMPORTED_AT = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)


def source(kind: RegisterSource, *, is_stale: bool = False) -> SourceState:
    """A source that was imported."""
    return SourceState(source=kind, version=f"{kind.value}-1", imported_at=IMPORTED_AT, is_stale=is_stale)


ALL_SOURCES = tuple(source(kind) for kind in RegisterSource)


@dataclass
class FakeRegister:
    """What it was given; `fails` makes every question a failure."""

    structures: Mapping[StructureId, Structure] = field(default_factory=dict)
    establishments: Mapping[str, Establishment] = field(default_factory=dict)
    states: tuple[SourceState, ...] = ALL_SOURCES
    fails: bool = False
    asked: list[StructureId] = field(default_factory=list)

    @classmethod
    def of(cls, *known: Structure | Establishment, states: tuple[SourceState, ...] = ALL_SOURCES) -> "FakeRegister":
        """A register that knows these."""
        return cls(
            structures={each.id: each for each in known if isinstance(each, Structure)},
            establishments={each.siret: each for each in known if isinstance(each, Establishment)},
            states=states,
        )

    def sources(self, today: date) -> tuple[SourceState, ...]:
        return self.states

    def structure(self, identifier: StructureId) -> Structure | None:
        if self.fails:
            raise RegisterError("the register cannot be read")
        self.asked.append(identifier)
        return self.structures.get(identifier)

    def establishment(self, siret: str) -> Establishment | None:
        return self.establishments.get(siret)
