"""What a PDF would do by itself is found in its bytes and in its compressed objects, and nowhere else."""

import zlib

import pytest

from flux.rules.pdf_actions import find_action
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
    "/Subtype /RichMedia": "/RichMedia",
}
STILL = [
    "/OpenAction [3 0 R /Fit]",
    "/JavaScripts 1",
    "/Launcher 1",
    "/AA 5",
    "/AAB << >>",
    "/Names << /EmbeddedFiles 5 0 R >>",
    "/Title (JavaScript)",
]


@pytest.mark.parametrize(("objects", "action"), ACTIVE.items())
def test_an_action_is_found_plain_and_compressed(objects: str, action: str) -> None:
    assert find_action(pdf_with(objects)) == action
    assert find_action(pdf_with(hidden=objects)) == action


@pytest.mark.parametrize("objects", STILL)
def test_what_lies_still_is_let_through(objects: str) -> None:
    assert find_action(pdf_with(objects)) is None
    assert find_action(pdf_with(hidden=objects)) is None


def test_a_damaged_object_stream_hides_nothing_behind_it() -> None:
    broken = b"%PDF-1.7 << /Type /ObjStm >> stream\nxxxx endstream "
    assert find_action(broken + pdf_with(hidden="/S /JavaScript")) == "/JavaScript"


def test_a_stream_is_inflated_to_its_bound_only() -> None:
    bomb = b"<< /Type /ObjStm >> stream\n" + zlib.compress(b" " * 2**26) + b" endstream "
    assert find_action(b"%PDF-1.7 " + bomb * 20 + pdf_with(hidden="/S /JavaScript")) is None
