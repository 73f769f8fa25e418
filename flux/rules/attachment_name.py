"""The name of an attached file: there is one, a file system takes it, no other attachment bears it, Chorus need not cut it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flux.model.finding import Observation, Place
from flux.model.invoice import Attachment
from flux.model.term import text_of
from flux.rules.quote import quote

# Extension included: Chorus Pro specification of October 2025, and BR-FR-CPRO-41.
LONGEST = 50
OFFICIAL = "BR-FR-CPRO-41"
# What no file system takes everywhere, and what turns the direction of writing so that gnp.exe reads as a picture.
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]')
_FOLDERS = (".", "..")
# A name inside a zip may have folders; it may not lead out of where it is unpacked, nor hide what it is.
_ASTRAY = re.compile(r"^[\\/]|^[A-Za-z]:|(?:^|[\\/])\.\.(?:[\\/]|$)|[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileName:
    """The name of an attachment and where it is written.

    `label` is what people call it: its name, else its reference. `is_due` is true where it must have a name.
    """

    text: str
    label: str
    group: Place
    place: Place
    term: str
    is_due: bool

    @property
    def extension(self) -> str:
        """What follows the last dot, in lower case; empty where there is none."""
        return extension_of(self.text)

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """The attachment at fault, for the sentences of its codes."""
        return (("name", quote(self.label)),) if self.label else ()


def extension_of(name: str) -> str:
    """What follows the last dot of a name, in lower case; empty where there is none."""
    stem, dot, extension = name.rpartition(".")
    return extension.strip().lower() if dot and stem else ""


def name_of(attachment: Attachment, index: int, *, is_wrapped: bool) -> FileName:
    """The name of the attachment at that index; in the formats of Chorus its reference is one where no other is given."""
    reference = text_of(attachment.reference)
    from_reference = is_wrapped and not attachment.filename
    text = reference if from_reference else text_of(attachment.filename)
    group: Place = ("attachments", index)
    return FileName(
        text=text,
        label=text or reference,
        group=group,
        place=(*group, "reference" if from_reference else "filename", 0),
        term="BT-122" if from_reference else "BT-125-2",
        is_due=is_wrapped,
    )


def judge_name(name: FileName) -> Iterator[Observation]:
    """What is wrong with one name."""
    if not name.text:
        if name.is_due:
            yield _refuse(name, "la pièce jointe n'a pas de nom", "the attachment has no name")
        return
    if name.text in _FOLDERS or _FORBIDDEN.search(name.text):
        yield _refuse(
            name, "le nom contient un caractère ou un chemin interdit", "the name holds a forbidden character or path"
        )
    if len(name.text) > LONGEST:
        yield Observation(
            code="ATTACHMENT_NAME_LONG",
            term=name.term,
            place=name.place,
            found=str(len(name.text)),
            expected=str(LONGEST),
            detail=None if name.is_due else OFFICIAL,
            facts=name.facts,
        )


def judge_members(name: FileName, members: Sequence[str]) -> Iterator[Observation]:
    """What is wrong with the names that a file, and what lies beside it, bear in the zip around it."""
    if any(map(_ASTRAY.search, members)):
        yield _refuse(
            name,
            "le nom du fichier dans son zip contient un chemin ou un caractère interdit",
            "the name of the file in its zip holds a forbidden path or character",
        )


def _refuse(name: FileName, reason_fr: str, reason_en: str) -> Observation:
    return Observation(
        code="ATTACHMENT_NAME",
        term=name.term,
        place=name.place,
        found=quote(name.text) or None,
        facts=(("reason_fr", reason_fr), ("reason_en", reason_en)),
    )


def check_names(names: Sequence[FileName]) -> Iterator[Observation]:
    """Names that an earlier attachment bears; Windows takes capitals for small letters."""
    seen: set[str] = set()
    for name in names:
        folded = name.text.casefold()
        if folded and folded in seen:
            yield Observation(code="ATTACHMENT_NAME_TWICE", term=name.term, place=name.place, found=quote(name.text))
        seen.add(folded)
