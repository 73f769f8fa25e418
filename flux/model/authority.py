"""By whose word something is done that flux would not do by itself."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Who says so, why, and when."""

    by: str
    reason: str
    at: datetime
