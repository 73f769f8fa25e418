"""The official verdict on many documents, from memory where the same stylesheet has judged the same bytes before."""

import hashlib
import json
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from threading import Lock

from flux.engine.official import Fired, Judged, NotJudged, OfficialEngine, OfficialVerdict, Unjudged
from flux.engine.official_ids import rule_name
from flux.model.interface import Syntax
from tests.official.artefacts import stylesheet

PROCESSES = 2
_TABLE = "CREATE TABLE IF NOT EXISTS answers (rules BLOB, document BLOB, answer TEXT, PRIMARY KEY (rules, document)) WITHOUT ROWID"


class Oracle:
    """The official rules of one set and syntax."""

    def __init__(self, engine: OfficialEngine, rules: Path, answers: "Answers") -> None:
        self._engine = engine
        self._rules = rules
        self._key = hashlib.sha256(rules.read_bytes()).digest()
        self._answers = answers

    def judge(self, document: bytes) -> OfficialVerdict:
        """What the rules say of a document."""
        key = hashlib.sha256(document).digest()
        known = self._answers.get(self._key, key)
        if known is not None:
            return known
        verdict = self._engine.judge(document, self._rules)
        if isinstance(verdict, Judged) or verdict.reason is Unjudged.GAVE_UP:
            self._answers.put(self._key, key, verdict)
        return verdict

    def judge_all(self, documents: Iterable[bytes]) -> Iterator[OfficialVerdict]:
        """What they say of each, in order, two at a time."""
        with ThreadPoolExecutor(PROCESSES) as threads:
            yield from threads.map(self.judge, documents)


class Answers:
    """What an oracle has said before, on disk; several test processes share the file."""

    def __init__(self, path: Path) -> None:
        self._lock = Lock()
        self._rows = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
        self._rows.execute("PRAGMA journal_mode = WAL")
        self._rows.execute("PRAGMA synchronous = OFF")  # what is lost is asked again
        self._rows.execute(_TABLE)

    def get(self, rules: bytes, document: bytes) -> OfficialVerdict | None:
        """The answer, None where it was never asked."""
        with self._lock:
            row = self._rows.execute(
                "SELECT answer FROM answers WHERE rules = ? AND document = ?", (rules, document)
            ).fetchone()
        return None if row is None else _read(row[0])

    def put(self, rules: bytes, document: bytes, verdict: OfficialVerdict) -> None:
        """Remember an answer."""
        with self._lock:
            self._rows.execute("INSERT OR IGNORE INTO answers VALUES (?, ?, ?)", (rules, document, _write(verdict)))

    def close(self) -> None:
        """Let the file go."""
        self._rows.close()


@contextmanager
def oracle(ruleset: str, syntax: Syntax, answers: Path | None = None) -> Iterator[Oracle]:
    """The official rules of a set, in processes that live as long as the context."""
    kept = Answers(answers or answers_file())
    try:
        with OfficialEngine(PROCESSES) as engine:
            yield Oracle(engine, stylesheet(ruleset, syntax), kept)
    finally:
        kept.close()


def answers_file() -> Path:
    """Where the answers of this user are kept between runs."""
    folder = Path(tempfile.gettempdir()) / f"flux-official-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / "answers.sqlite"


def _write(verdict: OfficialVerdict) -> str:
    match verdict:
        case Judged(fired=fired):
            return json.dumps([asdict(each) for each in fired])
        case NotJudged(said=said):
            return json.dumps(said)


def _read(answer: str) -> OfficialVerdict:
    read = json.loads(answer)
    if isinstance(read, str):
        return NotJudged(reason=Unjudged.GAVE_UP, said=read)
    # The names are read anew: what we call a rule may have changed since.
    return Judged(fired=tuple(Fired(**{**row, **rule_name(row["id"], row["text"])._asdict()}) for row in read))
