"""Which room may import which: the arrows of the house, and no cycle."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

FLUX = Path(__file__).resolve().parents[2] / "flux"

# A room knows itself, `model` and `errors`, and these; one that touches disks knows `durable` too.
ARROWS: dict[str, set[str]] = {
    "errors": set(),
    "durable": set(),
    "model": set(),
    "formats": set(),
    "rules": set(),
    "replies": set(),
    "transport": {"durable"},
    "sql": {"durable"},
    "ledger": {"sql", "durable"},
    "register": {"sql", "durable"},
    "backup": {"sql", "ledger", "durable"},
    "intake": {"transport", "durable"},
    "delivery": {"transport"},
    "demo": set(),
    "schemas": {"formats"},
    "pipeline": {"formats", "rules", "replies"},
    "engine": {"pipeline", "intake", "delivery", "formats", "rules", "replies"},
    "overrides": set(),
    "config": {"intake", "delivery", "register", "transport", "overrides"},
    "cli": {"app", "config", "demo"},
}
# The composition root knows everything; the package itself is only its version.
FREE = {"app", "__init__", "__main__"}
# Pure rooms: no clock, no file, no socket, no log, no environment.
PURE = ("model", "formats", "rules", "replies", "pipeline")
IMPURE_MODULES = {"os", "socket", "logging", "structlog", "subprocess", "time", "threading", "sqlalchemy", "paramiko"}


def modules() -> Iterator[Path]:
    yield from (path for path in FLUX.rglob("*.py") if "migrations" not in path.parts)


def room_of(path: Path) -> str:
    return path.relative_to(FLUX).parts[0].removesuffix(".py")


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield f"{node.module}.{node.names[0].name}" if node.module == "flux" else str(node.module)


@pytest.mark.parametrize("path", [path for path in modules() if room_of(path) not in FREE], ids=str)
def test_a_room_imports_only_what_its_arrows_allow(path: Path) -> None:
    room = room_of(path)
    allowed = ARROWS[room] | {room, "model", "errors", "__version__"}
    used = {name.split(".")[1] for name in imports_of(path) if name.startswith("flux.")}
    assert used <= allowed, f"{room} may not know {sorted(used - allowed)}"


@pytest.mark.parametrize("path", [path for path in modules() if room_of(path) in PURE], ids=str)
def test_a_pure_room_touches_no_clock_file_socket_or_log(path: Path) -> None:
    used = {name.split(".")[0] for name in imports_of(path)}
    assert not used & IMPURE_MODULES


def test_no_module_imports_itself_through_others() -> None:
    names = {".".join(("flux", *path.relative_to(FLUX).with_suffix("").parts)): path for path in modules()}
    graph = {name: {used for used in imports_of(path) if used in names} for name, path in names.items()}
    for name, used in graph.items():
        assert name not in _reachable(graph, used), f"{name} is on a cycle"


def _reachable(graph: dict[str, set[str]], start: set[str]) -> set[str]:
    seen: set[str] = set()
    waiting = set(start)
    while waiting:
        name = waiting.pop()
        seen.add(name)
        waiting |= graph[name] - seen
    return seen
