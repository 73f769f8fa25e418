"""Counts as people write them."""


def counted(count: int, noun: str) -> str:
    """The count and its noun, in the plural for all but one; the noun's first word takes the s: `2 files of the archive`."""
    first, space, rest = noun.partition(" ")
    return f"{count} {first}{'' if count == 1 else 's'}{space}{rest}"
