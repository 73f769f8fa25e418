"""Our schemas for all tests of a process: to compile one takes up to a second, to make one explain itself several."""

from functools import cache

from flux.schemas import SchemaCatalogue


@cache
def our_schemas() -> SchemaCatalogue:
    """The one catalogue."""
    return SchemaCatalogue()
