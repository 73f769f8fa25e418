"""Whose work comes next: start-time fair queueing over partners.

Each item bears a virtual start tag, one more than its partner's former one and never behind the tag being served, so a
partner that drops 150 flows of 500 invoices delays nobody else's ten.
"""

import heapq
from collections import defaultdict
from itertools import count
from typing import Generic, TypeVar

Item = TypeVar("Item")


class FairQueue(Generic[Item]):
    """A queue that takes turns between partners and keeps the order within each."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Item]] = []
        self._tags: defaultdict[str, int] = defaultdict(int)
        self._served = 0
        self._arrivals = count()

    def push(self, partner: str, item: Item) -> None:
        """Add an item of a partner."""
        tag = max(self._tags[partner], self._served) + 1
        self._tags[partner] = tag
        heapq.heappush(self._heap, (tag, next(self._arrivals), item))

    def pop(self) -> Item:
        """Take the item whose turn it is. Raises IndexError when there is none."""
        self._served, _, item = heapq.heappop(self._heap)
        if not self._heap:
            self._tags.clear()
        return item

    def __len__(self) -> int:
        return len(self._heap)
