"""What all tests share."""

from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings

from flux.app import checking, workshop
from flux.schemas import SchemaCatalogue
from tests.schemas import our_schemas

# A machine that is busy is no fault of what is drawn.
settings.register_profile("flux", suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("flux")


@pytest.fixture(scope="session", autouse=True)
def one_catalogue() -> Iterator[None]:
    """Every judge that the tests build takes our schemas from the one catalogue."""
    with mock.patch.object(workshop, "SchemaCatalogue", _give), mock.patch.object(checking, "SchemaCatalogue", _give):
        yield


def _give(*, preferred: Path | None = None) -> SchemaCatalogue:
    return our_schemas() if preferred is None else SchemaCatalogue(preferred=preferred)
