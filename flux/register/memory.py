"""The register's twin for tests, demo and trials: values that somebody hands over, and nothing on disk."""

from collections.abc import Iterable
from datetime import date

from flux.model.register import Establishment, SourceState, Structure, StructureId
from flux.register.ages import in_order, judge_age
from flux.register.looking import canonical
from flux.register.settings import RegisterSettings


class MemoryRegister:
    """Knows what it is given. The age of a source is judged by the settings, whatever its state says."""

    def __init__(
        self,
        structures: Iterable[Structure] = (),
        establishments: Iterable[Establishment] = (),
        sources: Iterable[SourceState] = (),
        settings: RegisterSettings | None = None,
    ) -> None:
        self._structures = {canonical(each.id): each for each in structures}
        self._establishments = {each.siret: each for each in establishments}
        self._sources = tuple(sources)
        self._settings = settings or RegisterSettings()

    def sources(self, today: date) -> tuple[SourceState, ...]:
        """The sources that were given."""
        return in_order(
            judge_age(each.source, each.version, each.imported_at, self._settings, today) for each in self._sources
        )

    def structure(self, identifier: StructureId) -> Structure | None:
        """The structure that was given."""
        return self._structures.get(canonical(identifier))

    def establishment(self, siret: str) -> Establishment | None:
        """The establishment that was given."""
        return self._establishments.get(siret)
