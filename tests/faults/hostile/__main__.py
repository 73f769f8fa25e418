"""Every hostile file through a real gateway and through `flux check`: `python -m tests.faults.hostile [--json] [--only WORD]`.

A table of classes on the standard output (docs/hostile.md): tried, answered, crashed, and the answer given. Exit code 1 on any
crash, hang, flow without an answer, answer other than expected, request to the beacon, or script that ran in a report.
"""

import json
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.hostile.answers import fits
from tests.faults.hostile.beacon import Beacon
from tests.faults.hostile.browser import find_what_ran
from tests.faults.hostile.case import Answer, Family, Hostile
from tests.faults.hostile.catalogue import all_classes
from tests.faults.hostile.checked import check_class
from tests.faults.hostile.gateway import GatewayCampaign
from tests.faults.hostile.pipe import WatchedPipe


@dataclass(slots=True, kw_only=True)
class Row:
    """What became of one class, twins included: files tried and answered, in the gateway and by `flux check`."""

    hostile: Hostile
    tried: int = 0
    answered: int = 0
    crashed: int = 0
    given: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def take(self, way: str, name: str, given: Answer | None, wanted: Answer) -> None:
        """Count one file."""
        self.tried += 1
        if given is None:
            self.crashed += 1
            self.wrong.append(f"{way}: {name!r}: no answer")
            return
        self.answered += 1
        if not fits(given, wanted):
            self.wrong.append(f"{way}: {name!r}: {given}, expected {wanted}")
        elif wanted is self.hostile.answer:
            self.given.add(str(Answer(verdict=given.verdict, codes=given.codes, remarks=wanted.remarks)))


def main() -> int:
    """Run the campaign; 1 where anything is not as it must be."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one line of JSON per class")
    parser.add_argument("--only", default="", help="only classes with this word in their name")
    options = parser.parse_args()
    with (
        Beacon() as beacon,
        tempfile.TemporaryDirectory(prefix="flux-hostile-") as folder,
        WatchedPipe(Path(folder) / "pipe") as pipe,
    ):
        classes = [each for each in all_classes(beacon.url, str(pipe.path)) if options.only in each.name]
        rows = {each.name: Row(hostile=each) for each in classes}
        faults = [
            *_run_gateway(rows, Path(folder) / "gateway"),
            *_run_checks(rows, Path(folder) / "check"),
            *(f"a report that was opened: {seen}" for seen in find_what_ran(Path(folder) / "browser", beacon)),
            *(f"somebody asked for {path}" for path in beacon.asked),
            *(["somebody opened a file that an invoice names"] if pipe.was_opened else []),
        ]
    faults += [f"{name}: {wrong}" for name, row in rows.items() for wrong in row.wrong]
    write = _json if options.json else _markdown
    lines = write(list(rows.values()))
    print("\n".join(lines))
    print("\n".join(faults), file=sys.stderr)
    return 1 if faults else 0


def _run_checks(rows: dict[str, Row], folder: Path) -> Iterator[str]:
    for name, row in rows.items():
        if row.hostile.family is Family.NAMES:
            continue
        checked = check_class(row.hostile, folder)
        for file, given, wanted in checked.answers:
            row.take("check", file, given, wanted)
        yield from (f"{name}: {fault}" for fault in checked.faults)


def _run_gateway(rows: dict[str, Row], folder: Path) -> Iterator[str]:
    campaign = GatewayCampaign(folder)
    for row in rows.values():
        campaign.add(row.hostile)
    faults = campaign.run()
    for each in campaign.answers:
        rows[each.hostile.name].take("gateway", each.file, each.given, each.wanted)
    yield from faults


def _json(rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(
            {
                "family": row.hostile.family.value,
                "class": row.hostile.name,
                "tried": row.tried,
                "answered": row.answered,
                "crashed": row.crashed,
                "answers": sorted(row.given),
                "wrong": row.wrong,
            },
            ensure_ascii=True,
        )


def _markdown(rows: Sequence[Row]) -> Iterator[str]:
    yield from (
        "# Hostile and odd files",
        "",
        "Made by `make hostile`. Every file of every class is written by the tests, dropped into a gateway that runs, and judged by",
        "`flux check` (names of flows by the gateway alone): each is tried twice. Beside most classes stands a twin, hardly",
        "different and accepted, which is counted too. Bounds: 5 s of processor time and 600 MB of memory a file, more for files of",
        "100 MB; nothing named in a file may be fetched; the gateway must answer a good flow afterwards, with the same workers.",
        "",
    )
    tried, answered, crashed = (sum(getattr(row, name) for row in rows) for name in ("tried", "answered", "crashed"))
    yield f"**{len(rows)} classes, {tried} tried, {answered} answered, {crashed} crashed.**"
    for family in Family:
        held = [row for row in rows if row.hostile.family is family]
        if held:
            yield from ("", f"## {family.value}", "", "| Class | Tried | Answered | Crashed | Answer | Why |")
            yield "|---|---|---|---|---|---|"
            yield from (_line(row) for row in held)


def _line(row: Row) -> str:
    given = "; ".join(sorted(row.given)).replace("|", "\\|")
    name = row.hostile.name.replace("|", "\\|")
    return f"| {name} | {row.tried} | {row.answered} | {row.crashed} | {given} | {row.hostile.why} |"


if __name__ == "__main__":
    sys.exit(main())
