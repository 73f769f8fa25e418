"""What a PDF would do by itself is found in its bytes and in its compressed objects, and nowhere else."""

import tracemalloc
import zlib

import pytest

from flux.rules.pdf_actions import UNSEEN, find_action, why
from tests.faults.hostile.attachments import pdf_with

ACTIVE = {
    "/S /JavaScript /JS (x)": "/JavaScript",
    "/S/JavaScript/JS(x)": "/JavaScript",
    "/S /J#61v#61Script": "/JavaScript",
    "/S /#4a#61#76#61#53cript": "/JavaScript",
    "/OpenAction << /S /GoTo >>": "/OpenAction",
    "/OpenAction 5 0 R": "/OpenAction",
    "/S /Launch /F (cmd.exe)": "/Launch",
    "/AA << /O 5 0 R >>": "/AA",
    "/AA 5 0 R": "/AA",
    "/AA\0<< /O 5 0 R >>": "/AA",
    "/Subtype /RichMedia": "/RichMedia",
    "/A << /S /SubmitForm /F (http://evil) >>": "/SubmitForm",
    "/A << /S /ImportData >>": "/ImportData",
    "/A << /S /GoToR /F (//evil/share) >>": "/GoToR",
    "/A << /S /GoToE >>": "/GoToE",
    "/A << /S /Rendition >>": "/Rendition",
    "/A << /S /Movie >>": "/Movie",
    "/Subtype /3D /OnInstantiate 5 0 R": "/OnInstantiate",
    "/AcroForm << /XFA 5 0 R >>": "/XFA",
    "/AcroForm << /XFA [(a) 5 0 R] >>": "/XFA",
    "/Foo << /JS (app.alert) >>": "/JS",
    "/Foo << /JS <6170702e> >>": "/JS",
    "/Foo << /JS 5 0 R >>": "/JS",
}
STILL = [
    "/OpenAction [3 0 R /Fit]",
    "/JavaScripts 1",
    "/Launcher 1",
    "/AA 5",
    "/AAB << >>",
    "/Names << /EmbeddedFiles 5 0 R >>",
    "/Title (JavaScript)",
    "/A << /S /URI /URI (https://example.org) >>",
    "/A << /S /GoTo /D [3 0 R /Fit] >>",
    "/JS(\x01\x02\x03",  # as in a compressed picture
    "/OpenAction                        [3 0 R /Fit]",
]


@pytest.mark.parametrize(("objects", "action"), ACTIVE.items())
def test_an_action_is_found_plain_and_compressed(objects: str, action: str) -> None:
    assert find_action(pdf_with(objects)) == action
    assert find_action(pdf_with(hidden=objects)) == action


@pytest.mark.parametrize("objects", STILL)
def test_what_lies_still_is_let_through(objects: str) -> None:
    assert find_action(pdf_with(objects)) is None
    assert find_action(pdf_with(hidden=objects)) is None


def stream(data: bytes, dictionary: str = "/Type /ObjStm /N 1 /First 4", line_end: bytes = b"\n") -> bytes:
    return f"4 0 obj << {dictionary} >>\n".encode() + b"stream" + line_end + data + b"\nendstream endobj\n"


SCRIPT = b"5 0 << /S /JavaScript >>"
PACKED = zlib.compress(SCRIPT)
QUIET = zlib.compress(b"5 0 << /Type /Catalog >>")


@pytest.mark.parametrize(
    "data",
    [
        stream(PACKED, f"/Type /ObjStm /Pad ({'x' * 100_000})"),
        stream(PACKED, line_end=b"\r"),
        stream(PACKED, line_end=b"\r\n"),
        stream(PACKED, "/Type 9 0 R /N 1 /First 4") + b"9 0 obj /ObjStm endobj",
        stream(QUIET) * 300 + stream(PACKED),
        stream(zlib.compress(b"5 0 << /X (" + bytes(2**21) + b") /S /JavaScript >>")),
        stream(b"xxxx") + stream(PACKED),  # what is damaged hides nothing behind it
    ],
)
def test_compressed_objects_are_looked_at_wherever_they_lie(data: bytes) -> None:
    assert find_action(b"%PDF-1.7 " + data) == "/JavaScript"


@pytest.mark.parametrize(
    "data",
    [
        stream(PACKED.hex().encode() + b">"),
        stream(SCRIPT.hex(" ").encode() + b">"),
        stream(zlib.compress(SCRIPT.hex(" ").encode())),  # compressed twice
        stream(zlib.compress(PACKED)),
        stream(PACKED[:-6]),
        stream(QUIET + PACKED),
        b"/Type /ObjStm >> stream\n" + PACKED,  # without an end
        b"9 0 obj /ObjStm endobj",  # the type of a stream that stands elsewhere
        stream(QUIET) * 5_000,
        stream(zlib.compress(b" " * 2**26)) * 20,
    ],
)
def test_compressed_objects_that_cannot_be_looked_at_whole_are_told(data: bytes) -> None:
    assert find_action(b"%PDF-1.7 " + data) == UNSEEN


@pytest.mark.parametrize(
    "data",
    [
        stream(QUIET),
        stream(QUIET) * 300,
        stream(QUIET + b"\r\n"),
        stream(b"\xff\xd8picture", "/Type /XObject"),
        b"<< /Type /Outlines /First 5 0 R /Last 9 0 R >>" + stream(b"\xff\xd8picture", "/Type /XObject"),
    ],
)
def test_ordinary_streams_raise_no_alarm(data: bytes) -> None:
    assert find_action(b"%PDF-1.7 " + data) is None


def test_that_nobody_looked_is_said_in_both_languages() -> None:
    assert dict(why(UNSEEN)).keys() == {"reason_fr", "reason_en"}
    assert why("/JavaScript") == ()


def test_bombs_are_inflated_to_one_bound_together() -> None:
    bombs = stream(zlib.compress(b" " * 2**26)) * 20
    tracemalloc.start()
    assert find_action(b"%PDF-1.7 " + bombs) == UNSEEN
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**27
