"""One attempt at handing over a file, as its transport tells of it."""


class HandOver:
    """Under which name a file waits for its final one. `part` is set while nobody knows whether it got that.

    It begins with the part of an earlier attempt of which nothing was heard, if there is one.
    """

    def __init__(self, part: str | None = None) -> None:
        self.part = part
        self.is_withdrawn = False

    def announce(self, part: str) -> None:
        """Said right before the file gets its final name; once this returns, it may be there. Raises LedgerError."""
        self.part, self.is_withdrawn = part, False

    def withdraw(self) -> None:
        """Said when it is known not to be there."""
        self.part, self.is_withdrawn = None, True
