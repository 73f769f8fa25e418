"""The values that commands take: a number or a date that nothing could hold is wrong use, told before anything is opened."""

import signal
from contextlib import nullcontext
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from flux.cli import flux, main
from flux.cli.exits import INTERRUPTED, NOT_JUDGED, WRONG_USE
from flux.cli.options import refuse_unknown_partner
from flux.errors import ConfigError

HUGE = "9" * 20


@pytest.mark.parametrize(
    "line",
    [
        f"flows show {HUGE}",
        f"flows list --limit {HUGE}",
        "flows show 0",
        f"deliveries list --limit {HUGE}",
        f"deliveries retry {HUGE}",
        f"deliveries close {HUGE} --reason x",
        f"retention hold --flow {HUGE} --reason x",
        f"retention lift {HUGE} --reason x",
        f"register accounts approve {HUGE}",
        f"register accounts approve --import {HUGE}",
        f"register accounts close {HUGE} --on 2026-12-01",
        f"verify --flow {HUGE}",
        f"rules compare current current --last {HUGE}",
    ],
)
def test_a_number_that_no_row_can_bear_is_wrong_use(line: str) -> None:
    ended = CliRunner().invoke(flux, line.split())
    assert (ended.exit_code, "is not in the range" in ended.output) == (WRONG_USE, True)


@pytest.mark.parametrize(
    "line",
    [
        "flows list --since 0001-01-01",
        "verify --since 9999-12-31",
        "register accounts close 1 --on 0026-12-01",
        "register accounts declare 73282932000074 FR76 --from 20260-1-1",
        "register accounts declare 73282932000074 FR76 --until 9999-12-31",
        "register accounts declare 73282932000074 FR76 --from 2026-12-02 --until 2026-12-01",
        "register show 73282932000074 --at 0001-01-01",
    ],
)
def test_a_day_that_nobody_can_mean_is_wrong_use(line: str) -> None:
    ended = CliRunner().invoke(flux, line.split())
    assert (ended.exit_code, "Invalid value" in ended.output) == (WRONG_USE, True)


@pytest.mark.parametrize("line", ["flows list --since 2026-12-01 --limit 1", "verify --since 1900-01-01 --flow 1"])
def test_other_numbers_and_days_are_taken(line: str) -> None:
    ended = CliRunner().invoke(flux, [*line.split(), "--config", "none.toml"])
    assert "no such file" in str(ended.exception)


def test_a_folder_without_files_is_not_judged(tmp_path: Path) -> None:
    ended = CliRunner().invoke(flux, ["check", str(tmp_path)])
    assert (ended.exit_code, "nothing was judged" in ended.output) == (NOT_JUDGED, True)


def test_ctrl_c_ends_a_command_quietly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def interrupt(_: object) -> list[str]:
        raise KeyboardInterrupt

    monkeypatch.setattr("flux.cli.check.expand_paths", interrupt)
    ended = CliRunner().invoke(flux, ["check", str(tmp_path)])
    assert (ended.exit_code, "Aborted" in ended.output) == (INTERRUPTED, False)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_demonstration_that_is_ended_leaves_its_blocks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: signal.Signals
) -> None:
    left = []

    def run(_: Path) -> None:
        try:
            signal.raise_signal(number)
        finally:
            left.append(number)

    former = signal.getsignal(number)
    monkeypatch.setattr("flux.cli.demo._run", run)
    ended = CliRunner().invoke(flux, ["demo", "--folder", str(tmp_path / "demo")])
    assert (ended.exit_code, left, signal.getsignal(number)) == (128 + number, [number], former)


@pytest.mark.parametrize(
    ("partner", "shown", "refused"),
    [("acmee", [], True), ("acme", [], False), (None, [], False), ("former", ["a flow of one that left"], False)],
)
def test_a_mistyped_partner_is_told_from_one_with_nothing_to_show_and_from_one_that_left(
    partner: str | None, shown: list[str], *, refused: bool
) -> None:
    with pytest.raises(click.BadParameter) if refused else nullcontext() as told:
        refuse_unknown_partner(partner, {"acme": 1}, shown)
    assert (told is not None and "did you mean 'acme'" in str(told.value)) is refused


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (NotADirectoryError(20, "Not a directory", "afile/x"), "flux: afile/x: Not a directory"),
        (
            PermissionError(13, "Permission denied", "/srv/x"),
            "flux: /srv/x: Permission denied; run this as the user whom it belongs to",
        ),
        (OSError("no number and no place"), "flux: no number and no place"),
        (ConfigError("config.toml: no such file"), "flux: config.toml: no such file"),
    ],
)
def test_a_failure_of_the_system_is_told_without_its_number(
    error: Exception, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr("flux.cli.flux", fail)
    with pytest.raises(SystemExit) as ended:
        main()
    assert (ended.value.code, capsys.readouterr().err) == (2, f"{words}\n")
