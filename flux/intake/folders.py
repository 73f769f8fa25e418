"""The folders of the inbox: one for each partner, and the inbox itself for files of nobody."""

import os
from pathlib import Path


def partner_folder(inbox: Path, partner: str) -> Path:
    """Where a partner's files lie; those of no partner lie in the inbox itself."""
    return inbox / partner if partner else inbox


def list_partners(inbox: Path) -> list[str]:
    """The empty name, then the name of each folder, whether the configuration knows it or not. Raises OSError.

    A linked folder is none of ours: whoever made the link could have us take any file of the machine.
    """
    with os.scandir(inbox) as entries:
        names = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False) and entry.name[0] != "."]
    return ["", *sorted(names)]
