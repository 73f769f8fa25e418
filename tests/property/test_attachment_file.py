import base64

from hypothesis import given
from hypothesis import strategies as st

from flux.model.attachment_fault import AttachmentFault
from flux.model.attachment_file import AttachmentFile, decode_attachment
from flux.model.invoice import Attachment
from flux.model.term import Term
from tests.unit.rules.attachments import zip_of

LIMIT = 5000
CONTENTS = st.binary(min_size=1, max_size=3000)


def decode(text: str, *, wrapped: bool) -> AttachmentFile | AttachmentFault:
    return decode_attachment(Attachment(content=(Term(text),)), wrapped=wrapped, limit_bytes=LIMIT)


@given(data=CONTENTS, width=st.integers(min_value=1, max_value=100))
def test_a_file_comes_back_from_base64_however_it_is_folded(data: bytes, width: int) -> None:
    text = base64.b64encode(data).decode()
    folded = "\r\n".join(text[at : at + width] for at in range(0, len(text), width))
    assert decode(folded, wrapped=False) == AttachmentFile(data)


@given(data=CONTENTS, name=st.text(st.characters(codec="utf-8", exclude_characters="\0/\\"), min_size=1, max_size=40))
def test_a_file_comes_back_from_its_zip(data: bytes, name: str) -> None:
    file = decode(base64.b64encode(zip_of((name, data))).decode(), wrapped=True)
    assert file == AttachmentFile(data, name) or name.endswith(".DS_Store")


@given(text=st.text(max_size=200))
def test_any_text_is_a_file_or_a_fault(text: str) -> None:
    assert isinstance(decode(text, wrapped=True), AttachmentFile | AttachmentFault)


@given(
    data=CONTENTS,
    changes=st.lists(
        st.tuples(st.integers(min_value=0, max_value=10_000), st.binary(max_size=9)), min_size=1, max_size=5
    ),
)
def test_a_zip_that_was_tampered_with_never_gives_another_file(data: bytes, changes: list[tuple[int, bytes]]) -> None:
    archive = bytearray(zip_of(("a.pdf", data)))
    for position, piece in changes:
        at = position % len(archive)
        archive[at : at + len(piece)] = piece
    file = decode(base64.b64encode(archive).decode(), wrapped=True)
    assert isinstance(file, AttachmentFault) or file.member is None or file.data == data
