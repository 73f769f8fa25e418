"""Which kinds of file may be attached: by extension in the formats of Chorus, by MIME code in those of the reform.

Sources: the list of extensions that AIFE publishes; BR-CL-24 of EN 16931, its twin of EXTENDED-CTC-FR, and the code
lists of Factur-X 1.09.
"""

from collections.abc import Iterable, Iterator, Mapping

from flux.model.finding import Observation
from flux.model.invoice import Attachment
from flux.rules.attachment_name import FileName, extension_of
from flux.rules.quote import quote

EXTENSIONS = frozenset(
    {"bmp", "bz2", "csv", "doc", "docx", "fax", "gif", "gz", "gzip", "htm", "html", "jpeg", "jpg", "odp", "ods", "odt"}
    | {"p7s", "pdf", "png", "pps", "ppt", "pptx", "rtf", "svg", "tgz", "tif", "tiff", "txt", "xhtml", "xlc", "xlm"}
    | {"xls", "xlsx", "xml", "zip"}
)

# The extensions of each MIME code, the usual one first.
MIME_EXTENSIONS: Mapping[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpeg", "jpg"),
    "text/csv": ("csv",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
    "application/vnd.oasis.opendocument.spreadsheet": ("ods",),
    "application/xml": ("xml",),
    "text/xml": ("xml",),
    "application/json": ("json",),
}
_EN16931 = frozenset(tuple(MIME_EXTENSIONS)[:6])
_XML = frozenset({"application/xml", "text/xml"})
# What a profile admits beyond EN 16931; a profile of others may admit as much.
_ADDED = {
    "en16931": frozenset[str](),
    "facturx-minimum": frozenset[str](),
    "facturx-basicwl": frozenset[str](),
    "facturx-basic": frozenset[str](),
    "facturx-extended": _XML | {"application/json"},
}


def mime_codes_of(attachment: Attachment, *, is_wrapped: bool) -> Iterator[str]:
    """The MIME codes that an attachment states, without parameters; the UBL of Chorus has them among its type codes."""
    for term in (*attachment.type_code, *attachment.mime_code) if is_wrapped else attachment.mime_code:
        code = term.text.partition(";")[0].strip().lower()
        if "/" in code:
            yield code


def real_extension(extension: str, member: str) -> str:
    """The extension of the file, which the name of its zip may hide: notice.zip that holds notice.doc."""
    return extension_of(member) or extension if extension in ("", "zip") else extension


def judge_extension(attachment: Attachment, name: FileName, member: str) -> Iterator[Observation]:
    """ATTACHMENT_TYPE where Chorus does not admit the file. `member` is its name in its zip, empty without."""
    extension = real_extension(extension_of(name.label), member)
    if extension in EXTENSIONS:
        return
    known = (code in MIME_EXTENSIONS for code in mime_codes_of(attachment, is_wrapped=True))
    if extension or not any(known):
        yield _refuse(name, f".{extension}" if extension else None, EXTENSIONS, "BT-125-2")


def judge_mime_code(attachment: Attachment, name: FileName, profile: str | None) -> Iterator[Observation]:
    """ATTACHMENT_TYPE where the profile does not admit the file, by its MIME code, else by its extension."""
    admitted = _EN16931 | _ADDED.get(profile or "", _XML)
    codes = tuple(mime_codes_of(attachment, is_wrapped=False))
    extensions = {extension for code in admitted for extension in MIME_EXTENSIONS[code]}
    refused = next((code for code in codes if code not in admitted), None)
    if refused is not None:
        yield _refuse(name, refused, extensions, "BT-125-1")
    elif not codes and name.extension and name.extension not in extensions:
        yield _refuse(name, f".{name.extension}", extensions, "BT-125-2")


def _refuse(name: FileName, found: str | None, admitted: Iterable[str], term: str) -> Observation:
    return Observation(
        code="ATTACHMENT_TYPE",
        term=term,
        place=name.group if term == "BT-125-1" else name.place,
        found=quote(found) if found else None,
        expected=", ".join(sorted(admitted)),
        facts=name.facts,
    )
