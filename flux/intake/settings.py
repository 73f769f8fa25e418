"""The [intake] table of the configuration."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeSettings:
    """When a file is whole.

    Size and mtime must stay the same for `stable_seconds`; a file whose name ends in a temporary suffix is never taken;
    where `marker_suffix` is set, a file is taken only, and at once, when its marker (`name + suffix`) lies beside it.
    One that somebody still has open for writing is waited for, where the system can tell, until it has lain still for
    `open_seconds`: a program that forgets to close its files must not keep them from us for ever.
    """

    stable_seconds: float = 1.0
    sweep_seconds: float = 1.0
    temporary_suffixes: tuple[str, ...] = (".part", ".tmp", ".filepart", ".partial", ".crdownload", "~")
    marker_suffix: str = ""
    open_seconds: float = 3600.0
