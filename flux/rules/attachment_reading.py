"""Why an attachment cannot be read, as an observation."""

from flux.model.attachment_fault import AttachmentFault
from flux.model.finding import Observation
from flux.model.limits import Limits
from flux.rules.attachment_name import FileName

_CODES = {
    AttachmentFault.MISSING: "ATTACHMENT_REFERENCE",
    AttachmentFault.BASE64: "ATTACHMENT_BASE64",
    AttachmentFault.EMPTY: "ATTACHMENT_EMPTY",
}
_REASONS = {
    AttachmentFault.ZIP_DAMAGED: ("le zip est endommagé", "the zip is damaged"),
    AttachmentFault.ZIP_ENCRYPTED: ("le zip demande un mot de passe", "the zip asks for a password"),
    AttachmentFault.ZIP_METHOD: (
        "le zip emploie une compression autre que deflate",
        "the zip uses a compression other than deflate",
    ),
    AttachmentFault.ZIP_EMPTY: ("le zip ne contient aucun fichier", "the zip holds no file"),
    AttachmentFault.ZIP_SEVERAL: ("le zip contient plusieurs fichiers", "the zip holds several files"),
    AttachmentFault.ZIP_AMBIGUOUS: (
        "deux logiciels pourraient y lire deux choses",
        "two programs could read two things in it",
    ),
    AttachmentFault.ZIP_SPECIAL: (
        "le zip contient autre chose que des fichiers et des dossiers ordinaires",
        "the zip holds other things than ordinary files and folders",
    ),
}


_ALONE = ("une fois décompressée", "once unzipped")
_TOGETHER = ("avec les autres pièces jointes de la facture", "together with the other attachments of the invoice")


def describe_fault(fault: AttachmentFault, name: FileName, occurrence: int = 0) -> Observation:
    """The observation of a fault of the content at that occurrence."""
    is_missing = fault is AttachmentFault.MISSING
    return Observation(
        code=_CODES.get(fault, "ATTACHMENT_ZIP"),
        term="BT-122" if is_missing else "BT-125",
        place=(*name.group, "reference", 0) if is_missing else (*name.group, "content", occurrence),
        facts=(*name.facts, *_facts(_REASONS.get(fault))),
    )


def describe_size(name: FileName, occurrence: int, left_bytes: int, limits: Limits) -> Observation:
    """The observation of a file that is larger than one may be, or than the others of its invoice leave it."""
    alone = left_bytes >= limits.attachment_bytes
    reasons = _ALONE if alone else _TOGETHER
    return Observation(
        code="ATTACHMENT_SIZE",
        term="BT-125",
        place=(*name.group, "content", occurrence),
        expected=str(limits.attachment_bytes if alone else limits.attachments_bytes),
        facts=(*name.facts, *_facts(reasons)),
    )


def _facts(reasons: tuple[str, str] | None) -> tuple[tuple[str, str], ...]:
    return (("reason_fr", reasons[0]), ("reason_en", reasons[1])) if reasons else ()
