"""Names of people who declare and approve."""


def same_person(one: str, other: str) -> bool:
    """True where two names are one, whatever their capitals and spaces."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
