"""The readable report prints what a sender wrote, and is a page that does nothing."""

import pytest
from lxml import html

from tests.acceptance.installation import ONE_WORKER, Installation
from tests.faults.hostile.browser import hostile_reports, payloads

ELEMENTS = frozenset(
    [
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "div",
        "section",
        "span",
        "strong",
        "b",
        "i",
        "p",
        "small",
        "code",
        "pre",
        "mark",
        "h1",
        "h2",
        "h3",
        "header",
        "footer",
        "article",
        "dl",
        "dt",
        "dd",
        "ul",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "details",
        "summary",
        "figure",
        "figcaption",
        "svg",
        "path",
        "rect",
    ]
)
ATTRIBUTES = frozenset(
    [
        "lang",
        "charset",
        "http-equiv",
        "content",
        "name",
        "class",
        "scope",
        "open",
        "aria-hidden",
        "viewbox",
        "preserveaspectratio",
        "x",
        "y",
        "width",
        "height",
        "d",
    ]
)
META = frozenset({"Content-Security-Policy", "viewport", "robots", "referrer"})
BEACON = "http://beacon.invalid"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[html.HtmlElement]:
    reports = hostile_reports(Installation(tmp_path_factory.mktemp("reports"), gateway=ONE_WORKER), BEACON)
    assert len(reports) == 3 * len(payloads(BEACON))
    return [html.fromstring(report.read_text(encoding="utf-8")) for report in reports]


def test_no_element_and_no_attribute_is_a_sender_s(pages: list[html.HtmlElement]) -> None:
    elements = {(each.tag, name) for page in pages for each in page.iter("*") for name in (*each.attrib, "")}
    assert {tag for tag, _ in elements} <= ELEMENTS
    assert {name for _, name in elements if name} <= ATTRIBUTES


def test_every_page_bears_a_policy_that_lets_nothing_in(pages: list[html.HtmlElement]) -> None:
    for page in pages:
        named = {each.get("http-equiv") or each.get("name"): each.get("content") for each in page.iter("meta")}
        assert set(named) - {None} == META
        assert str(named["Content-Security-Policy"]).startswith("default-src 'none'; style-src 'sha256-")


def test_what_a_sender_wrote_is_text(pages: list[html.HtmlElement]) -> None:
    shown = "".join(page.text_content() for page in pages)
    assert "<script>" in shown
    assert f"<img src={BEACON}/picture>"[:30] in shown


def test_a_page_has_one_style_sheet_and_its_address_is_nowhere_else(pages: list[html.HtmlElement]) -> None:
    sheets = {tuple(each.text_content() for each in page.iter("style")) for page in pages}
    assert len(sheets) == 1
    [only] = sheets
    assert len(only) == 1
    assert BEACON not in only[0]
