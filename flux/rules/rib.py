"""RIB: the French and Monegasque account number inside an IBAN, with a key of its own.

Bank 5 digits, branch 5 digits, account 11 characters, key 2 digits. Letters of the account count as digits: A to I are 1
to 9, J to R 1 to 9, S to Z 2 to 9. Key = 97 - (89 bank + 15 branch + 3 account) mod 97. Source: Comité français
d'organisation et de normalisation bancaires, relevé d'identité bancaire.

    >>> rib_key("20041010050500013M026")
    '06'
"""

RIB_COUNTRIES = frozenset({"FR", "MC"})

_BANK = slice(0, 5)
_BRANCH = slice(5, 10)
_ACCOUNT = slice(10, 21)
_DIGITS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "123456789" * 2 + "23456789")


def rib_key(rib: str) -> str:
    """The key, two digits from 01 to 97, of the first 21 characters of a RIB in capitals."""
    digits = rib.translate(_DIGITS)
    return f"{97 - (89 * int(digits[_BANK]) + 15 * int(digits[_BRANCH]) + 3 * int(digits[_ACCOUNT])) % 97:02d}"
