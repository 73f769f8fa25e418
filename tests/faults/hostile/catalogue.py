"""Every class of hostile and odd files."""

from collections.abc import Iterator

from tests.faults.hostile import archives, attachments, names, xml
from tests.faults.hostile.case import Hostile


def all_classes(beacon: str, pipe: str) -> Iterator[Hostile]:
    """The classes, family by family; `beacon` is an address that nobody may ask for anything, `pipe` a path that nobody may open."""
    yield from xml.classes(beacon, pipe)
    yield from archives.classes()
    yield from attachments.classes()
    yield from names.classes()
