"""Text of others as a terminal and a log may show it: nothing in it can move the cursor, hide, or turn the reading."""

import json
import re
from collections.abc import Callable

# Control characters of both sets; the marks that turn the direction of writing; those that show nothing; what ends a line.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


def printable(text: str) -> str:
    r"""The text with each such character written as its code, `\\x1b`; line ends and tabs stay."""
    return _UNSAFE.sub(_escape, text)


def to_json_line(value: object, default: Callable[[object], object] | None = None) -> str:
    """One line of JSON whose text is readable as it is, less what a terminal would obey: that is escaped.

    `default` turns what JSON does not know into what it knows.
    """
    written = json.dumps(value, ensure_ascii=False, default=default)
    return _UNSAFE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", written)


def _escape(sign: re.Match[str]) -> str:
    code = ord(sign[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
