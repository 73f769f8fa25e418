"""Every byte that a ledger names, read again."""

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from flux.ledger.faults import Fault, FaultKind, Tally
from flux.ledger.references import Reference, References
from flux.ledger.vault import place_of

# Hashing lets other threads run: the disk and two processors have work, memory stays small.
_THREADS = 4
_FILES_AT_ONCE = 256


def check_vault(root: Path, references: References, tally: Tally, on_bytes: Callable[[int], None]) -> Iterator[Fault]:
    """Presence, size and SHA-256 of each file; `on_bytes` hears of the bytes read."""
    kept = references.kept()
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="verify") as pool:
        while batch := list(islice(kept, _FILES_AT_ONCE)):
            for reference, fault in zip(batch, pool.map(lambda each: _check(root, each), batch), strict=True):
                tally.files += 1
                tally.bytes += reference.size_bytes
                on_bytes(reference.size_bytes)
                if fault is not None:
                    yield fault


def count_unreferenced(root: Path, references: References) -> int:
    """How many files no flow names: what was being taken in or put out just now, or what a crash left."""
    files = (file for folder in root.glob("[0-9a-f][0-9a-f]") for file in folder.iterdir())
    return sum(not references.holds(file.name) for file in files)


def _check(root: Path, reference: Reference) -> Fault | None:
    path = place_of(root, reference.sha256)
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
    except FileNotFoundError:
        return Fault(kind=FaultKind.BYTES_MISSING, flow=reference.flow, path=str(path), expected=reference.sha256)
    except OSError as error:
        return Fault(kind=FaultKind.BYTES_ALTERED, flow=reference.flow, path=str(path), found=str(error.strerror))
    if (found, size) == (reference.sha256, reference.size_bytes):
        return None
    return Fault(
        kind=FaultKind.BYTES_ALTERED,
        flow=reference.flow,
        path=str(path),
        expected=f"{reference.size_bytes} bytes, {reference.sha256}",
        found=f"{size} bytes, {found}",
    )
