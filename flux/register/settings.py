"""The [register] table of the configuration."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flux.model.register import RegisterSource

DIRECTORY_COLUMN_NAMES = (
    "identifier",
    "identifier_type",
    "name",
    "state",
    "active_from",
    "active_until",
    "requires_service",
    "requires_engagement",
    "requires_service_or_engagement",
)
SERVICE_COLUMN_NAMES = (
    "identifier",
    "identifier_type",
    "service_code",
    "service_label",
    "state",
    "service_from",
    "service_until",
    "requires_engagement",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterSettings:
    """Where the register lies, when it is too old to be believed, and who may change it.

    `url` is a database of its own, so that an import never keeps the ledger waiting; empty where there is no register.
    An age of 0 days is never too old. `columns` and `service_columns` name, for our column of the directory's two files,
    the heading that it has there.
    `recent_change_days` is how long an account is new to those who pay.
    """

    url: str = field(default="sqlite:///var/register.db", repr=False)  # once read it may hold a password
    password_env: str = ""
    sirene: Path = Path("var/sirene.bin")
    account_key: Path = Path("var/account.key")
    suppliers_max_age_days: int = 0
    directory_max_age_days: int = 0
    sirene_max_age_days: int = 0
    four_eyes: bool = False
    recent_change_days: int = 90
    largest_closing_percent: int = 20
    columns: Mapping[str, str] = field(default_factory=dict)
    service_columns: Mapping[str, str] = field(default_factory=dict)

    def max_age_days(self, source: RegisterSource) -> int:
        """After how many days a source is stale, 0 for never."""
        return {
            RegisterSource.SUPPLIERS: self.suppliers_max_age_days,
            RegisterSource.DIRECTORY: self.directory_max_age_days,
            RegisterSource.SIRENE: self.sirene_max_age_days,
        }[source]
