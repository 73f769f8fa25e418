"""What a check saw without the accounts that it quotes: before anything is kept, logged, printed or sent.

Formats and rules mask what they take from a term that holds an account; this is for all other terms, into which people write
accounts too, and for the rules that quote any term that they are about.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from flux.model.finding import Finding, Observation
from flux.model.masking import mask_account, mask_accounts

# Terms that hold a bank account: the payee's, the debited one. They are masked whatever they hold.
ACCOUNT_TERMS = frozenset({"BT-84", "BT-91"})

_MASKED = re.compile(r"[A-Z]{0,2}…\w{0,4}")
_SHORTEST_ACCOUNT = 9

Seen = TypeVar("Seen", Finding, Observation)


def conceal(seen: Seen) -> Seen:
    """The same with every account masked, in what was found, expected and told."""
    found = seen.found or ""
    account = found if seen.term in ACCOUNT_TERMS and not _MASKED.fullmatch(found) else ""

    def hide(text: str) -> str:
        known = len(account) >= _SHORTEST_ACCOUNT
        return mask_accounts(text.replace(account, mask_account(account)) if known else text)

    return replace(
        seen,
        found=mask_account(account) if account else _apply(hide, seen.found),
        expected=_apply(hide, seen.expected),
        detail=_apply(hide, seen.detail),
        facts=tuple([(name, hide(value)) for name, value in seen.facts]),
    )


def _apply(hide: Callable[[str], str], text: str | None) -> str | None:
    return None if text is None else hide(text)
