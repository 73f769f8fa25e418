"""What is allowed in a configuration and may not be meant."""

from collections.abc import Iterator
from datetime import date

from flux.config.folders import find_shared_deliveries
from flux.config.settings import LEGAL_ACCEPTED_YEARS, LEGAL_REFUSED_YEARS, RetentionSettings, Settings
from flux.model.interface import INTERFACES
from flux.model.override import Override
from flux.model.partner import PartnerRole


def advise(settings: Settings, today: date) -> Iterator[str]:
    """What may stand in a configuration and does not do what one may think, one line each."""
    for ended in settings.rules.overrides.ended(today):
        yield f"rules.overrides: {ended.rule}{_of_partner(ended)} held until {ended.until}: the rule weighs as published again"
    yield from _short_retention(settings.retention)
    yield from find_shared_deliveries(settings)
    for name, partner in settings.partners.items():
        if partner.role is PartnerRole.SUPPLIER and not partner.sirets:
            yield (
                f"partners.{name}.sirets: none is named, so nothing checks for whom {name} may deposit: "
                "it can send invoices in anybody's name, and take their numbers"
            )
        for interface in (INTERFACES[code] for code in partner.interfaces):
            if not interface.is_treated:
                yield (
                    f"partners.{name}.interfaces: {interface.code} ({interface.purpose}) is not treated: "
                    "its flows are refused with INTERFACE_NOT_TREATED"
                )
    for name, account in settings.accounts.items():
        for each in account.keys:
            if not each.opens_on(today):
                yield (
                    f"partners.{name}.account.keys: {each.key.fingerprint} opened until {each.expires}: take it out, "
                    "and have the partner send another where it has none that lasts"
                )


def _short_retention(retention: RetentionSettings) -> Iterator[str]:
    for name, years, legal in (
        ("accepted_years", retention.accepted_years, LEGAL_ACCEPTED_YEARS),
        ("refused_years", retention.refused_years, LEGAL_REFUSED_YEARS),
    ):
        if years < legal:
            yield f"retention.{name}: {years} is shorter than the {legal} years of the law, unless another archive keeps the originals"


def _of_partner(override: Override) -> str:
    return f" for {override.partner}" if override.partner else ""
