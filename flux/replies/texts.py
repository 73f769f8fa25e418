"""What any text must go through before people or parsers read it: masked, bounded, free of forbidden characters."""

import re
from dataclasses import replace

from flux.model.finding import Finding
from flux.model.masking import mask_account, mask_accounts

# A quoted value longer than this explains nothing more; one text of an invoice may reach 100 MiB.
QUOTED_CHARACTERS = 500

# Terms that hold a bank account: the payee's, the debited one. They are masked whatever they hold.
ACCOUNT_TERMS = frozenset({"BT-84", "BT-91"})
_MASKED = re.compile(r"[A-Z]{0,2}…\w{0,4}")
_SHORTEST_ACCOUNT = 9

# What XML 1.0 cannot hold (production [2] Char); lone surrogates cannot even be encoded.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """The text with every character that XML 1.0 forbids replaced by U+FFFD."""
    return _FORBIDDEN.sub("\ufffd", text)


def shorten(text: str, limit: int = QUOTED_CHARACTERS) -> str:
    """The text, cut with an ellipsis beyond `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def on_one_line(text: str) -> str:
    """The text with every run of white space made one space."""
    return " ".join(text.split())


def presentable(finding: Finding) -> Finding:
    """The finding as people may read it: accounts masked, quoted values bounded."""
    account = finding.found or "" if finding.term in ACCOUNT_TERMS else ""

    def quote(text: str) -> str:
        head = text[: 2 * QUOTED_CHARACTERS]
        known = len(account) >= _SHORTEST_ACCOUNT
        return shorten(mask_accounts(head.replace(account, mask_account(account)) if known else head))

    def quote_found(text: str) -> str:
        if not account or _MASKED.fullmatch(account):
            return quote(text)
        return mask_account(account)

    return replace(
        finding,
        found=None if finding.found is None else quote_found(finding.found),
        expected=None if finding.expected is None else quote(finding.expected),
        detail=None if finding.detail is None else quote(finding.detail),
        facts=tuple((name, quote(value)) for name, value in finding.facts),
    )
