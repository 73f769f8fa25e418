"""Files on their way from a partner's server into a claim.

<claim id>.pulled   the note: what the file was on its server; written first, it stays until the ledger holds the flow
<claim id>.part     the bytes, while they come
<claim id>/pulled   the file, whole: a claim like any other, under a name that this machine takes whatever the server called it
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from flux.transport.names import is_plain_name

NOTE_SUFFIX = ".pulled"
PART_SUFFIX = ".part"
CLAIMED_AS = "pulled"


@dataclass(frozen=True, slots=True, kw_only=True)
class PulledFile:
    """A file of a partner's server. `key` names it among all that this partner ever showed.

    `kept_modified` says when it was written, in seconds since the epoch, where it stays on its server.
    """

    key: str
    name: str
    size_bytes: int
    kept_modified: float | None = None


def write_note(path: Path, pulled: PulledFile) -> None:
    """Write the note, synced. Raises OSError."""
    with path.open("x", encoding="ascii") as file:
        json.dump(asdict(pulled), file)
        file.flush()
        os.fsync(file.fileno())


def read_note(path: Path) -> PulledFile | None:
    """The note; None where there is none, or only the beginning of one. Raises OSError."""
    try:
        written = json.loads(path.read_text(encoding="ascii"))
        modified = written.get("kept_modified")
        pulled = PulledFile(
            key=str(written["key"]),
            name=str(written["name"]),
            size_bytes=int(written["size_bytes"]),
            kept_modified=None if modified is None else float(modified),
        )
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return pulled if is_plain_name(pulled.name) else None


def make_claim(place: Path) -> None:
    """Make a claim of the bytes that have come. Raises OSError."""
    place.mkdir(mode=0o700, exist_ok=True)
    part_path(place).rename(place / CLAIMED_AS)


def discard_pull(place: Path) -> None:
    """Forget a file that did not come. Raises OSError."""
    part_path(place).unlink(missing_ok=True)
    place.with_name(place.name + NOTE_SUFFIX).unlink(missing_ok=True)


def finish_pulls(claims: Path) -> list[OSError]:
    """After a crash: a part of the size that was announced is a claim, for its server may not give it twice; others are asked for again.

    What was in the way of single ones, which stay as they are for the next start; they hold up no other. Raises OSError.
    """
    failures = []
    for note in sorted(claims.glob("*" + NOTE_SUFFIX)):
        try:
            _finish_pull(note)
        except OSError as error:
            failures.append(error)
    for unfinished in claims.glob(f".*{PART_SUFFIX}"):  # under the temporary name of a transport
        unfinished.unlink()
    return failures


def _finish_pull(note: Path) -> None:
    place = note.with_suffix("")
    pulled = read_note(note)
    part = part_path(place)
    if pulled and part.is_file() and part.stat().st_size == pulled.size_bytes:
        make_claim(place)
    elif not (pulled and place.is_dir() and any(place.iterdir())):
        discard_pull(place)


def part_path(place: Path) -> Path:
    """Where the bytes of a claim are written while they come."""
    return place.with_name(place.name + PART_SUFFIX)
