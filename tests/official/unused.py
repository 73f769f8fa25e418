"""The elements and attributes that a stylesheet wants absent, read from its own tests: mutations put each of them in."""

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

_XSL = "{http://www.w3.org/1999/XSL/Transform}"
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_ABSENT = re.compile(r"not ?\(((?://)?[\w:@|()/]+)\)")
_PLAIN_CONTEXT = re.compile(r"(?:/[\w:]+)+(?: ?\| ?(?:/[\w:]+)+)*|//[\w:]+")
_BY_ENDING = re.compile(r"//(?:\w+:)?\*\[ends-with\(name\(\), ?'(\w+)'\).*\]")
_ALTERNATIVES = re.compile(r"\(([\w:|]+)\)")


def unused_paths(stylesheet: Path) -> tuple[tuple[str, ...], ...]:
    """Local names on the way from the root, itself left out; one that starts with `//` begins at any element of its name, with `//*` at any whose name ends so."""
    found: dict[tuple[str, ...], None] = {}
    for template in etree.parse(stylesheet).getroot().iterchildren(_XSL + "template"):
        context = " ".join(str(template.get("match", "")).split())
        if ending := _BY_ENDING.fullmatch(context):
            context = f"//*{ending[1]}"
        if _PLAIN_CONTEXT.fullmatch(context) or ending:
            tests = [str(when.get("test")) for when in template.iter(_XSL + "when")]
            found.update((way, None) for test in tests for way in _ways(context, test))
            found.update((way, None) for way in _reported(context, template))
    return tuple(found)


def _ways(context: str, test: str) -> Iterator[tuple[str, ...]]:
    for absent in _ABSENT.findall(test):
        for path in _alternatives(absent):
            if path.startswith("//@"):
                yield (path,)
            elif path.startswith("//"):
                first, *rest = _names(path)
                yield (f"//{first}", *rest)
            elif path not in {"true()", "false()"} and "()" not in path:
                for place in context.split("|"):
                    yield (*_start(place.strip()), *_names(path))


def _reported(context: str, template: etree._Element) -> Iterator[tuple[str, ...]]:
    """A Factur-X template reports whatever it matches, or an attribute of it, as not used."""
    for reported in template.iter(_SVRL + "successful-report"):
        test = next((str(each.get("test")) for each in reported.iterancestors(_XSL + "if")), "")
        if test == "true()":
            yield _start(context)
        elif re.fullmatch(r"@\w+", test):
            yield (*_start(context), test)


def _start(context: str) -> tuple[str, ...]:
    names = _names(context)
    return (f"//{names[0]}",) if context.startswith("//") else names[1:]


def _alternatives(path: str) -> Iterator[str]:
    grouped = _ALTERNATIVES.search(path)
    if grouped is None:
        yield from path.split("|")
        return
    for name in grouped[1].split("|"):
        yield path.replace(grouped[0], name)


def _names(path: str) -> tuple[str, ...]:
    return tuple(
        "@" + name.removeprefix("@") if name.startswith("@") else name.rpartition(":")[2]
        for name in path.split("/")
        if name
    )
