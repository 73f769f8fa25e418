"""A lock file read: every pin with its version, marker and hashes."""

from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from scripts.closure import name_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """One line of a lock. `hashes` are SHA-256, hexadecimal, one for each file of the release."""

    requirement: Requirement
    hashes: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name as registries compare it."""
        return name_of(self.requirement.name)

    @property
    def version(self) -> str:
        """The one version that is allowed. Raises ValueError where there are several."""
        (specifier,) = self.requirement.specifier
        if specifier.operator != "==":
            raise ValueError(f"{self.requirement}: not pinned")
        return specifier.version

    @property
    def is_for_this_python(self) -> bool:
        """True where its marker holds on the interpreter that runs."""
        return self.requirement.marker is None or self.requirement.marker.evaluate()


def read_lock(path: Path) -> tuple[Pin, ...]:
    """The pins of a requirements file in the form that `uv pip compile --generate-hashes` writes."""
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    return tuple(_pin(line) for line in text.splitlines() if line.strip() and not line.startswith("#"))


def _pin(line: str) -> Pin:
    requirement, *hashes = line.split(" --hash=")
    return Pin(
        requirement=Requirement(requirement.strip()),
        hashes=tuple(each.strip().removeprefix("sha256:") for each in hashes),
    )
