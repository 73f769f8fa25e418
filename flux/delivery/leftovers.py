"""The temporary files of uploads that died with their process: nobody else will ever remove them."""

from collections.abc import Iterable

from flux.model.delivery import Delivery
from flux.model.ports import Transport
from flux.transport.names import temporaries_of


def clear_leftovers(transport: Transport, deliveries: Iterable[Delivery]) -> None:
    """Remove what earlier attempts at these deliveries left beside their final names. Raises TransportError."""
    folders: dict[str, set[str]] = {}
    for delivery in deliveries:
        folders.setdefault(delivery.folder, set()).add(delivery.name)
    for folder, names in folders.items():
        for left in temporaries_of(names, (file.name for file in transport.list(folder))):
            transport.remove(folder, left)
