"""Tables on terminals that are too narrow, and on a pipe."""

import io

import pytest

from flux.cli.tables import PIPE_COLUMNS, print_table

NAME = "FSO1100A_FRN001_FRN0011100000000000000001"
COLUMNS, ROW = ("flow", "name", "status", "why"), (1, NAME, "93", "no_route")


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def printed(
    monkeypatch: pytest.MonkeyPatch, row: tuple[object, ...] = ROW, *, terminal: int | None = None
) -> list[str]:
    """The lines on a terminal of that many columns, or on a pipe."""
    out = _Terminal() if terminal else io.StringIO()
    monkeypatch.setattr("sys.stdout", out)
    for name, value in {"COLUMNS": str(terminal or 0), "TERM": "dumb" if terminal is None else "xterm"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("rich.console.Console.is_terminal", property(lambda _: False))  # without colours
    print_table(COLUMNS, [row], spare=("status",))
    return [line.rstrip() for line in out.getvalue().splitlines()]


@pytest.mark.parametrize(("terminal", "has_status"), [(80, True), (60, False)])
def test_a_spare_column_is_left_out_where_there_is_no_room(
    monkeypatch: pytest.MonkeyPatch, terminal: int, *, has_status: bool
) -> None:
    heading, line = printed(monkeypatch, terminal=terminal)
    assert ("status" in heading, NAME in line, len(line) <= terminal) == (has_status, True, True)


def test_what_does_not_fit_goes_on_below_and_is_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    heading, *lines = printed(monkeypatch, terminal=40)
    assert max(map(len, (heading, *lines))) <= 40
    assert "".join(line[6:].split("no_route")[0].strip() for line in lines) == NAME


def test_a_pipe_has_room_for_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    reason = "x" * 2 * PIPE_COLUMNS
    heading, line = printed(monkeypatch, (1, NAME, "93", reason))
    assert ("status" in heading, line.endswith(reason)) == (True, True)
