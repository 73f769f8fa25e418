"""The hardened reader: what is read, what is refused, and how the refusal is told."""

import os
import time
from pathlib import Path

import pytest
from lxml import etree

from flux.formats.reader import Reading, TreeReader
from flux.model.limits import Limits

LATIN_1 = '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'


def read(data: bytes, **bounds: int) -> Reading:
    return TreeReader(Limits(**bounds)).read(data)


def code_of(data: bytes, **bounds: int) -> str | None:
    """The code of the one thing seen, None where nothing was."""
    observations = read(data, **bounds).observations
    assert len(observations) <= 1
    return observations[0].code if observations else None


def text_of(data: bytes) -> str | None:
    root = read(data).root
    assert root is not None
    return root.text


# Documents that are well, as they come in the wild, and the text of their root.
GOOD = [
    (b"<a>x</a>", "x"),
    ('<?xml version="1.0" encoding="UTF-8"?><a>é</a>'.encode(), "é"),
    ('<?xml version="1.0" encoding="utf-8"?><a>é</a>'.encode(), "é"),
    # the byte-order mark of nearly all French samples
    (b"\xef\xbb\xbf<a>x</a>", "x"),
    (b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?><a>x</a>', "x"),
    # stylesheet instructions and comments before the root
    (b'<?xml version="1.0"?><?xml-stylesheet href="a.xsl"?><!-- sample --><a>x</a>', "x"),
    # a DOCTYPE that is only spoken of
    (b"<!-- <!DOCTYPE a> --><a>x</a>", "x"),
    (b"<a><![CDATA[<!DOCTYPE a>]]></a>", "<!DOCTYPE a>"),
    # one text, however it is cut
    (b"<a>7328<!-- -->2932<?pi?>0<![CDATA[00]]>074</a>", "73282932000074"),
    (b"<a>&lt;&amp;&#233;</a>", "<&é"),
]


@pytest.mark.parametrize(("data", "text"), GOOD)
def test_a_good_document_is_read_without_a_word(data: bytes, text: str) -> None:
    reading = read(data)
    assert reading.root is not None
    assert (reading.root.text, reading.observations) == (text, ())


# True to its declaration, but not UTF-8: read, and said.
OTHER_ENCODINGS = [
    (LATIN_1.encode("latin-1"), "ISO-8859-1"),
    ('<?xml version="1.0" encoding="windows-1252"?><a>é</a>'.encode("cp1252"), "windows-1252"),
    (b'<?xml version="1.0" encoding="US-ASCII"?><a>e</a>', "US-ASCII"),
    ('<?xml version="1.0" encoding="UTF-16"?><a>é</a>'.encode("utf-16"), "UTF-16"),
    ('<?xml version="1.0" encoding="UTF-16LE"?><a>é</a>'.encode("utf-16-le"), "UTF-16LE"),
    ("<a>é</a>".encode("utf-16"), "utf-16-le"),
]


@pytest.mark.parametrize(("data", "encoding"), OTHER_ENCODINGS)
def test_another_encoding_that_is_true_is_read_and_said(data: bytes, encoding: str) -> None:
    reading = read(data)
    assert reading.root is not None
    assert [(seen.code, seen.detail) for seen in reading.observations] == [("XML_ENCODING_OTHER", encoding)]


# The bytes are not what the declaration says.
LIES = [
    # UTF-8 declared or implied, Latin-1 written
    '<?xml version="1.0" encoding="UTF-8"?><a>é</a>'.encode("latin-1"),
    "<a>é</a>".encode("latin-1"),
    # Latin-1 declared, UTF-8 written: every parser reads it, and reads it wrong
    LATIN_1.encode(),
    b"\xef\xbb\xbf" + LATIN_1.encode(),
    '<?xml version="1.0" encoding="US-ASCII"?><a>é</a>'.encode(),
    '<?xml version="1.0" encoding="UTF-8"?><a>é</a>'.encode("utf-16"),
    b'<?xml version="1.0" encoding="UTF-16"?><a/>',
    b'<?xml version="1.0" encoding="X-UNHEARD"?><a/>',
    '<?xml version="1.0" encoding="cp037"?><a/>'.encode("cp037"),
    b"<a>x\0y</a>",
    b"<a/>\0",
    # true, but whoever does not decode it sees another document
    *(
        f'<?xml version="1.0" encoding="{name}"?><a/>'.encode()
        for name in ("UTF-7", "HZ", "ISO-2022-JP", "iso2022-kr", "ISO_2022-CN", "unicode-1-1-utf-7")
    ),
    # it hides a DOCTYPE
    b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4APA-a/+AD4-',
    # said far behind the start of the declaration
    b'<?xml version="1.0"' + b" " * 2_000 + b'encoding="UTF-7"?>+ADw-a/+AD4-',
]


@pytest.mark.parametrize("data", LIES)
def test_an_encoding_that_lies_is_refused(data: bytes) -> None:
    assert (read(data).root, code_of(data)) == (None, "XML_ENCODING")


@pytest.mark.parametrize(
    "content",
    [
        "1<!-- -->00",
        "1<?x y?>00",
        "1<![CDATA[00]]>",
        "<![CDATA[1]]>0<!---->0",
        "&#49;0<!-- -->&#x30;",
        "1<!-- a --><?b?>00",
    ],
)
def test_a_value_cut_by_comments_is_what_xpath_reads(content: str) -> None:
    data = f"<a>{content}</a>".encode()
    root = read(data).root
    assert root is not None
    assert root.text == etree.fromstring(data).xpath("string()") == "100"


DOCTYPES = [
    b"<!DOCTYPE a><a/>",
    b'<!DOCTYPE a [<!ENTITY x "y">]><a>t&x;u</a>',
    b'<?xml version="1.0"?><!-- c --><?pi?>\n<!DOCTYPE a><a/>',
    b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>',
    b'<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><a/>',
    '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"),
    '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16-be"),
    # broken inside: still told as what it is
    b"<!DOCTYPE a [<a/>",
    # a billion laughs, and a quadratic one
    b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><a>&j;</a>",
    b'<!DOCTYPE a [<!ENTITY x "' + b"x" * 50_000 + b'">]><a>' + b"&x;" * 5_000 + b"</a>",
    # behind a comment of three hyphens
    b"<!-->--><!DOCTYPE a><a/>",
]


@pytest.mark.parametrize("data", DOCTYPES)
def test_any_doctype_is_refused(data: bytes) -> None:
    assert (read(data).root, code_of(data)) == (None, "XML_DOCTYPE")


# Files of half a megabyte and less that took twelve seconds, for ever, and four seconds.
SLOW = [
    (b"<!DOCTYPE a [<!ATTLIST a " + b" ".join(b'a%d CDATA ""' % n for n in range(30_000)) + b">]><a/>", "XML_DOCTYPE"),
    (
        b'<?xml version="1.0" encoding="UTF-7"?>+ADw-!DOCTYPE a [+ADw-!ATTLIST a '
        + b" ".join(b'a%d CDATA ""' % n for n in range(30_000))
        + b">]>+ADw-a/>",
        "XML_ENCODING",
    ),
    (b"<!---->" * 25 + b"<a", "XML_SYNTAX"),
]


@pytest.mark.parametrize(
    ("data", "code"), SLOW, ids=["attributes by default", "the same in UTF-7", "a row of comments"]
)
def test_what_stands_before_the_root_costs_no_time(data: bytes, code: str) -> None:
    start = time.process_time()
    assert code_of(data) == code
    assert time.process_time() - start < 1


def test_a_file_that_a_doctype_names_is_not_opened(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)  # opening it would wait for ever
    assert code_of(b'<!DOCTYPE a SYSTEM "%s"><a/>' % os.fsencode(pipe)) == "XML_DOCTYPE"


# What is broken, line, column, and a word of the French reason.
BROKEN = [
    (b"<a>\n<b></a>", 2, "balise fermante"),
    (b"<a>\n<b>", 2, "avant la fin"),
    (b"<a>x & y</a>", 1, "&amp;"),
    (b"<a>&eacute;</a>", 1, "entité"),
    (b"<a/><b/>", 1, "après la fin"),
    (b"<a b=c/>", 1, "guillemets"),
    (b"<x:a/>", 1, "préfixe"),
    (b"<a>\x01</a>", 1, "caractère"),
    (b"\n\n<?xml version='1.0'?><a/>", 3, "déclaration"),
    (b"hello", 1, "ne commence pas"),
    # words of the parser where there are none of ours
    (b"<a><?xml?></a>", 1, ""),
]


@pytest.mark.parametrize(("data", "line", "word"), BROKEN)
def test_broken_xml_is_told_with_its_place_and_reason(data: bytes, line: int, word: str) -> None:
    (seen,) = read(data).observations
    facts = dict(seen.facts)
    assert (seen.code, seen.line) == ("XML_SYNTAX", line)
    assert int(facts["column"]) > 0
    assert word in facts["reason_fr"]
    assert facts["reason_en"]


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n"])
def test_nothing_to_read_is_an_empty_file(data: bytes) -> None:
    assert code_of(data) == "FLOW_EMPTY"


# Files that are no XML, by the name that people give them.
OTHER_KINDS = [
    (b"%PDF-1.7\n", "PDF"),
    (b"PK\x03\x04rest", "ZIP"),
    (b"\x1f\x8b\x08\0", "gzip"),
    (b"<!DOCTYPE html><html><p></html>", "HTML"),
    (b"<!doctype HTML><html></html>", "HTML"),
    (b'{"invoice": 1}', "JSON"),
]


@pytest.mark.parametrize(("data", "name"), OTHER_KINDS)
def test_another_kind_of_file_is_told_by_its_name(data: bytes, name: str) -> None:
    (seen,) = read(data).observations
    assert (seen.code, seen.found) == ("SYNTAX_UNKNOWN", name)


def attributes(count: int, form: str = 'a{}=""') -> str:
    return " ".join(form.format(n) for n in range(count))


def nested(depth: int) -> bytes:
    return b"<a>" * depth + b"</a>" * depth


# A document at a bound, the same beyond it, and the bound.
BOUNDS = [
    (nested(64), nested(65), {}),
    # beyond the depth that the parser itself refuses
    (nested(64), nested(300), {}),
    (b"<a>" + b"<b/>" * 9 + b"</a>", b"<a>" + b"<b/>" * 10 + b"</a>", {"xml_nodes": 10}),
    (b"<a>" + b"<b c='d'/>" * 4 + b"</a>", b"<a>" + b"<b c='d'/>" * 5 + b"</a>", {"xml_nodes": 10}),
    (b"<a>" + b"x" * 20 + b"</a>", b"<a>" + b"x" * 21 + b"</a>", {"xml_text_bytes": 20}),
    *(
        (
            form.format(attributes(1_000, attribute)).encode(encoding),
            form.format(attributes(1_001, attribute)).encode(encoding),
            {},
        )
        for form, attribute, encoding in (
            ("<a {}/>", 'a{}=""', "utf-8"),
            ("\ufeff<a\n{}>x</a>", "a{} = '>'", "utf-8"),
            ("<a {}/>", 'xmlns:a{0}="u:{0}"', "utf-8"),
            ("<!-- = --><a>" + "x" * 9_000 + "<b/><c {}>" + "x" * 9_000 + "</c></a>", 'é{}="&lt;"', "utf-8"),
        )
    ),
    (b'<a b="" c=""><d b="" c=""/></a>', b'<a b="" c=""><d b="" c="" d=""/></a>', {"xml_attributes": 2}),
]


@pytest.mark.parametrize(("at", "beyond", "bounds"), BOUNDS)
def test_a_bound_refuses_what_is_beyond_it_and_nothing_else(at: bytes, beyond: bytes, bounds: dict[str, int]) -> None:
    assert (code_of(at, **bounds), code_of(beyond, **bounds)) == (None, "XML_LIMIT")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_attributes_are_counted_in_wide_encodings(encoding: str) -> None:
    at, beyond = (code_of(f"<a {attributes(count)}/>".encode(encoding)) for count in (1_000, 1_001))
    assert (at, beyond) == ("XML_ENCODING_OTHER", "XML_LIMIT")


def test_a_text_may_look_like_any_number_of_attributes() -> None:
    text = attributes(10_000)
    assert text_of(f"<a b='{text}'>{text}</a>".encode()) == text


def test_what_passes_the_bound_of_attributes_is_not_parsed() -> None:
    assert code_of(f"<a {attributes(1_001)} not even XML".encode()) == "XML_LIMIT"


@pytest.mark.parametrize("many", [b"<b/>" * 11, b"<b c='' d=''/>" * 4])
def test_what_passes_the_bound_of_nodes_is_not_parsed(many: bytes) -> None:
    assert code_of(b"<a>" + many + b" not even XML", xml_nodes=10) == "XML_LIMIT"


def test_a_file_that_is_too_large_is_not_parsed() -> None:
    (seen,) = read(b"<a>not even XML", member_bytes=10).observations
    assert (seen.code, seen.found, seen.expected) == ("FILE_SIZE", "15", "10")


def test_an_attachment_of_more_than_ten_megabytes_is_read() -> None:
    assert text_of(b"<a>" + b"x" * 11_000_000 + b"</a>") == "x" * 11_000_000


def test_what_was_read_before_leaves_no_trace() -> None:
    reader = TreeReader(Limits())
    broken, good = reader.read(b"<a>"), reader.read(b"<a/>")
    assert (broken.root, good.observations) == (None, ())
