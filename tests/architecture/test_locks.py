"""Everything that flux, its tests and its releases are made of is pinned, with hashes, and comes from a registry."""

import re
import tomllib
from collections.abc import Collection, Iterator
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from scripts.closure import declare, follow, name_of
from scripts.lock import read_lock

CHECKOUT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.lock", "release.lock")
GROUPS = {
    "requirements.lock": (
        *PYPROJECT["project"]["dependencies"],
        *(line for lines in PYPROJECT["project"]["optional-dependencies"].values() for line in lines),
        *PYPROJECT["dependency-groups"]["dev"],
    ),
    "release.lock": PYPROJECT["dependency-groups"]["release"],
}


def declared() -> Iterator[tuple[str, str]]:
    for lock, lines in GROUPS.items():
        yield from ((lock, line) for line in lines)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_version_and_the_hashes_of_its_files(lock: str) -> None:
    for pin in read_lock(CHECKOUT / lock):
        assert pin.version
        assert pin.hashes, pin.name
        assert all(re.fullmatch(r"[0-9a-f]{64}", each) for each in pin.hashes), pin.name


@pytest.mark.parametrize("lock", LOCKS)
def test_nothing_comes_from_an_address(lock: str) -> None:
    assert [pin.name for pin in read_lock(CHECKOUT / lock) if pin.requirement.url] == []
    text = (CHECKOUT / lock).read_text(encoding="utf-8")
    assert re.findall(r"^ *(?!--hash)(?:-|\.|/|\w+\+|https?:).*", text, re.MULTILINE) == []


@pytest.mark.parametrize(("lock", "line"), [*declared()])
def test_what_pyproject_asks_for_is_pinned_to_a_version_that_satisfies_it(lock: str, line: str) -> None:
    asked = Requirement(line)
    assert asked.url is None
    versions = [pin.version for pin in read_lock(CHECKOUT / lock) if pin.name == name_of(asked.name)]
    assert versions
    assert all(asked.specifier.contains(version) for version in versions)


def test_users_install_no_tool_of_the_release() -> None:
    pinned = {pin.name for pin in read_lock(CHECKOUT / "requirements.lock")}
    assert not pinned & {"cyclonedx-bom", "pip-audit"}


def test_whatever_flux_asks_for_indirectly_is_pinned_as_installed() -> None:
    installed = {name_of(each.name): each for each in distributions()}
    asking: dict[str, Collection[str]] = {name: each.requires or [] for name, each in installed.items()}
    extras = declare(asking, CHECKOUT / "pyproject.toml")
    pins = {pin.name: pin.version for pin in read_lock(CHECKOUT / "requirements.lock") if pin.is_for_this_python}
    wanted = set(follow(asking, extras)) - {"flux-gateway"}
    assert {name: installed[name].version for name in wanted} == {name: pins[name] for name in wanted}
