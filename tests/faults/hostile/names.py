"""Hostile names of flows, as a partner who names its files as it likes may write them. The files themselves are good."""

from collections.abc import Iterator
from zlib import crc32

from tests.faults.hostile.case import Answer, Family, Hostile, accepted, rejected
from tests.faults.hostile.documents import good, later


def classes() -> Iterator[Hostile]:
    """Every class of hostile names."""
    refused = rejected("FLOW_NAME")
    yield _hostile(
        "control characters in a name",
        refused,
        "no reply could quote it",
        "a\nb.xml",
        "\x1b[2J\x1b]0;x\x07.xml",
        "a\tb.xml",
    )
    yield _hostile("C1 control characters in a name", refused, "terminals obey them as they do escapes", "a\x9b2J.xml")
    shown = "shown by its code wherever it is printed"
    yield _hostile(
        "direction turned", accepted(), shown, "facture\u202elmx.exe.xml", "\u2066a\u2069.xml", "a\u200b.xml"
    )
    yield _hostile(
        "no UTF-8", accepted(), "the bytes are shown by their codes", "facture\udce9.xml", "\udcff\udcfe.xml"
    )
    yield _hostile(
        "markup", accepted(), "escaped wherever it is printed", "<script>alert(1)<script>.xml", "\"' onload='x.xml"
    )
    yield _hostile("a formula", accepted(), "quoted in the CSV", "=HYPERLINK(1).xml", "+1.xml", "@a.xml", "-1.xml")
    yield _hostile(
        "options and substitutions", accepted(), "no shell ever sees it", "--help.xml", "$(id).xml", "`id`;a.xml"
    )
    yield _hostile(
        "paths",
        accepted(),
        "the names that we put out are made of letters, digits, ., _ and -",
        "a..xml",
        "~a.xml",
        "a\\..\\b.xml",
    )
    yield _hostile("255 bytes", accepted(), "replies bear a shorter one", f"{'é' * 125}.xml", f"{'a' * 251}.xml")
    yield _hostile(
        "templates", accepted(), "what a value holds is never read as a template", "{found}{{7*7}}%s%(x)s.xml"
    )


def _hostile(name: str, answer: Answer, why: str, *names: str) -> Hostile:
    return Hostile(
        name=name,
        family=Family.NAMES,
        files={each: later(good, f"N{crc32(name.encode())}-{number}") for number, each in enumerate(names)},
        answer=answer,
        why=why,
    )
