"""Excerpts: what is shown of a document around a fault, and what never is."""

import pytest

from flux.formats.excerpt import ROW_CHARACTERS, cut_excerpts
from flux.model.excerpt import Excerpt, Spot

IBAN = "FR1420041010050500013M02606"
PRETTY = f"""<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns:cac="urn:a" xmlns:cbc="urn:b">
  <cbc:ID>F2026-0117</cbc:ID>
  <cac:PaymentMeans>
\t<cac:PayeeFinancialAccount>
\t\t<cbc:ID>{IBAN}</cbc:ID>
\t</cac:PayeeFinancialAccount>
  </cac:PaymentMeans>
  <cac:InvoiceLine>
    <cbc:ID>1</cbc:ID>
    <cbc:Quantity unitCode="BOITE">12</cbc:Quantity>
    <cbc:Note><![CDATA[<script>alert(1)</script>]]></cbc:Note>
  </cac:InvoiceLine>
  <cac:InvoiceLine>
    <cbc:ID>2</cbc:ID>
    <cbc:Quantity
        unitCode="CARTON">13</cbc:Quantity>
  </cac:InvoiceLine>
</Invoice>
"""
FLAT = "".join(line.strip() + (" " if line.endswith("Quantity") else "") for line in PRETTY.splitlines())
QUANTITY = Spot(11, "/Invoice/cac:InvoiceLine[1]/cbc:Quantity[1]")
ACCOUNT = Spot(6, "/Invoice/cac:PaymentMeans[1]/cac:PayeeFinancialAccount[1]/cbc:ID[1]")


def cut(document: str | bytes, spot: Spot) -> Excerpt:
    data = document if isinstance(document, bytes) else document.encode()
    return cut_excerpts(data, [spot])[spot]


def marked(excerpt: Excerpt) -> str:
    return "".join(row.marked for row in excerpt.rows)


def shown(excerpt: Excerpt) -> list[str]:
    """The rows with their numbers."""
    return [f"{row.line or ''}|{row.before}{row.marked}{row.after}" for row in excerpt.rows]


def test_two_lines_stand_before_and_after_the_one_at_fault() -> None:
    assert shown(cut(PRETTY, QUANTITY)) == [
        "9|<cac:InvoiceLine>",
        "10|  <cbc:ID>1</cbc:ID>",
        '11|  <cbc:Quantity unitCode="BOITE">12</cbc:Quantity>',
        "12|  <cbc:Note><![CDATA[<script>alert(1)</script>]]></cbc:Note>",
        "13|</cac:InvoiceLine>",
    ]


def test_a_document_on_one_line_is_broken_between_its_tags() -> None:
    assert shown(cut(FLAT, QUANTITY._replace(line=1))) == [
        "|<cac:InvoiceLine>",
        "|<cbc:ID>1</cbc:ID>",
        '|<cbc:Quantity unitCode="BOITE">12</cbc:Quantity>',
        "|<cbc:Note><![CDATA[<script>alert(1)</script>]]></cbc:Note>",
        "|</cac:InvoiceLine>",
    ]


@pytest.mark.parametrize(
    ("spot", "mark"),
    [
        (QUANTITY, '<cbc:Quantity unitCode="BOITE">12</cbc:Quantity>'),
        (Spot(17, "/Invoice/cac:InvoiceLine[2]/cbc:Quantity[1]"), "<cbc:Quantity"),  # as far as its first line goes
        (Spot(9, "/Invoice/cac:InvoiceLine[1]"), "<cac:InvoiceLine>"),  # of a group its start tag
        (Spot(2, "/Invoice"), '<Invoice xmlns:cac="urn:a" xmlns:cbc="urn:b">'),
        (Spot(3, "/x:Invoice/*[local-name()='ID' and namespace-uri()='urn:b/c'][1]"), "<cbc:ID>F2026-0117</cbc:ID>"),
        (Spot(10, "/Invoice/cac:Nowhere[1]"), "<cbc:ID>1</cbc:ID>"),  # an XPath that leads nowhere: the line
        (Spot(10, "count(//a)"), "<cbc:ID>1</cbc:ID>"),
        (Spot(10, None), "<cbc:ID>1</cbc:ID>"),
    ],
)
def test_what_is_at_fault_is_marked(spot: Spot, mark: str) -> None:
    assert marked(cut(PRETTY, spot)) == mark


@pytest.mark.parametrize(
    ("document", "spot", "mark"),
    [
        ("<a>\n  <b>1</c>\n</a>", Spot(2, None, 11), "</c>"),
        ("<a>\n  <b>x & y</b>\n</a>", Spot(2, None, 9), "<b>x &"),
        ("<a>\n  <b>1</b>\n", Spot(3, None, 1), "</b>"),  # it ends too early
        ("<a><b>1</b>", Spot(1, None, 900), "</b>"),
    ],
)
def test_where_a_parser_stopped_is_marked(document: str, spot: Spot, mark: str) -> None:
    assert marked(cut(document, spot)) == mark


@pytest.mark.parametrize(
    ("document", "spot"),
    [
        (PRETTY, Spot(99, None)),
        (PRETTY, Spot(None, "/Invoice/cac:Nowhere[1]")),
        ("<a>\n\n</a>", Spot(2, None)),
        ("", Spot(1, None)),
        ("", Spot(1, None, 1)),
        ("   ", Spot(1, None, 2)),
    ],
)
def test_a_place_that_the_document_has_not_gives_no_excerpt(document: str, spot: Spot) -> None:
    assert cut_excerpts(document.encode(), [spot]) == {}


@pytest.mark.parametrize("document", [PRETTY, FLAT], ids=["lines", "one line"])
@pytest.mark.parametrize(
    "account",
    [
        IBAN,
        "FR14 2004 1010 0505 0001 3M02 606",
        "not an account 0505",
        "FR1420041010050500013M02607",
        "<![CDATA[0505]]>",
    ],
)
def test_an_account_is_masked_whatever_it_is(document: str, account: str) -> None:
    excerpt = cut(document.replace(IBAN, account), ACCOUNT._replace(line=6 if document is PRETTY else 1))

    assert "0505" not in "".join(shown(excerpt)).replace(" ", "").removesuffix("0505").replace("…0505", "")
    assert "…" in marked(excerpt)


@pytest.mark.parametrize(
    ("tag", "parent"),
    [
        ("ram:IBANID", "ram:PayeePartyCreditorFinancialAccount"),
        ("ram:ProprietaryID", "x"),
        ("Compte", "ReferenceBancaire"),
    ],
)
def test_the_accounts_of_every_syntax_are_masked(tag: str, parent: str) -> None:
    document = f"<a><{parent}><{tag}>12345678901234</{tag}></{parent}><b>1</b></a>"

    assert "12345678901234" not in "".join(shown(cut(document, Spot(1, "/a/b[1]"))))


@pytest.mark.parametrize("spot", [Spot(1, "/a/b[1]"), Spot(1, None, 5), Spot(1, None)])
def test_an_account_in_any_text_is_masked(spot: Spot) -> None:
    document = f"<a><b>to pay on {IBAN} please</b></a>"

    assert IBAN not in "".join(shown(cut(document, spot)))


def test_an_account_of_a_document_that_breaks_off_is_masked() -> None:
    document = "<a><cac:PayeeFinancialAccount><cbc:ID>12345678901234</cbc:IDD>"

    assert "12345678901234" not in "".join(shown(cut(document, Spot(1, None, 62))))


@pytest.mark.parametrize(
    ("hostile", "seen"),
    [
        ("a\u202eb", "a\ufffdb"),  # turns the direction of writing
        ("a\u2066b", "a\ufffdb"),
        ("a\u200bb", "a\ufffdb"),
        ("a\u009bb", "a\ufffdb"),  # opens a command of the terminal
        ("a\tb", "a    b"),
        ("a\u00a0b", "a b"),
        ("a\u2028b", "a b"),
    ],
)
def test_no_character_acts(hostile: str, seen: str) -> None:
    assert marked(cut(f"<a><b>{hostile}</b></a>", Spot(1, "/a/b[1]"))) == f"<b>{seen}</b>"


@pytest.mark.parametrize(
    "document",
    [
        "<a>" + "<b>" + "x" * 30_000_000 + "</b></a>",
        "<a><c>" + "x" * 30_000_000 + "</c><b>1</b></a>",
        "<a>" + "<c>1</c>" * 100_000 + "<b>1</b></a>",
        "<a>" + "\n" * 100_000 + "<b>1</b></a>",
        "<a>" + " " * 100_000 + "<b>1</b></a>",
        '<a><b x="' + "y" * 5_000_000 + '">1</b></a>',
        "<a><b>" + "é" * 1_000_000 + "</b></a>",
    ],
    ids=["text", "neighbour", "elements", "lines", "blanks", "attribute", "accents"],
)
def test_an_excerpt_is_bounded_whatever_the_document(document: str) -> None:
    excerpt = cut(document, Spot(1, "/a/b[1]"))

    assert len(excerpt.rows) <= 5
    assert all(len(row.before + row.marked + row.after) <= ROW_CHARACTERS + 1 for row in excerpt.rows)
    assert marked(excerpt).startswith("<b")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-15", "windows-1252"])
def test_a_document_in_another_encoding_is_shown_as_it_reads(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    document = f'<?xml version="1.0" encoding="{declared}"?>\n<a>\n<b>payé</b>\n</a>'.encode(encoding)

    assert marked(cut(document, Spot(3, "/a/b[1]"))) == "<b>payé</b>"


@pytest.mark.parametrize("declared", ["unknown-8", "zip", "utf-7"])
def test_an_encoding_that_is_none_does_no_harm(declared: str) -> None:
    document = f'<?xml version="1.0" encoding="{declared}"?>\n<a>\n<b>1</b>\n</a>'.encode()

    assert marked(cut(document, Spot(3, None))) == "<b>1</b>"


def test_nothing_of_a_document_type_is_expanded() -> None:
    document = '<!DOCTYPE a [<!ENTITY e "boom">]>\n<a>\n<b>&e;</b>\n</a>'

    assert marked(cut(document, Spot(3, "/a/b[1]"))) == "<b>&e;</b>"
