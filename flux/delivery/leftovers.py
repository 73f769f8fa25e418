"""The temporary files of uploads that died with their process: nobody else will ever remove them."""

from collections.abc import Iterable
from contextlib import suppress

from flux.errors import TransportError
from flux.model.delivery import Delivery
from flux.model.ports import Transport
from flux.transport.names import temporaries_of


def clear_leftovers(
    transport: Transport, deliveries: Iterable[Delivery], cleared: set[str], kept: Iterable[str]
) -> None:
    """Remove what a process that died left of these deliveries, but for the paths to keep.

    Each folder once, whose name is then in `cleared`.
    """
    names_kept = {path.rpartition("/")[2] for path in tuple(kept)}
    folders: dict[str, set[str]] = {}
    for delivery in deliveries:
        folders.setdefault(delivery.folder, set()).add(delivery.name)
    for folder in folders.keys() - cleared:
        with suppress(TransportError):  # not made yet, or the trouble that the first file meets too and tells of
            for left in temporaries_of(folders[folder], (file.name for file in transport.list(folder))):
                if left not in names_kept:
                    transport.remove(folder, left)
            cleared.add(folder)
