"""A SIRET as few bits: both of its check digits follow from the others, so twelve digits of fourteen say it.

SIRETs whose check digits are others (those of La Poste, and the odd one of the stock) are kept whole, apart.
"""

from typing import NamedTuple

DIGITS = 14
_SIREN = 9
_FIGURES = bytes.maketrans(b"0123456789", bytes(range(10)))
# What a digit at an even place from the right counts in the Luhn sum.
_DOUBLED = bytes.maketrans(bytes(range(10)), bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))


class SiretKey(NamedTuple):
    """The number under which a SIRET is found: twelve digits where its check digits are regular, else all fourteen."""

    number: int
    is_regular: bool


def key_of(siret: str) -> SiretKey | None:
    """The key of a SIRET, None for what is not fourteen digits."""
    if len(siret) != DIGITS or not (siret.isascii() and siret.isdigit()):
        return None
    digits = siret.encode().translate(_FIGURES)
    if _luhn(digits[:_SIREN]) % 10 == 0 and _luhn(digits) % 10 == 0:
        return SiretKey(int(siret[:8] + siret[9:13]), is_regular=True)
    return SiretKey(int(siret), is_regular=False)


def siret_of(key: SiretKey) -> str:
    """The SIRET that has this key."""
    if not key.is_regular:
        return f"{key.number:014d}"
    twelve = f"{key.number:012d}"
    siren = _complete(twelve[:8])
    return _complete(siren + twelve[8:])


def _complete(digits: str) -> str:
    """The digits, and the one behind them that makes their Luhn sum a multiple of ten."""
    return f"{digits}{-_luhn(f'{digits}0'.encode().translate(_FIGURES)) % 10}"


def _luhn(digits: bytes) -> int:
    return sum(digits[-1::-2]) + sum(digits[-2::-2].translate(_DOUBLED))
