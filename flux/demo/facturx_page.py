"""The page of a Factur-X that people read, and the files that it carries. Imported when a PDF is made: pypdf takes 0.15 s.

It is no PDF/A-3 to the letter: its font is Helvetica, which every reader has and which is therefore not embedded.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from io import BytesIO
from typing import cast
from xml.sax.saxutils import escape

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject

from flux.demo.samples import VAT_RATE, Sample, SampleLine

# An A4 page and its columns, in points from the lower left corner.
_WIDTH, _HEIGHT = 595, 842
_LEFT, _RIGHT = 56, 539
_QUANTITY, _PRICE = 372, 452
_ROW = 18
_ROWS_SHOWN = 20
_INK, _MUTED, _ACCENT, _SHADE, _PAPER = "0.13 g", "0.45 g", "0.11 0.27 0.47 rg", "0.955 g", "1 g"

# Widths of Helvetica in thousandths of its size (Adobe Font Metrics); a character that is not here is 556 wide.
_WIDTHS = {
    character: width
    for characters, width in (
        ("ijl", 222),
        ("ft I,.:;/\xa0", 278),
        ("r-()", 333),
        ("cksvxyzJ", 500),
        ("FTZ", 611),
        ("ABEKPSVXY", 667),
        ("wCDHNRU", 722),
        ("GOQ", 778),
        ("mM", 833),
        ("%", 889),
        ("W", 944),
    )
    for character in characters
}

_METADATA = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
  <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
      <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
    </rdf:Description>
    <rdf:Description rdf:about="" xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#">
      <fx:DocumentType>INVOICE</fx:DocumentType>
      <fx:DocumentFileName>{file_name}</fx:DocumentFileName>
      <fx:Version>1.0</fx:Version>
      <fx:ConformanceLevel>{level}</fx:ConformanceLevel>
    </rdf:Description>
  </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def write_page(sample: Sample, attachments: Mapping[str, bytes], level: str) -> bytes:
    """A PDF of one page that shows the sample and carries the files; `level` is the conformance level of the first."""
    writer = PdfWriter()
    writer.pdf_header = "%PDF-1.7"
    page = writer.add_blank_page(_WIDTH, _HEIGHT)
    fonts = DictionaryObject({NameObject("/F1"): _font("/Helvetica"), NameObject("/F2"): _font("/Helvetica-Bold")})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    content = DecodedStreamObject()
    content.set_data("\n".join(_draw(sample)).encode("cp1252", errors="replace"))
    page.replace_contents(content.flate_encode())
    writer.add_metadata({"/Title": _title(sample), "/Author": sample.supplier_name})
    associated = ArrayObject()
    for name, data in attachments.items():
        attached = writer.add_attachment(name, data)
        attached.associated_file_relationship = NameObject("/Alternative")
        attached.subtype = NameObject("/text/xml" if name.endswith(".xml") else "/application/octet-stream")
        associated.append(attached.pdf_object.indirect_reference)
    if attachments:
        writer.root_object[NameObject("/AF")] = associated
        facts = {"title": escape(_title(sample)), "file_name": escape(next(iter(attachments))), "level": level}
        writer.xmp_metadata = _METADATA.format(**facts).encode()
        cast("DictionaryObject", writer.root_object["/Metadata"]).update(
            _names({"/Type": "/Metadata", "/Subtype": "/XML"})
        )
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _title(sample: Sample) -> str:
    return f"{_kind(sample)} {sample.number}"


def _kind(sample: Sample) -> str:
    return "Avoir" if sample.type_code == "381" else "Facture"


def _font(name: str) -> DictionaryObject:
    return _names({"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": name, "/Encoding": "/WinAnsiEncoding"})


def _names(entries: Mapping[str, str]) -> DictionaryObject:
    return DictionaryObject({NameObject(key): NameObject(value) for key, value in entries.items()})


def _draw(sample: Sample) -> Iterator[str]:
    """The content of the page, from top to bottom."""
    yield _box(0, _HEIGHT - 10, _WIDTH, 10, _ACCENT)
    yield from _supplier(sample)
    yield from _heading(sample)
    yield from _buyer(sample)
    yield from _table(sample)
    yield from _payment(sample)


def _supplier(sample: Sample) -> Iterator[str]:
    yield _text(_LEFT, 786, sample.supplier_name, size=13, font="F2", ink=_ACCENT)
    rows = (
        "12 rue de la République",
        "69002 Lyon",
        f"SIRET {sample.supplier_siret}",
        f"TVA {sample.supplier_vat}",
    )
    yield from (_text(_LEFT, 768 - 13 * order, row, size=9, ink=_MUTED) for order, row in enumerate(rows))


def _heading(sample: Sample) -> Iterator[str]:
    yield _text(_LEFT, 672, _title(sample), size=20, font="F2")
    yield _text(_LEFT, 652, f"Émise le {sample.issue_date:%d/%m/%Y}, à payer le {sample.due_date:%d/%m/%Y}", size=9)
    yield _text(_LEFT, 638, f"Engagement {sample.numero_engagement}, service {sample.code_service}", size=9)


def _buyer(sample: Sample) -> Iterator[str]:
    yield _box(330, 700, _RIGHT - 330, 76, _SHADE)
    yield _text(342, 758, "Adressée à", size=8, ink=_MUTED)
    yield _text(342, 742, sample.buyer_name, size=10, font="F2")
    rows = ("20 avenue de Ségur, 75007 Paris", f"SIRET {sample.buyer_siret}")
    yield from (_text(342, 727 - 13 * order, row, size=9) for order, row in enumerate(rows))


def _table(sample: Sample) -> Iterator[str]:
    top = 606
    yield _box(_LEFT, top - 6, _RIGHT - _LEFT, _ROW + 2, _ACCENT)
    yield _text(_LEFT + 6, top, "Désignation", size=9, ink=_PAPER)
    for right, title in ((_QUANTITY, "Quantité"), (_PRICE, "Prix unitaire"), (_RIGHT - 6, "Montant HT")):
        yield _right(right, top, title, ink=_PAPER)
    shown = sample.lines[:_ROWS_SHOWN]
    for order, line in enumerate(shown, start=1):
        yield from _row(line, top - _ROW * order, is_shaded=order % 2 == 0)
    below = top - _ROW * (len(shown) + 1)
    if len(sample.lines) > len(shown):
        more = f"et {len(sample.lines) - len(shown)} lignes de plus, dans le fichier joint"
        yield _text(_LEFT + 6, below, more, size=9, ink=_MUTED)
    yield from _totals(sample, below - 14)


def _row(line: SampleLine, height: int, *, is_shaded: bool) -> Iterator[str]:
    if is_shaded:
        yield _box(_LEFT, height - 6, _RIGHT - _LEFT, _ROW, _SHADE)
    yield _text(_LEFT + 6, height, line.name, size=9)
    yield _right(_QUANTITY, height, str(line.quantity))
    yield _right(_PRICE, height, _money(line.price))
    yield _right(_RIGHT - 6, height, _money(line.net))


def _totals(sample: Sample, height: int) -> Iterator[str]:
    rows = (
        ("Total hors taxe", sample.net),
        (f"TVA {VAT_RATE.normalize():f} %", sample.vat),
        ("Total à payer", sample.total),
    )
    for order, (title, amount) in enumerate(rows):
        font = "F2" if order == len(rows) - 1 else "F1"
        yield _text(_QUANTITY - 20, height - _ROW * order, title, size=9, font=font)
        yield _right(_RIGHT - 6, height - _ROW * order, _money(amount), font=font)


def _payment(sample: Sample) -> Iterator[str]:
    yield _box(_LEFT, 96, _RIGHT - _LEFT, 0.6, _ACCENT)
    rows = (
        f"Virement sur {sample.iban}, BIC {sample.bic}",
        "Retard : pénalités au taux légal majoré de huit points, indemnité forfaitaire de 40 €. Pas d'escompte.",
    )
    yield from (_text(_LEFT, 80 - 13 * order, row, size=8, ink=_MUTED) for order, row in enumerate(rows))


def _money(amount: Decimal) -> str:
    """1 234,50 €, held together by spaces that do not break."""
    return f"{amount:,.2f} €".replace(",", "\xa0").replace(".", ",").replace(" ", "\xa0")


def _box(left: float, bottom: float, width: float, height: float, ink: str) -> str:
    return f"{ink} {left} {bottom} {width} {height} re f"


def _text(left: float, bottom: float, text: str, *, size: int, font: str = "F1", ink: str = _INK) -> str:
    literal = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"{ink} BT /{font} {size} Tf {left:.2f} {bottom} Td ({literal}) Tj ET"


def _right(right: float, bottom: float, text: str, *, size: int = 9, font: str = "F1", ink: str = _INK) -> str:
    """Text that ends at `right`; the digits of the bold font are as wide as those of the other."""
    width = sum(_WIDTHS.get(character, 556) for character in text) * size / 1000
    return _text(right - width, bottom, text, size=size, font=font, ink=ink)
