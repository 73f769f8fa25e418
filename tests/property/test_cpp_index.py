"""Whatever a pivot holds, head, unit and tail are what a reader of trees finds, and nothing makes the index raise."""

import codecs
from io import BytesIO

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from flux.intake.cpp_index import index_units
from flux.intake.member import Units
from flux.model.limits import Limits

UNIT = "CPPFacturePivotUnitaire"
TEXTS = st.text(st.sampled_from("abc é€&<>\"'\n\t]]>-"), max_size=30)
NAMES = st.sampled_from(["Id", "PJ", "Contenu", "Ligne"])
MISC = st.sampled_from(["", "\n", "\r\n  ", "<!-- <x> & -->", "<?pi </CPPFactures> ?>", "\n<!--a--><!--b-->\n"])
ENCODINGS = st.sampled_from(
    [("UTF-8", b"", "utf-8"), ("UTF-8", codecs.BOM_UTF8, "utf-8"), ("UTF-16", codecs.BOM_UTF16_LE, "utf-16-le")]
)


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;")


@st.composite
def elements(draw: st.DrawFn) -> str:
    name, text, misc = draw(NAMES), escape(draw(TEXTS)), draw(MISC)
    kind = draw(st.sampled_from(["text", "cdata", "empty", "attribute"]))
    if kind == "empty":
        return f"<{name}/>{misc}"
    if kind == "attribute":
        return f'<{name} a="{text}">{misc}</{name}>'
    body = f"<![CDATA[{text}]]>" if kind == "cdata" else text
    return f"<{name}>{body}{misc}</{name}>"


@st.composite
def units(draw: st.DrawFn) -> str:
    number = draw(st.integers(0, 99))
    body = "".join(draw(st.lists(elements(), max_size=4)))
    return f'<{UNIT} NumOrdre="{number}">{draw(MISC)}{body}</{UNIT}{draw(st.sampled_from(["", " "]))}>'


@st.composite
def pivots(draw: st.DrawFn) -> bytes:
    declared, mark, codec = draw(ENCODINGS)
    held = "".join(draw(MISC) + each for each in draw(st.lists(units(), min_size=1, max_size=5)))
    spaces = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"' if draw(st.booleans()) else ""
    text = (
        f'<?xml version="1.0" encoding="{declared}"?>{draw(MISC)}<CPPFacturePivot {spaces}>{draw(MISC)}'
        f'<Enveloppe>{draw(elements())}</Enveloppe>{draw(MISC)}<CPPFactures Compteur="1">{held}{draw(MISC)}'
        f"</CPPFactures>{draw(MISC)}</CPPFacturePivot>{draw(MISC)}"
    )
    return mark + text.encode(codec)


def trees_of(data: bytes) -> list[tuple[bytes, int | None]]:
    """Each unit as a tree reader finds it: written in one way, and its line."""
    found = []
    for _, element in etree.iterparse(BytesIO(data), tag=UNIT, remove_comments=True, remove_pis=True):
        found.append((etree.tostring(element, method="c14n", with_tail=False), element.sourceline))
    return found


@given(data=pivots(), step=st.sampled_from([1, 5, 64, 10_000]))
@settings(max_examples=200, deadline=None)
def test_head_unit_and_tail_hold_what_a_tree_reader_finds(data: bytes, step: int) -> None:
    found = index_units((data[start : start + step] for start in range(0, len(data), step)), Limits())
    assert isinstance(found, Units)
    head, tail = data[: found.head_bytes], data[found.tail_offset :]
    cut = [head + data[place.offset : place.offset + place.size_bytes] + tail for place in found.places]
    read = [trees_of(each) for each in cut]
    assert [len(trees) for trees in read] == [1] * len(cut)
    shifts = [place.line - found.head_line for place in found.places]
    restored = [(trees[0][0], (trees[0][1] or 0) + shift) for trees, shift in zip(read, shifts, strict=True)]
    assert restored == trees_of(data)


def tree_of(data: bytes) -> etree._Element | None:
    """None for what expat takes and libxml2 does not, such as an URI with a sign too many: the reader then says so."""
    try:
        return etree.fromstring(data)
    except etree.XMLSyntaxError:
        return None


@given(data=pivots(), noise=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=4))
@settings(max_examples=200, deadline=None)
def test_no_change_of_bytes_makes_it_raise_or_lose_a_part_of_a_well_formed_document(
    data: bytes, noise: list[tuple[int, int]]
) -> None:
    changed = bytearray(data)
    for position, value in noise:
        changed[position % len(changed)] = value
    found = index_units([bytes(changed)], Limits())
    root = tree_of(bytes(changed))
    if isinstance(found, Units) and root is not None:
        assert len(found.places) == len(root.findall(f"CPPFactures/{UNIT}")) == len(root.findall(f".//{UNIT}"))
