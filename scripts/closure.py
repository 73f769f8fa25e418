"""What flux runs on: the packages that it asks for, directly or not."""

import tomllib
from collections import deque
from collections.abc import Collection, Iterator, Mapping, MutableMapping
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

OURS = "flux-gateway"

Arrows = Mapping[str, Collection[str]]
"""What each package asks for, by names as registries compare them."""


def name_of(text: str) -> str:
    """A name as registries compare it."""
    return canonicalize_name(text)


def declare(asking: MutableMapping[str, Collection[str]], pyproject: Path) -> tuple[str, ...]:
    """Set what flux asks for to what pyproject.toml says; its extras.

    The metadata of an editable installation are those of the day it was made.
    """
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    extras: Mapping[str, Collection[str]] = project["optional-dependencies"]
    optional = (f'{line}; extra == "{extra}"' for extra, lines in extras.items() for line in lines)
    asking[OURS] = (*project["dependencies"], *optional)
    return tuple(extras)


def follow(asking: Mapping[str, Collection[str]], extras: Collection[str]) -> Arrows:
    """Every package that flux with these extras asks for, directly or not, and what each of them asks for."""
    arrows: dict[str, set[str]] = {}
    seen: set[tuple[str, str]] = set()
    waiting = deque((OURS, extra) for extra in ("", *extras))
    while waiting:
        name, extra = waiting.popleft()
        if (name, extra) not in seen:
            seen.add((name, extra))
            asked = tuple(_asked_by(asking, name, extra))
            arrows.setdefault(name, set()).update(other for other, _ in asked)
            waiting.extend(asked)
    return arrows


def _asked_by(asking: Mapping[str, Collection[str]], name: str, extra: str) -> Iterator[tuple[str, str]]:
    if name not in asking:
        raise SystemExit(f"{name} is not installed: `make setup`")
    for line in asking[name]:
        asked = Requirement(line)
        if asked.marker is None or asked.marker.evaluate({"extra": extra}):
            yield from ((canonicalize_name(asked.name), each) for each in ("", *sorted(asked.extras)))
