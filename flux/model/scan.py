"""What a virus scanner says of bytes."""

from typing import NamedTuple


class Scan(NamedTuple):
    """The name of what was found, empty for nothing; or why the scanner gave no word, empty where it did."""

    virus: str = ""
    failure: str = ""


CLEAN = Scan()
