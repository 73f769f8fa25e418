"""What all tests share."""

from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from flux.app import checking, workshop
from flux.schemas import SchemaCatalogue
from tests.schemas import our_schemas


@pytest.fixture(scope="session", autouse=True)
def one_catalogue() -> Iterator[None]:
    """Every judge that the tests build takes our schemas from the one catalogue."""
    with mock.patch.object(workshop, "SchemaCatalogue", _give), mock.patch.object(checking, "SchemaCatalogue", _give):
        yield


def _give(*, preferred: Path | None = None) -> SchemaCatalogue:
    return our_schemas() if preferred is None else SchemaCatalogue(preferred=preferred)
