"""Hostile attachments: files that cannot be read, that are not what they say, that act by themselves."""

import io
import struct
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Iterator

from flux.demo.afnor_samples import AFNOR_SAMPLE
from flux.demo.facturx_samples import embed, write_facturx, write_facturx_xml
from tests.faults.hostile.case import Family, Hostile, Maker, accepted, rejected
from tests.faults.hostile.documents import APPLE_DOUBLE, PDF, attached, later, zipped

_MEBIBYTE = 2**20


def classes() -> Iterator[Hostile]:
    """Every class of hostile attachments."""
    yield from _containers()
    yield from _hiding_places()
    yield from _names()
    yield from _contents()
    yield from _active()


def _hostile(name: str, files: dict[str, Maker], **rest: object) -> Hostile:
    return Hostile(name=name, family=Family.ATTACHMENTS, files=files, **rest)  # type: ignore[arg-type]


def _raw(data: bytes) -> Maker:
    return lambda: attached(raw=b64encode(data).decode())


def _containers() -> Iterator[Hostile]:
    good_zip = zipped(("devis.pdf", PDF))
    encrypted = good_zip.replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01").replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"
    )
    yield _hostile(
        "zips that cannot be read",
        {
            "two files.xml": _raw(zipped(("a.pdf", PDF), ("b.pdf", PDF))),
            "no file.xml": _raw(zipped()),
            "cut short.xml": _raw(good_zip[:-30]),
            "encrypted.xml": _raw(encrypted),
            "1,000 files.xml": _raw(zipped(*((f"{n}.pdf", PDF) for n in range(1_000)))),
        },
        answer=rejected("ATTACHMENT_ZIP"),
        why="Chorus Pro wraps each file in a zip of its own",
        twins={"a.xml": later(attached)},
    )
    yield _hostile(
        "base64 that is none",
        {"a.xml": lambda: attached(raw="!!!!")},
        answer=rejected("ATTACHMENT_BASE64"),
        why="the schema's check is lenient, ours is not",
        twins={
            "lines.xml": lambda: attached(
                raw="\n".join(b64encode(good_zip).decode()[n : n + 76] for n in range(0, 999, 76))
            )
        },
    )
    yield _hostile(
        "base64 with padding inside",
        {"a.xml": lambda: attached(raw="QUJD=QUJ")},
        answer=rejected("XSD_INVALID"),
        why="the schema demands base64",
    )
    yield _hostile(
        "an empty file",
        {"a.xml": _raw(zipped(("devis.pdf", b"")))},
        answer=rejected("ATTACHMENT_EMPTY"),
        why="nothing to read",
    )
    yield _hostile(
        "a bomb in an attachment",
        {"a.xml": _raw(zipped(("devis.pdf", bytes(130 * _MEBIBYTE))))},
        answer=rejected("ATTACHMENT_SIZE"),
        why="100 MB at most, and no more is ever inflated",
        seconds=10,
    )
    yield _hostile(
        "an archive in its zip",
        {"a.xml": lambda: attached(zipped(("x.pdf", PDF)), name="a.zip")},
        answer=accepted(),
        why="a zip is an admitted kind of attachment; it is not opened",
    )


def _hiding_places() -> Iterator[Hostile]:
    plain = zipped(("devis.pdf", PDF))
    program = b"MZ\x90\0" + bytes(60)
    yield _hostile(
        "zips of an attachment with bytes that only some programs find",
        {
            "an entry that is not listed.xml": _raw(_behind(zipped(("evil.exe", program)))),
            "another name where it lies.xml": _raw(plain.replace(b"devis.pdf", b"../ev.exe", 1)),
            "data behind the end.xml": _raw(plain + program),
            "a second name in UTF-8.xml": _raw(_renamed("../../evil.exe")),
            "a file beside, as macOS names them.xml": _raw(
                zipped(("devis.pdf", PDF), ("__MACOSX/evil.exe", program), ("x.DS_Store", program))
            ),
            "a folder with data.xml": _raw(zipped(("devis.pdf", PDF), ("evil.exe/", program))),
            "a link.xml": _raw(_linked()),
        },
        answer=rejected("ATTACHMENT_ZIP"),
        why="what is judged must be what is opened",
        twins={
            "of macOS.xml": _raw(zipped(("devis.pdf", PDF), ("__MACOSX/._devis.pdf", APPLE_DOUBLE))),
            "of a stream.xml": _raw(_streamed()),
            "zeros behind the end.xml": _raw(plain + bytes(100)),
            "the same name in UTF-8.xml": _raw(_renamed("devis.pdf")),
            "a folder.xml": _raw(zipped(("d/", b""), ("d/devis.pdf", PDF))),
        },
    )
    yield _hostile(
        "names beside the file in its zip that lead astray",
        {
            "folder.xml": _raw(zipped(("devis.pdf", PDF), ("../../up/", b""))),
            "absolute.xml": _raw(zipped(("devis.pdf", PDF), ("/etc/", b""))),
            "side file.xml": _raw(zipped(("devis.pdf", PDF), ("__MACOSX/../../._x", APPLE_DOUBLE))),
        },
        answer=rejected("ATTACHMENT_NAME"),
        why="the recipient unpacks all that is in it",
        twins={"a.xml": _raw(zipped(("up/", b""), ("devis.pdf", PDF), ("__MACOSX/._x", APPLE_DOUBLE)))},
    )


def _behind(hidden: bytes) -> bytes:
    """A zip whose entries lie behind those of another one, which its directory does not name."""
    target = io.BytesIO(hidden[: hidden.index(b"PK\x01\x02")])
    target.seek(0, io.SEEK_END)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("devis.pdf", PDF)
    return target.getvalue()


def _renamed(path: str) -> bytes:
    """A zip whose file has a second name in UTF-8, as Info-ZIP gives it."""
    raw_path = path.encode()
    info = zipfile.ZipInfo("devis.pdf")
    info.extra = struct.pack("<HHBL", 0x7075, 5 + len(raw_path), 1, zlib.crc32(b"devis.pdf")) + raw_path
    return _written(info)


def _linked() -> bytes:
    info = zipfile.ZipInfo("devis.pdf")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return _written(info)


def _written(info: zipfile.ZipInfo) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(info, PDF)
    return target.getvalue()


class _Stream(io.BytesIO):
    """A sink that cannot go back, so that sizes are written behind the data."""

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        raise OSError

    def seek(self, position: int, whence: int = 0) -> int:
        raise OSError(position, whence)


def _streamed() -> bytes:
    target = _Stream()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("devis.pdf", PDF)
    return target.getvalue()


def _names() -> Iterator[Hostile]:
    yield _hostile(
        "names that lead astray",
        {
            "path.xml": later(_named, "../../devis.pdf"),
            "absolute.xml": later(_named, "/etc/devis.pdf"),
            "backslash.xml": later(_named, "..\\devis.pdf"),
            "drive.xml": later(_named, "C:devis.pdf"),
            "direction.xml": later(_named, "fac\u202efdp.exe.pdf"),
            "C1 control.xml": later(_named, "devis\x9b2J.pdf"),
            "device.xml": later(_named, "devis|.pdf"),
        },
        answer=rejected("ATTACHMENT_NAME"),
        why="the recipient writes it to a disk of his own",
        twins={"a.xml": later(_named, "Facture n°117, mars (1).pdf")},
    )
    yield _hostile(
        "an attachment's name of 5,000 characters",
        {"a.xml": later(_named, "a" * 5_000 + ".pdf")},
        answer=accepted("ATTACHMENT_NAME_LONG"),
        why="Chorus Pro cuts it",
    )
    yield _hostile(
        "a kind that is not admitted",
        {f"{kind}.xml": later(_named, f"devis.{kind}") for kind in ("exe", "js", "vbs", "scr", "lnk", "html.exe")},
        answer=rejected("ATTACHMENT_TYPE"),
        why="Chorus Pro's list of extensions",
    )
    yield _hostile(
        "names inside the zip that lead astray",
        {
            "path.xml": lambda: attached(member="../../devis.pdf"),
            "backslash.xml": lambda: attached(member="a\\..\\..\\devis.pdf"),
            "absolute.xml": lambda: attached(member="/etc/devis.pdf"),
            "direction.xml": lambda: attached(member="fac\u202efdp.exe.pdf"),
        },
        answer=rejected("ATTACHMENT_NAME"),
        why="the recipient unpacks it",
        twins={"folder.xml": lambda: attached(member="pièces/devis.pdf")},
    )


def _named(name: str) -> bytes:
    return attached(name=name, member="devis.pdf" if name.endswith(".pdf") else f"devis.{name.rpartition('.')[2]}")


def _contents() -> Iterator[Hostile]:
    yield _hostile(
        "extension against content",
        {
            "program as PDF.xml": lambda: attached(b"MZ\x90\0\x03\0\0\0" + bytes(100)),
            "web page as PDF.xml": lambda: attached(b"<html><script>alert(1)</script></html>"),
            "zip as PDF.xml": lambda: attached(zipped(("a", b"b"))),
            "PDF as picture.xml": lambda: attached(PDF, name="devis.png"),
        },
        answer=accepted("ATTACHMENT_CONTENT"),
        why="the recipient, who opens it, is told; flux opens nothing",
    )


def pdf_with(objects: str = "", *, hidden: str = "") -> bytes:
    """A PDF with more in its body, and more in an object stream that is compressed."""
    body = f"%PDF-1.7\n1 0 obj << /Type /Catalog {objects} >> endobj\n".encode()
    if hidden:
        packed = zlib.compress(f"5 0 << {hidden} >>".encode())
        body += b"4 0 obj << /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed)
        body += packed + b"\nendstream endobj\n"
    return body + b"trailer << /Root 1 0 R >>\n%%EOF\n"


def _object_stream(data: bytes, *, kind: str = "/ObjStm", pad: str = "", line_end: bytes = b"\n") -> bytes:
    dictionary = f"4 0 obj << /Type {kind} /Pad ({pad}) /N 1 /First 4 /Filter /FlateDecode /Length {len(data)} >>\n"
    return dictionary.encode() + b"stream" + line_end + data + b"\nendstream endobj\n"


def _macros() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    return target.getvalue()


def _active() -> Iterator[Hostile]:
    actions = {
        "JavaScript": "/Names << /JavaScript 5 0 R >>",
        "a name in hexadecimal": "/Names << /J#61v#61Script 5 0 R >>",
        "OpenAction": "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>",
        "Launch": "/A << /S /Launch /F (cmd.exe) >>",
        "additional actions": "/AA << /O 5 0 R >>",
        "rich media": "/Subtype /RichMedia",
        "a form that is sent": "/A << /S /SubmitForm /F (http://example.org) >>",
        "data that is fetched": "/A << /S /ImportData >>",
        "a file elsewhere": "/A << /S /GoToR /F (//example.org/share) >>",
        "a file within": "/A << /S /GoToE >>",
        "a film": "/A << /S /Rendition >>",
        "an old film": "/Subtype /Movie /A << /S /Movie >>",
        "a drawing in 3D": "/Subtype /3D /OnInstantiate 5 0 R",
        "XFA": "/AcroForm << /XFA 5 0 R >>",
        "a bare script": "/Foo << /JS (app.alert\\(1\\)) >>",
    }
    files: dict[str, Maker] = {}
    for name, action in actions.items():
        files[f"{name}.xml"] = lambda action=action: attached(pdf_with(action))  # type: ignore[misc]
        files[f"{name}, compressed.xml"] = lambda action=action: attached(pdf_with(hidden=action))  # type: ignore[misc]
    yield _hostile(
        "active content in an attached PDF",
        files,
        answer=accepted("ATTACHMENT_ACTIVE"),
        why="the recipient is told before he opens it",
        twins={
            "page.xml": lambda: attached(pdf_with("/OpenAction [3 0 R /Fit] /PageMode /UseNone")),
            "links.xml": lambda: attached(pdf_with("/A << /S /URI /URI (https://example.org) >>")),
            "compressed.xml": lambda: attached(pdf_with(hidden="/Type /Font")),
        },
    )
    packed = zlib.compress(b"5 0 << /S /JavaScript >>")
    long = zlib.compress(b"5 0 << /X (" + b"x" * 2 * _MEBIBYTE + b") /S /JavaScript >>")
    kinds = {
        "far from its type": _object_stream(packed, pad="x" * 100_000),
        "in hexadecimal": _object_stream(packed.hex().encode() + b">"),
        "in hexadecimal alone": _object_stream(b"5 0 << /S /JavaScript >>".hex().encode() + b">"),
        "compressed twice": _object_stream(zlib.compress(packed)),
        "behind 2 MB": _object_stream(long),
        "behind a carriage return": _object_stream(packed, line_end=b"\r"),
        "behind 256 others": _object_stream(zlib.compress(b"5 0 <<>>")) * 256 + _object_stream(packed),
        "behind a bomb": _object_stream(zlib.compress(b" " * 64 * _MEBIBYTE)) + _object_stream(packed),
        "without a type": _object_stream(packed, kind="9 0 R") + b"9 0 obj /ObjStm endobj\n",
        "in a cipher": _object_stream(bytes(range(64))) + b"trailer << /Encrypt 7 0 R >>",
    }
    yield _hostile(
        "objects of an attached PDF that are hard to look at",
        {f"{name}.xml": later(attached, b"%PDF-1.7\n" + objects) for name, objects in kinds.items()},
        answer=accepted("ATTACHMENT_ACTIVE"),
        why="what nobody could look at is told, as what was found is",
        twins={
            "256.xml": later(attached, b"%PDF-1.7\n" + _object_stream(zlib.compress(b"5 0 << /Type /Font >>")) * 256)
        },
    )
    yield _hostile(
        "active content in other attachments",
        {
            "SVG.xml": lambda: attached(b"<svg><script>x</script></svg>", name="a.svg"),
            "macros.xml": lambda: attached(_macros(), name="a.xlsx"),
        },
        answer=accepted("ATTACHMENT_ACTIVE"),
        why="the recipient is told before he opens it",
    )
    yield _hostile(
        "active content in a Factur-X",
        {
            "plain.pdf": lambda: write_facturx() + b"\n9 0 obj << /S /JavaScript /JS (x) >> endobj\n",
            "compressed.pdf": lambda: pdf_with(hidden="/S /JavaScript") + write_facturx(),
        },
        answer=accepted("PDF_ACTIVE"),
        why="the recipient is told before he opens it",
        twins={"a.pdf": write_facturx},
    )
    yield _hostile(
        "a PDF without an invoice",
        {
            "a.pdf": lambda: embed(AFNOR_SAMPLE, {"devis.xml": b"<a/>"}),
            "renamed.pdf": lambda: embed(AFNOR_SAMPLE, {"../factur-x.xml": write_facturx_xml()}),
        },
        answer=rejected("PDF_NO_INVOICE"),
        why="an invoice bears one of the official names",
        twins={"a.pdf": write_facturx},
    )
    yield _hostile(
        "a PDF with two invoices",
        {"a.pdf": lambda: embed(AFNOR_SAMPLE, {"factur-x.xml": write_facturx_xml(), "Factur-X.xml": b"<a/>"})},
        answer=rejected("PDF_TWO_INVOICES"),
        why="which one is meant cannot be known",
    )
    yield _hostile(
        "a damaged PDF",
        {"a.pdf": lambda: PDF, "cut.pdf": lambda: write_facturx()[:3_000], "script.pdf": lambda: pdf_with("/AA << >>")},
        answer=rejected("PDF_UNREADABLE"),
        why="nothing can be found in it",
    )
