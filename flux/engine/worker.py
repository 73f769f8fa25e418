"""What one worker process does: open a flow, judge a chunk of it, build what it owes.

A worker is made once, with its parser and its compiled schemas, and then answers tasks as they come down its pipe.
"""

import multiprocessing
import os
import pickle
import shutil
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

from flux.engine.collector import spare_collector
from flux.engine.memory import resident_bytes
from flux.engine.opening import count_invoices, weigh_members
from flux.engine.outputs import OutputBuilder
from flux.engine.tasks import BuildResult, BuildTask, ChunkTask, OpenResult, OpenTask
from flux.intake.naming import check_name
from flux.intake.reading import Piece, read_pieces
from flux.intake.unpack import Container, MemberRef, chunk_members, open_container
from flux.model.disk import is_disk_trouble
from flux.model.finding import Finding, Observation
from flux.model.flow import Flow, FlowName
from flux.model.interface import Deposit
from flux.model.limits import Limits
from flux.model.paris import PARIS
from flux.model.ports import ChunkResult
from flux.model.verdict import Judgment
from flux.pipeline import Judge, Member, leave_unjudged


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """The tools of one worker process. `spool` is a folder for what can be made again."""

    judge: Judge
    outputs: OutputBuilder
    limits: Limits
    spool: Path
    chunk_invoices: int

    def open(self, task: OpenTask) -> OpenResult:
        """Judge the name of a flow and list its members, in chunks; a flow of one chunk is judged on the spot."""
        findings = list(self._weigh(check_name(task.flow, task.partner), task.flow))
        if any(finding.is_fatal for finding in findings):
            return OpenResult(flow=task.flow, chunks=(), findings=tuple(findings), judged=None)
        opened = open_container(task.blob, task.flow.name, self.limits, spool_of(self.spool, task.flow))
        observations = opened.observations if isinstance(opened, Container) else opened
        findings.extend(self._weigh(observations, task.flow))
        listed = opened.members if isinstance(opened, Container) else ()
        members, envelopes = weigh_members(listed, lambda seen: self._weigh(seen, task.flow))
        findings.extend(envelopes)
        findings.extend(self._weigh(count_advice(count_invoices(members), self.limits), task.flow))
        chunks = tuple(self._chunks(task, members))
        judged = self.judge_chunk(chunks[0]) if len(chunks) == 1 and task.judge_at_once else None
        return OpenResult(flow=task.flow, chunks=chunks, findings=tuple(findings), judged=judged)

    def _weigh(self, observations: Sequence[Observation], flow: Flow) -> Iterator[Finding]:
        return self.judge.weigh_flow(observations, deposit_of(flow.name))

    def _chunks(self, task: OpenTask, members: Sequence[MemberRef]) -> Iterator[ChunkTask]:
        for number, (first, chunk) in enumerate(chunk_members(members, self.chunk_invoices)):
            yield ChunkTask(
                flow=task.flow,
                chunk=number,
                first=first,
                members=chunk,
                alone=len(members) == 1,
                moment=task.moment,
                sender_sirets=task.partner.deposit_sirets,
            )

    def judge_chunk(self, task: ChunkTask) -> ChunkResult:
        """Judge every invoice of a chunk."""
        judgments: list[Judgment] = []
        deposit, today = deposit_of(task.flow.name), task.moment.astimezone(PARIS).date()
        for piece in read_pieces(task.members, task.first, self.limits):
            judgments.extend(self._judge_piece(piece, task, deposit, today))
            del piece  # up to 100 MB, else kept while the next is read
        return ChunkResult(flow=task.flow, chunk=task.chunk, judgments=tuple(judgments))

    def _judge_piece(self, piece: Piece, task: ChunkTask, deposit: Deposit, today: date) -> Sequence[Judgment]:
        name, place = piece.member.name, piece.place
        if not isinstance(piece.content, bytes):
            return (self.judge.refuse(piece.ordinal, name, piece.content, deposit, place),)
        member = Member(
            ordinal=piece.ordinal,
            name=name,
            data=piece.content,
            deposit=deposit,
            alone=task.alone,
            sender_sirets=task.sender_sirets,
            place=place,
            partner=task.flow.partner,
        )
        try:
            return self.judge.judge(member, today)
        except Exception as failure:
            if is_disk_trouble(failure):
                raise
            # The worker's edge: a failure of ours never rejects an invoice.
            return (leave_unjudged(piece.ordinal, name, deposit, cause=repr(failure), unit=member.unit),)

    def build(self, task: BuildTask) -> BuildResult:
        """Make every output of a settled flow and put its bytes into the vault; its spool has then served."""
        spool = spool_of(self.spool, task.case.flow)
        built = tuple(self.outputs.build(task, spool))
        shutil.rmtree(spool, ignore_errors=True)
        return BuildResult(flow=task.case.flow, built=built)


def deposit_of(name: str) -> Deposit:
    """As what a flow was handed over: the interface that a strict name announces, whatever the partner's naming."""
    parsed = FlowName.parse(name)
    return Deposit(interface=parsed.interface if parsed is not None else None)


def spool_of(spool: Path, flow: Flow) -> Path:
    """Where the unpacked bytes of a flow lie for as long as it is being treated."""
    return spool / f"{flow.number}-{flow.attempt}"


def count_advice(members: int, limits: Limits) -> tuple[Observation, ...]:
    """A remark where a flow holds more invoices than is advised."""
    if members <= limits.invoices_per_flow_advised:
        return ()
    return (Observation(code="FLOW_COUNT", found=str(members), expected=str(limits.invoices_per_flow_advised)),)


@dataclass(frozen=True, slots=True)
class Failure:
    """What a task that ended with an exception is answered with: an exception itself may not survive the way."""

    cause: str
    is_of_the_disk: bool = False


@dataclass(frozen=True, slots=True)
class Ready:
    """What a worker says first: its workshop is made. It says a Failure where it cannot be made, and ends."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a task is answered with, and the memory that the process holds after it."""

    result: OpenResult | ChunkResult | BuildResult | Failure
    resident_bytes: int


def serve_tasks(pipe: Connection, factory: Callable[[], Workshop]) -> None:
    """Be a worker: make a workshop and answer every task that comes, until the gateway hangs up.

    Ctrl-C and SIGTERM reach the whole group: what they mean is the gateway's to decide, and a worker ends with it.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    with suppress(EOFError, BrokenPipeError):
        workshop = _begin(pipe, factory)
        spare_collector()
        while workshop is not None:
            task = pickle.loads(pipe.recv_bytes())  # noqa: S301 - from the gateway, down a pipe of our own
            _say(pipe, Answer(_answer(workshop, task), resident_bytes()))


def _begin(pipe: Connection, factory: Callable[[], Workshop]) -> Workshop | None:
    try:
        workshop = factory()
    except Exception as failure:  # noqa: BLE001 - the worker's edge: the gateway tells it, and tries again later
        _say(pipe, Failure(repr(failure)))
        return None
    _say(pipe, Ready())
    return workshop


def _say(pipe: Connection, words: Ready | Failure | Answer) -> None:
    pipe.send_bytes(pickle.dumps(words, pickle.HIGHEST_PROTOCOL))


def _end_with_parent() -> None:
    """A gateway that was killed leaves no worker behind."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _answer(
    workshop: Workshop, task: OpenTask | ChunkTask | BuildTask
) -> OpenResult | ChunkResult | BuildResult | Failure:
    try:
        match task:
            case OpenTask():
                return workshop.open(task)
            case ChunkTask():
                return workshop.judge_chunk(task)
            case BuildTask():
                return workshop.build(task)
    except Exception as failure:  # noqa: BLE001 - the worker's edge: the gateway decides what becomes of the task
        return Failure(repr(failure), is_disk_trouble(failure))
