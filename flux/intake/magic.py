"""What bytes are, from the bytes alone: deposits come without extension, and names lie."""

import codecs
import re
from enum import Enum

# A tar header is one block of 512 bytes; the other signatures are shorter.
HEAD_BYTES = 512

_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")  # first entry, empty archive, first of several disks

# Archives and compressions that are not taken, by their name.
_FOREIGN = (
    ("xz", re.compile(rb"\xfd7zXZ\0")),
    ("bzip2", re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")),
    ("7z", re.compile(rb"7z\xbc\xaf\x27\x1c")),
    ("rar", re.compile(rb"Rar!\x1a\x07(?:\0|\x01\0)")),
    ("zstd", re.compile(rb"\x28\xb5\x2f\xfd")),
)


class ContainerKind(Enum):
    """How a flow's bytes hold its members."""

    TAR_GZ = "tar.gz"
    GZIP = "gz"
    TAR = "tar"
    ZIP = "zip"
    XML = "xml"
    BYTES = "bytes"

    @property
    def is_archive(self) -> bool:
        """True where members have names of their own."""
        return self in (ContainerKind.TAR_GZ, ContainerKind.TAR, ContainerKind.ZIP)


def kind_of(head: bytes) -> ContainerKind:
    """The kind that the first 512 bytes tell. A compressed tar is told as `GZIP`: only its own head tells more."""
    if head.startswith(b"\x1f\x8b"):
        return ContainerKind.GZIP
    if head.startswith(_ZIP):
        return ContainerKind.ZIP
    if head[257:262] == b"ustar":
        return ContainerKind.TAR
    if is_xml(head):
        return ContainerKind.XML
    return ContainerKind.TAR if has_tar_checksum(head) else ContainerKind.BYTES


def is_xml(head: bytes) -> bool:
    """True where the first character is one that opens a tag, whatever the encoding."""
    for bom in _BOMS:
        head = head.removeprefix(bom)
    return head.lstrip(b" \t\r\n\0").startswith(b"<")


def is_nested(head: bytes) -> bool:
    """True for the head of an archive or of compressed bytes."""
    kind = kind_of(head)
    return kind.is_archive or kind is ContainerKind.GZIP or foreign_name(head) is not None


def foreign_name(head: bytes) -> str | None:
    """The name of an archive or a compression that is not taken; None for all else."""
    return next((name for name, magic in _FOREIGN if magic.match(head)), None)


def is_side_file(name: str, head: bytes) -> bool:
    """True for what macOS adds to archives by itself: AppleDouble twins (`._name`) and `.DS_Store`.

    Name and bytes must both say so; no invoice can begin like this, so that none is passed over.
    """
    base = name.rpartition("/")[2]
    if base.startswith("._"):
        return head.startswith(b"\x00\x05\x16\x07")
    return base == ".DS_Store" and head.startswith(b"\x00\x00\x00\x01Bud1")


def has_tar_checksum(block: bytes) -> bool:
    """True where the block's checksum is that of a tar header (POSIX pax, ustar interchange format)."""
    if len(block) < HEAD_BYTES:
        return False
    try:
        written = int(block[148:156].strip(b" \0") or b"0", 8)
    except ValueError:
        return False
    unsigned = sum(block[:148]) + 8 * ord(" ") + sum(block[156:HEAD_BYTES])
    # Some old writers summed signed characters.
    above_127 = sum(byte > 127 for byte in block[:148] + block[156:HEAD_BYTES]) if written != unsigned else 0
    return written in (unsigned, unsigned - 256 * above_127)
