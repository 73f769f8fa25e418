"""The payee's account against what was accepted before: changed since the last invoices, borne by another supplier.

Accounts are known here by their keyed hash alone; those of declared factors are left out before. Never told to the sender.
Source: fraud patterns of change-of-account (FOVI); rungs 11 and 12 of the account ladder.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from flux.model.finding import Observation
from flux.model.paris import in_paris
from flux.model.settlement import AccountUse, PastUse, PastUses

RULESET = "accounts"

# So many accepted invoices bear a new account before it is taken for the supplier's own.
INVOICES_OF_CARE = 3


class AccountHistory:
    """What was accepted before, with the suppliers of the flow at hand: two of them may share an account in it."""

    def __init__(self, past: PastUses, present: Iterable[AccountUse]) -> None:
        self._of_supplier: defaultdict[str, list[PastUse]] = defaultdict(list)
        self._users: defaultdict[str, set[str]] = defaultdict(set)
        for each in past:
            self._of_supplier[each.use.supplier].append(each)
            self._users[each.use.account].add(each.use.supplier)
        for use in present:
            self._users[use.account].add(use.supplier)

    def judge(self, uses: Iterable[AccountUse]) -> Iterator[Observation]:
        """ACCOUNT_CHANGED and ACCOUNT_SHARED, each at most once for an invoice that asks for these uses."""
        asked = tuple(uses)
        left = max(filter(None, map(self._left_since, asked)), default=None)
        if left is not None:
            fact = ("last_used", f"{in_paris(left):%Y-%m-%d}")
            yield Observation(code="ACCOUNT_CHANGED", term="BT-84", facts=(fact,))
        others = {other for use in asked for other in self._users[use.account] if other != use.supplier}
        if others:
            yield Observation(code="ACCOUNT_SHARED", term="BT-84", facts=(("suppliers", str(len(others))),))

    def _left_since(self, use: AccountUse) -> datetime | None:
        """When the supplier last used another account that came before this one, None where this one is no change."""
        known = self._of_supplier[use.supplier]
        own = next((each for each in known if each.use == use), None)
        if own is not None and own.uses >= INVOICES_OF_CARE:
            return None
        earlier = (each for each in known if own is None or each.first_used_at < own.first_used_at)
        return max((each.last_used_at for each in earlier), default=None)
