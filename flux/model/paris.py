"""The clock of the law: days and times that replies bear, and the day an invoice is judged on, are those of Paris."""

from datetime import datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def in_paris(moment: datetime) -> datetime:
    """The same moment on the clocks of Paris, to the second."""
    return moment.astimezone(PARIS).replace(microsecond=0)
