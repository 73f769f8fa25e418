"""What all tests share."""

from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from flux.app import checking, workshop
from flux.schemas import SchemaCatalogue


@pytest.fixture(scope="session", autouse=True)
def one_catalogue() -> Iterator[None]:
    """Every judge that the tests build takes our schemas from one catalogue: to compile them anew costs each seconds."""
    shared = SchemaCatalogue()

    def give(*, preferred: Path | None = None) -> SchemaCatalogue:
        return shared if preferred is None else SchemaCatalogue(preferred=preferred)

    with mock.patch.object(workshop, "SchemaCatalogue", give), mock.patch.object(checking, "SchemaCatalogue", give):
        yield
