"""`flux check`: files judged on the spot, by the same steps as in the gateway, without ledger or vault."""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from flux.app.register import open_register
from flux.app.workshop import build_judge, judge_settings, virus_scanner
from flux.config import load
from flux.engine.excerpts import collect_excerpts
from flux.engine.opening import count_invoices, weigh_members
from flux.engine.worker import count_advice
from flux.errors import ConfigError
from flux.intake.reading import Piece, read_pieces
from flux.intake.unpack import Container, open_container
from flux.model.causes import group_by_cause
from flux.model.excerpt import Excerpts, Spot, spot_of
from flux.model.finding import Finding, LayerName, Observation
from flux.model.interface import INTERFACES, Deposit, Syntax
from flux.model.paris import PARIS
from flux.model.partner import Language
from flux.model.verdict import Judgment, LayerStatus, Verdict
from flux.pipeline import Judge, JudgeSettings, Member
from flux.replies.report_faults import EXCERPTED_CAUSES, EXCERPTED_INVOICES
from flux.schemas import SchemaCatalogue

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """How files are to be judged; `judge` is kept from file to file."""

    judge: Judge
    deposit: Deposit
    language: Language
    settings: JudgeSettings

    @classmethod
    def build(cls, *, layers: frozenset[LayerName], deposit: str | None, config_path: Path | None) -> "CheckOptions":
        """The options that a command line asks for. Raises ConfigError for a deposit that does not exist."""
        configured = load(config_path) if config_path else None
        settings = judge_settings(configured) if configured else JudgeSettings()
        if layers:
            settings = replace(settings, layers=layers)
        asks_register = not layers or LayerName.REGISTER in layers
        return cls(
            judge=build_judge(
                settings,
                SchemaCatalogue(preferred=configured.schemas.folder if configured else None),
                register=open_register(configured) if configured and asks_register else None,
                scanner=virus_scanner(configured) if configured else None,
            ),
            deposit=read_deposit(deposit),
            language=configured.gateway.language if configured else Language.FR,
            settings=settings,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """A file as it was named, and what was said of each invoice in it; a file that holds none gives one judgment.

    `excerpts` are the lines around the first place of each cause that refuses, where they were asked for.
    """

    file: str
    judgments: tuple[Judgment, ...]
    excerpts: Excerpts = field(default_factory=dict)


def read_deposit(text: str | None) -> Deposit:
    """The deposit that `--as` names: an interface code, or SYNTAX/PROFILE. Raises ConfigError."""
    if text is None:
        return Deposit()
    if text in INTERFACES:
        return Deposit(interface=INTERFACES[text])
    syntax, _, profile = text.partition("/")
    known = {each.value: each for each in Syntax}
    if syntax not in known:
        raise ConfigError(
            f"--as {text}: neither an interface ({', '.join(INTERFACES)}) nor SYNTAX/PROFILE with {' or '.join(known)}"
        )
    return Deposit(syntax=known[syntax], profile=profile or None)


def expand_paths(paths: Sequence[str]) -> list[str]:
    """The files that the paths name: a folder gives all its files, sorted. Raises ConfigError for one that is not there."""
    files: list[str] = []
    for path in paths:
        if path == STANDARD_INPUT or Path(path).is_file():
            files.append(path)
        elif Path(path).is_dir():
            files.extend(str(file) for file in sorted(Path(path).rglob("*")) if file.is_file())
        else:
            raise ConfigError(f"{path}: no such file or folder")
    return files


def check_file(file: str, options: CheckOptions, *, with_excerpts: bool = False) -> CheckedFile:
    """Judge one file."""
    with tempfile.TemporaryDirectory(prefix="flux-check-") as folder:
        path = _readable(file, Path(folder))
        opened = open_container(path, Path(file).name, options.settings.limits, Path(folder) / "spool")
        judgments = tuple(_judge(opened, options))
        excerpts: Excerpts = {}
        if with_excerpts and isinstance(opened, Container):
            excerpts = collect_excerpts(_refused_spots(judgments), opened.members, options.settings.limits)
        return CheckedFile(file=file, judgments=judgments, excerpts=excerpts)


def _refused_spots(judgments: Sequence[Judgment]) -> Iterator[tuple[int, Spot]]:
    """The first place of each cause that refuses, by ordinal of the member."""
    for judgment in judgments[:EXCERPTED_INVOICES]:
        refusing = (finding for finding in judgment.findings if finding.is_fatal)
        for first, *_ in islice(group_by_cause(refusing), EXCERPTED_CAUSES):
            spot = spot_of(first)
            if spot is not None:
                yield judgment.ordinal, spot


def _readable(file: str, folder: Path) -> Path:
    if file != STANDARD_INPUT:
        return Path(file)
    copied = folder / "stdin"
    with copied.open("wb") as target:
        while piece := sys.stdin.buffer.read(1 << 20):
            target.write(piece)
    return copied


def _judge(opened: Container | Sequence[Observation], options: CheckOptions) -> Iterator[Judgment]:
    if not isinstance(opened, Container):
        yield options.judge.refuse(0, None, opened, options.deposit)
        return
    members, envelopes = weigh_members(opened.members, lambda seen: options.judge.weigh_flow(seen, options.deposit))
    notes = (*opened.observations, *count_advice(count_invoices(members), options.settings.limits))
    findings = (*options.judge.weigh_flow(notes, options.deposit), *envelopes)
    for piece in read_pieces(members, 0, options.settings.limits):
        for judgment in _judge_piece(piece, options, alone=len(members) == 1):
            yield _with_findings(judgment, findings)


def _judge_piece(piece: Piece, options: CheckOptions, *, alone: bool) -> Sequence[Judgment]:
    name = None if alone and not piece.member.archived else piece.member.name
    if not isinstance(piece.content, bytes):
        return (options.judge.refuse(piece.ordinal, name, piece.content, options.deposit, piece.place),)
    member = Member(
        ordinal=piece.ordinal,
        name=name,
        data=piece.content,
        deposit=options.deposit,
        alone=alone,
        place=piece.place,
    )
    return options.judge.judge(member, datetime.now(PARIS).date())


def _with_findings(judgment: Judgment, findings: tuple[Finding, ...]) -> Judgment:
    """The judgment with what was found of the whole file, which may refuse it."""
    if not findings:
        return judgment
    both = (*findings, *judgment.findings)
    if not any(finding.is_fatal for finding in findings):
        return replace(judgment, findings=both)
    layers = tuple(
        replace(layer, status=LayerStatus.FAILED) if layer.name is LayerName.INTAKE else layer
        for layer in judgment.layers
    )
    return replace(judgment, findings=both, layers=layers, verdict=Verdict.REJECTED)
