"""One line of `flux doctor`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """One thing that was looked at. `advice` says what to do when it is not well."""

    subject: str
    well: bool
    state: str
    advice: str = ""
