"""Hostile XML. Wherever a file or an address is named, somebody waits there to see whether anybody looks."""

from collections.abc import Iterator

from flux.demo.afnor_samples import write_afnor_ubl
from flux.demo.samples import OTHER_ENTITY_SIRET, Sample, write_ubl
from tests.faults.hostile.case import Family, Hostile, Maker, accepted, rejected
from tests.faults.hostile.documents import (
    UBL,
    changed,
    changed_cii,
    good,
    in_extension,
    in_note,
    later,
    number_of,
    with_prolog,
    with_root,
)

_PAYABLE = f'<cbc:PayableAmount currencyID="EUR">{Sample().total}</cbc:PayableAmount>'
_SIRET = Sample().supplier_siret
_MEBIBYTE = 2**20
_EMPTY = 'a{}=""'
_BY_DEFAULT = 'a{} CDATA ""'


def classes(beacon: str, pipe: str) -> Iterator[Hostile]:
    """Every class of hostile XML."""
    yield from naming_classes(beacon, pipe)
    yield from _floods()
    yield from _namespaces()
    yield from _encodings()
    yield from _characters()
    yield from _splits()
    yield from _homoglyphs()
    yield from _signatures()


def naming_classes(beacon: str, pipe: str) -> Iterator[Hostile]:
    """The classes whose files ask for something to be fetched: from the address `beacon` or the path `pipe`, which notice it."""
    yield from _doctypes(beacon, pipe)
    yield from _references(beacon, pipe)


def _hostile(name: str, files: dict[str, Maker], **rest: object) -> Hostile:
    return Hostile(name=name, family=Family.XML, files=files, **rest)  # type: ignore[arg-type]


def _many(markup: str, count: int = 1_000_000) -> str:
    return " ".join(markup.format(n) for n in range(count))


def _doctypes(beacon: str, pipe: str) -> Iterator[Hostile]:
    laughs = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    big = '<!ENTITY a "' + "a" * 50_000 + '">'
    twice = ("Pénalités", "&a;")
    subsets = {
        "DOCTYPE alone": ("", ()),
        "internal entity": ('[<!ENTITY a "b">]', (twice,)),
        "external entity, file": (f'[<!ENTITY a SYSTEM "file://{pipe}">]', (twice,)),
        "external entity, http": (f'[<!ENTITY a SYSTEM "{beacon}/entity">]', (twice,)),
        "parameter entity": (f'[<!ENTITY % p SYSTEM "{pipe}"> %p;]', ()),
        "external DTD": (f'SYSTEM "{beacon}/dtd"', ()),
        "a pipe as DTD": (f'SYSTEM "{pipe}"', ()),
        "billion laughs": (f"[{laughs}]", (("Pénalités", "&a11;"),)),
        "quadratic blow-up": (f"[{big}]", (("Pénalités", "&a;" * 20_000),)),
        "attribute defaults": ('[<!ATTLIST Invoice x CDATA "y">]', ()),
    }
    for name, (subset, changes) in subsets.items():
        yield _hostile(
            name,
            {"a.xml": later(with_prolog, f"<!DOCTYPE Invoice {subset}>", *changes)},
            answer=rejected("XML_DOCTYPE"),
            why="any DOCTYPE is refused, none is read",
            twins={"a.xml": later(with_prolog, f"<!-- DOCTYPE Invoice {beacon} -->")},
        )
    yield _hostile(
        "DOCTYPE in UTF-16",
        {"a.xml": lambda: _in(with_prolog(f'<!DOCTYPE Invoice SYSTEM "{pipe}">'), "utf-16")},
        answer=rejected("XML_DOCTYPE"),
        why="found whatever the encoding",
    )
    yield _hostile(
        "DOCTYPE far behind comments",
        {"a.xml": later(with_prolog, f"<!--{'-x' * 100_000}--><!DOCTYPE Invoice SYSTEM '{pipe}'>")},
        answer=rejected("XML_DOCTYPE"),
        why="found wherever it stands",
    )
    yield _hostile(
        "a DOCTYPE of a million attributes",
        {"a.xml": lambda: with_prolog(f"<!DOCTYPE Invoice [<!ATTLIST Invoice {_many(_BY_DEFAULT)}>]>")},
        answer=rejected("XML_DOCTYPE"),
        why="refused before the parser reads it, which would take it longer than anybody waits",
    )
    yield _hostile(
        "a row of comments before what is no element",
        {"a.xml": later(with_prolog, "<!---->" * 100_000 + "<")},
        answer=rejected("XML_SYNTAX"),
        why="no XML, and no comment is read twice",
        twins={"a.xml": later(with_prolog, "<!---->" * 100_000)},
    )
    yield _hostile(
        "undeclared entity",
        {"a.xml": later(in_note, "&eacute;")},
        answer=rejected("XML_SYNTAX"),
        why="only the five entities of XML exist",
        twins={"a.xml": later(in_note, "&lt;&amp;&quot;&apos;&gt;&#233;&#xE9;")},
    )


def _references(beacon: str, pipe: str) -> Iterator[Hostile]:
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{}" parse="text"/>'
    xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    yield _hostile(
        "XInclude",
        {
            "file.xml": later(in_extension_alone, include.format(f"file://{pipe}")),
            "http.xml": later(in_extension_alone, include.format(f"{beacon}/include")),
        },
        answer=accepted(),
        why="an extension may hold any element: it is data, and is never included",
    )
    yield _hostile(
        "XInclude in the place of a term",
        {"a.xml": later(in_note, include.format(f"file://{pipe}"))},
        answer=rejected("XSD_INVALID"),
        why="the schema takes no element there",
    )
    locations = (f"{UBL}Invoice-2 file://{pipe} urn:nobody file://{pipe}", f"{UBL}Invoice-2 {beacon}/schema.xsd")
    for attribute, its_locations in (
        ("schemaLocation", locations),
        ("noNamespaceSchemaLocation", [text.split()[-1] for text in locations]),
    ):
        named = [f'{xsi} xsi:{attribute}="{text}"' for text in its_locations]
        yield _hostile(
            attribute,
            {f"{number}.xml": later(with_root, text) for number, text in enumerate(named)},
            answer=accepted(),
            why="invoices of suppliers bear one; it is never opened, ours decides",
        )
        yield _hostile(
            f"{attribute} on a refused document",
            {"a.xml": later(_misdated, named[0])},
            answer=rejected("XSD_INVALID"),
            why="what explains the refusal opens it no more than what decides",
        )
    yield _hostile(
        "xml-stylesheet",
        {
            "xsl.xml": later(with_prolog, f'<?xml-stylesheet type="text/xsl" href="{pipe}"?>'),
            "script.xml": later(with_prolog, '<?xml-stylesheet type="text/xsl" href="javascript:alert(1)"?>'),
            "own.xml": later(with_prolog, '<?xml-stylesheet type="text/xsl" href="#s"?>'),
        },
        answer=accepted(),
        why="Chorus Pro's own samples bear one; it is never run",
    )
    yield _hostile(
        "a stylesheet as invoice",
        {
            "a.xml": f'<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:import href="{pipe}"/></xsl:stylesheet>'.encode
        },
        answer=rejected("SYNTAX_UNKNOWN"),
        why="named by its root, not run",
    )
    yield _hostile(
        "a schema as invoice",
        {
            "a.xml": f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:import schemaLocation="{pipe}"/></xs:schema>'.encode
        },
        answer=rejected("SYNTAX_UNKNOWN"),
        why="named by its root, not compiled",
    )


def _misdated(attributes: str) -> bytes:
    """Refused for its date; the attributes stand at the root, and at the date, where xmlschema looks for them."""
    return with_root(attributes).replace(b"<cbc:IssueDate>", f"<cbc:IssueDate {attributes}>x".encode())


def in_extension_alone(markup: str) -> bytes:
    """The good invoice with an extension of the sender's own behind that of Chorus Pro."""
    extension = "<ext:UBLExtension><ext:ExtensionContent>{}</ext:ExtensionContent></ext:UBLExtension>"
    return changed(("  </ext:UBLExtensions>", f"{extension.format(markup)}</ext:UBLExtensions>"))


def _floods() -> Iterator[Hostile]:
    yield _hostile(
        "depth",
        {f"{depth}.xml": later(in_extension, "<a>" * depth + "</a>" * depth) for depth in (65, 300, 3_000, 100_000)},
        answer=rejected("XML_LIMIT"),
        why="64 levels are three times the deepest real invoice",
        twins={"a.xml": later(in_extension_alone, "<a>" * 50 + "</a>" * 50)},
    )
    yield _hostile(
        "depth without an end",
        {"a.xml": later(in_extension, "<a>" * 1_000_000)},
        answer=rejected("XML_LIMIT"),
        why="the parser stops at its own bound",
    )
    yield _hostile(
        "width: 200,000 unknown elements",
        {"a.xml": later(changed, ("<cbc:Note>", "<cbc:Nope/>" * 200_000 + "<cbc:Note>"))},
        answer=rejected("XSD_INVALID"),
        why="the schema refuses, and explains in a bounded time",
        is_large=True,
    )
    yield _hostile(
        "more nodes than allowed",
        {"a.xml": later(in_extension, "<a/>" * 5_100_000)},
        answer=rejected("XML_LIMIT"),
        why="5,000,000 nodes are an invoice of 150,000 lines",
        is_large=True,
        seconds=15,
        megabytes=1_500,
    )
    yield _hostile(
        "100,000 notes",
        {"a.xml": later(changed, ("<cbc:Note>", "<cbc:Note>x</cbc:Note>" * 100_000 + "<cbc:Note>"))},
        answer=accepted(),
        why="the schema sets no bound, and no rule counts them",
        is_large=True,
    )
    yield _hostile(
        "16,000 parties' identifiers, accounts and VAT groups",
        {
            "identifiers.xml": later(
                changed,
                (
                    "<cac:PartyIdentification>",
                    f'<cac:PartyIdentification><cbc:ID schemeID="0009">{_SIRET}</cbc:ID></cac:PartyIdentification>'
                    * 16_000
                    + "<cac:PartyIdentification>",
                ),
            ),
            "accounts.xml": later(
                changed,
                (
                    "<cac:PaymentMeans>",
                    "<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cac:PayeeFinancialAccount>"
                    f"<cbc:ID>{Sample().iban}</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>"
                    * 16_000
                    + "<cac:PaymentMeans>",
                ),
            ),
        },
        answer=accepted(),
        why="the same value again is odd, not wrong",
        is_large=True,
    )
    yield _hostile(
        "a million attributes",
        {
            "plain.xml": lambda: with_root(_many(_EMPTY)),
            "in namespaces.xml": lambda: with_root(_many('xmlns:a{0}="u:{0}" a{0}:b=""')),
        },
        answer=rejected("XML_LIMIT"),
        why="1,000 are fifty times those of a real element; refused before the parser builds them",
    )
    yield _hostile(
        "a million namespaces",
        {"a.xml": lambda: with_root(_many('xmlns:a{0}="u:{0}"'))},
        answer=rejected("XML_LIMIT"),
        why="they count as attributes",
        twins={"a.xml": lambda: with_root(_many('xmlns:a{0}="u:{0}"', 900))},
    )
    yield _hostile(
        "900 attributes",
        {
            "plain.xml": lambda: with_root(_many(_EMPTY, 900)),
            "in namespaces.xml": lambda: with_root(_many('xmlns:a{0}="u:{0}" a{0}:b=""', 450)),
        },
        answer=rejected("XSD_INVALID"),
        why="the schema knows none of them",
    )
    yield _hostile(
        "100,000 attributes on each of 80 elements",
        {"a.xml": lambda: in_extension(f"<a {_many(_EMPTY, 100_000)}/>" * 80)},
        answer=rejected("XML_LIMIT"),
        why="the first of them is refused",
        is_large=True,
    )
    yield _hostile(
        "the same attribute twice",
        {"a.xml": later(with_root, 'a="1" a="2"')},
        answer=rejected("XML_SYNTAX"),
        why="no XML",
    )
    yield _hostile(
        "a name of 60,000 characters",
        {"a.xml": later(in_extension, f"<{'a' * 60_000}/>")},
        answer=rejected("XML_LIMIT"),
        why="the parser's bound on names",
    )
    yield _hostile(
        "a text of 20 MB",
        {"a.xml": later(in_note, "P" * 20 * _MEBIBYTE)},
        answer=accepted(),
        why="below the bounds of texts and files: an attachment is as long",
        is_large=True,
    )
    yield _hostile(
        "a text of 99 MB",
        {"a.xml": later(in_note, "P" * 99 * _MEBIBYTE)},
        answer=accepted(),
        why="below the bounds of texts and files",
        is_large=True,
        seconds=20,
        megabytes=1_500,
    )
    yield _hostile(
        "a file of 101 MB",
        {"a.xml": later(in_note, "P" * 101 * _MEBIBYTE)},
        answer=rejected("FILE_SIZE"),
        why="Chorus Pro takes 100 MB a file",
        is_large=True,
    )


def _namespaces() -> Iterator[Hostile]:
    yield _hostile(
        "right names in a wrong namespace",
        {
            "root.xml": later(changed, (f'xmlns="{UBL}Invoice-2"', 'xmlns="urn:wrong"')),
            "none.xml": later(changed, (f' xmlns="{UBL}Invoice-2"', "")),
        },
        answer=rejected("SYNTAX_UNKNOWN"),
        why="a document is its namespace and its name",
    )
    yield _hostile(
        "a term in a wrong namespace",
        {
            "a.xml": later(
                changed, (_PAYABLE, _PAYABLE.replace("<cbc:PayableAmount", '<cbc:PayableAmount xmlns:cbc="urn:x"'))
            ),
            "b.xml": later(changed, ('xmlns:cbc="urn:oasis', 'xmlns:cbc="URN:oasis')),
        },
        answer=rejected("XSD_INVALID"),
        why="a namespace is compared as it is written",
    )
    renamed = write_ubl(Sample()).replace(b"cbc:", b"cac-b:").replace(b"xmlns:cbc", b"xmlns:cac-b")
    yield _hostile(
        "prefixes rebound",
        {
            "renamed.xml": lambda: renamed,
            "swapped.xml": lambda: _swap(good(), b"cac:", b"cbc:"),
            "inside.xml": later(
                changed,
                (
                    _PAYABLE,
                    _PAYABLE.replace("cbc:", "cac:").replace(" cur", f' xmlns:cac="{UBL}CommonBasicComponents-2" cur'),
                ),
            ),
        },
        answer=accepted(),
        why="a prefix means what it is bound to",
    )
    yield _hostile(
        "prefix without a namespace",
        {"a.xml": later(changed, (f' xmlns:cbc="{UBL}CommonBasicComponents-2"', ""))},
        answer=rejected("XML_SYNTAX"),
        why="no XML with namespaces",
    )


def _swap(data: bytes, one: bytes, other: bytes) -> bytes:
    return (
        data.replace(one, b"\0")
        .replace(other, one)
        .replace(b"\0", other)
        .replace(b"xmlns:cac", b"\0")
        .replace(b"xmlns:cbc", b"xmlns:cac")
        .replace(b"\0", b"xmlns:cbc")
    )


def _in(data: bytes, encoding: str, declared: str = "UTF-16", errors: str = "strict") -> bytes:
    text = data.decode().replace("€", "EUR")  # latin-1 has no sign for it
    return text.replace('encoding="UTF-8"', f'encoding="{declared}"', 1).encode(encoding, errors)


def _encodings() -> Iterator[Hostile]:
    yield _hostile(
        "encodings that lie",
        {
            "latin-1 as UTF-8.xml": lambda: _in(good(), "latin-1", "UTF-8"),
            "UTF-8 as latin-1.xml": lambda: _in(good(), "utf-8", "ISO-8859-1"),
            "UTF-8 as UTF-16.xml": lambda: _in(good(), "utf-8", "UTF-16"),
            "UTF-16 as UTF-8.xml": lambda: _in(good(), "utf-16", "UTF-8"),
            "unknown.xml": lambda: _in(good(), "utf-8", "x-nobody"),
            "overlong UTF-8.xml": lambda: good().replace("é".encode(), b"\xc0\xbc", 1),
            "surrogate in UTF-8.xml": lambda: good().replace("é".encode(), b"\xed\xa0\x80", 1),
        },
        answer=rejected("XML_ENCODING"),
        why="what was meant cannot be known",
    )
    yield _hostile(
        "encodings that hide markup",
        {
            "UTF-7.xml": lambda: _in(good(), "utf-7", "UTF-7"),
            "UTF-7 in ASCII.xml": lambda: _in(good(), "ascii", "UTF-7", "xmlcharrefreplace"),
            "HZ.xml": lambda: _in(good(), "ascii", "HZ-GB-2312", "xmlcharrefreplace"),
            "ISO 2022.xml": lambda: _in(good(), "ascii", "ISO-2022-JP", "xmlcharrefreplace"),
            "EBCDIC.xml": lambda: _in(good(), "cp037", "IBM037", "replace"),
        },
        answer=rejected("XML_ENCODING"),
        why="who does not decode them sees another document than who does",
    )
    yield _hostile(
        "other encodings that are true",
        {
            "UTF-16.xml": lambda: _in(good(), "utf-16"),
            "UTF-16 big endian.xml": lambda: b"\xfe\xff" + _in(good(), "utf-16-be"),
            "UTF-32.xml": lambda: _in(good(), "utf-32", "UTF-32"),
            "latin-9.xml": lambda: _in(good(), "iso-8859-15", "ISO-8859-15"),
            "windows-1252.xml": lambda: _in(good(), "cp1252", "windows-1252"),
        },
        answer=accepted(),
        why="legacy suppliers write them; in the reform a remark advises UTF-8",
        twins={"BOM.xml": lambda: b"\xef\xbb\xbf" + good()},
    )


def _characters() -> Iterator[Hostile]:
    yield _hostile(
        "NUL",
        {"a.xml": later(in_note, "a\0b"), "end.xml": lambda: good() + b"\0"},
        answer=rejected("XML_ENCODING"),
        why="no XML; told as bytes that are not in the encoding that is declared",
    )
    yield _hostile(
        "control characters",
        {
            "escape.xml": later(in_note, "\x1b[2J"),
            "reference.xml": later(in_note, "&#27;[2J"),
            "NUL by reference.xml": later(in_note, "&#0;"),
            "not a character.xml": later(in_note, "\ufffe"),
            "surrogate by reference.xml": later(in_note, "&#xD800;"),
        },
        answer=rejected("XML_SYNTAX"),
        why="no XML",
        twins={"a.xml": later(in_note, "\x85\x9b2J\u202e\u2066\ufeff\U0001f4a9&#x9;&#xD;")},
    )


def _splits() -> Iterator[Hostile]:
    total = str(Sample().total)
    cut = {"comment": "<!-- -->", "PI": "<?x y?>", "CDATA": "]]><![CDATA["}
    halves = total[:2], total[2:]
    wholes: dict[str, Maker] = {
        f"amount, {name}.xml": later(
            changed,
            (
                _PAYABLE,
                _PAYABLE.replace(total, f"<![CDATA[{mark.join(halves)}]]>" if name == "CDATA" else mark.join(halves)),
            ),
        )
        for name, mark in cut.items()
    }
    siret = _SIRET[:4], _SIRET[4:]
    wholes |= {
        f"SIRET, {name}.xml": later(
            changed,
            (f">{_SIRET}<", f"><![CDATA[{mark.join(siret)}]]><" if name == "CDATA" else f">{mark.join(siret)}<"),
        )
        for name, mark in cut.items()
    }
    yield _hostile(
        "amounts and identifiers split",
        wholes,
        answer=accepted(),
        why="the value is that of XPath, as the official rules read it: the parts put together",
    )
    afnor = write_afnor_ubl().decode()
    payable = afnor.rpartition("</cbc:PayableAmount>")[0].rpartition(">")[2]
    yield _hostile(
        "an amount wrong when put together",
        {
            f"{name}.xml": later(_put_together, afnor, payable, mark)
            for name, mark in (("comment", "<!-- -->"), ("PI", "<?x?>"), ("CDATA", "<![CDATA[]]>"))
        },
        answer=rejected("BR-CO-16"),
        why="the digit before the comment counts, as it does for the official rules",
        twins={"a.xml": afnor.encode},
    )
    yield _hostile(
        "SIRET wrong when put together",
        {
            name + ".xml": later(changed, (f">{_SIRET}<", f">{_SIRET}{mark}5<"))
            for name, mark in (("comment", "<!-- -->"), ("PI", "<?x?>"))
        },
        answer=rejected("SIRET_FORM"),
        why="what stands behind the comment counts",
    )


def _put_together(document: str, amount: str, mark: str) -> bytes:
    return document.replace(f">{amount}</cbc:PayableAmount>", f">9{mark}{amount}</cbc:PayableAmount>").encode()


def _homoglyphs() -> Iterator[Hostile]:
    scripts = {"full-width": 0xFF10, "Arabic-Indic": 0x660, "Devanagari": 0x966, "mathematical": 0x1D7CE}
    tables = {name: {ord("0") + digit: zero + digit for digit in range(10)} for name, zero in scripts.items()}

    def each(text: str) -> dict[str, Maker]:
        return {
            f"{name}.xml": later(changed, (f">{text}<", f">{text.translate(table)}<")) for name, table in tables.items()
        }

    yield _hostile(
        "homoglyph digits in amounts and dates",
        {f"amount, {name}": made for name, made in each(str(Sample().total)).items()}
        | {f"date, {name}": made for name, made in each("2026-11-20").items()},
        answer=rejected("XSD_INVALID"),
        why="only 0 to 9 make a number",
    )
    yield _hostile(
        "homoglyph digits in a SIRET",
        each(_SIRET),
        answer=rejected("SIRET_FORM"),
        why="only 0 to 9 make a SIRET",
    )
    yield _hostile(
        "homoglyph digits in an IBAN",
        each(Sample().iban),
        answer=rejected("IBAN_CHARACTERS"),
        why="only 0 to 9 and A to Z make an IBAN",
    )
    yield _hostile(
        "homoglyph letters in an IBAN",
        {"Cyrillic.xml": later(changed, (f">{Sample().iban}<", f">{Sample().iban.replace('M', 'М')}<"))},
        answer=rejected("IBAN_CHARACTERS"),
        why="М is no M",
    )
    yield _hostile(
        "homoglyph digits in a date of CII",
        {
            f"{name}.xml": later(changed_cii, (">20261120<", f">{'20261120'.translate(table)}<"))
            for name, table in tables.items()
        },
        answer=rejected("CHORUS_DATE"),
        why="the schema takes any text there, the rules only 0 to 9",
    )


def _signatures() -> Iterator[Hostile]:
    inner = good("F2026-0666").split(b"?>", 2)[2].decode().replace(Sample().buyer_siret, OTHER_ENTITY_SIRET)
    wrapped = '<ds:Object xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Id="a">{}</ds:Object>'
    signature = f'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">{wrapped}</ds:Signature>'
    yield _hostile(
        "a second invoice in a signature",
        {"a.xml": later(in_extension_alone, wrapped.format(inner))},
        answer=accepted(),
        why="the invoice that is judged is the root, which is what goes on; an extension is never one",
    )
    yield _hostile(
        "a signature around the invoice",
        {"a.xml": lambda: signature.format(inner).encode()},
        answer=rejected("SYNTAX_UNKNOWN"),
        why="the root is no invoice",
    )
    yield _hostile(
        "duplicate ids",
        {"a.xml": later(in_extension_alone, '<b><a xml:id="x"/><a xml:id="x"/><a Id="x"/><a ID="x"/></b>')},
        answer=accepted(),
        why="flux follows no id",
    )
    yield _hostile(
        "two roots",
        {"a.xml": lambda: good() + inner.encode()},
        answer=rejected("XML_SYNTAX"),
        why="no XML",
    )
    yield _hostile(
        "the number in two places",
        {"a.xml": later(number_of, "F2026-0117</cbc:ID><cbc:ID>F2026-0118")},
        answer=rejected("XSD_INVALID"),
        why="the schema takes one number",
    )
