"""Countries as accounts, banks and registers see them.

Sources: European Payments Council, list of SEPA countries (EPC409); SWIFT registry of IBAN structures.
"""


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


# The 41 countries and territories of SEPA, and Gibraltar, which has IBANs of its own in the British scheme.
SEPA_COUNTRIES = _codes(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK "
    "IS LI NO CH GB AD MC SM VA AL ME MD MK RS GI"
)
# Codes of French territories: their accounts are French, and their IBANs start with FR.
OVERSEAS_COUNTRIES = _codes("BL GF GP MF MQ NC PF PM RE TF WF YT")
# Countries that use IBANs without an entry in the registry: their structure cannot be judged.
UNREGISTERED_COUNTRIES = _codes("AO BF BJ CF CG CI CM CV DZ GA GQ GW IR KM MA MG ML MZ NE SN TD TG")

# Where INSEE numbers establishments; a party without a country is taken for French.
_FRENCH = OVERSEAS_COUNTRIES | {"FR", ""}

# Whose IBANs the banks of a territory give; Monaco's banks are often branches under a French BIC.
_PARENTS = dict.fromkeys(OVERSEAS_COUNTRIES | {"MC"}, "FR") | dict.fromkeys(("GG", "IM", "JE"), "GB")


def is_french(country: str) -> bool:
    """True for France, its territories, and no country at all."""
    return country in _FRENCH


def is_bank_of(bic_country: str, iban_country: str) -> bool:
    """True where a bank of that country gives IBANs of this one.

    >>> is_bank_of("RE", "FR"), is_bank_of("DE", "FR")
    (True, False)
    """
    return _PARENTS.get(bic_country, bic_country) == _PARENTS.get(iban_country, iban_country)
