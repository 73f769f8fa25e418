"""What any text must go through before people or parsers read it: masked, bounded, free of forbidden characters."""

import re
from dataclasses import replace

from flux.model.concealing import conceal
from flux.model.finding import Finding

# A quoted value longer than this explains nothing more; one text of an invoice may reach 100 MiB.
QUOTED_CHARACTERS = 500

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
    return _bound(conceal(_bound(finding, 2 * QUOTED_CHARACTERS)))


def _bound(finding: Finding, limit: int = QUOTED_CHARACTERS) -> Finding:
    return replace(
        finding,
        found=None if finding.found is None else shorten(finding.found, limit),
        expected=None if finding.expected is None else shorten(finding.expected, limit),
        detail=None if finding.detail is None else shorten(finding.detail, limit),
        facts=tuple((name, shorten(value, limit)) for name, value in finding.facts),
    )
