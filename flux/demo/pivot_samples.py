"""CPP documents that the project writes itself: pivots and mixed invoices of any number of units, valid with their sums.

They are written piece by piece, so that one of a gigabyte takes no more memory than its largest invoice.
"""

import base64
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from xml.sax.saxutils import escape

from flux.demo.samples import VAT_RATE, Sample

FLOW_ID = "CPP0020036000000000000004"


@dataclass(frozen=True, slots=True, kw_only=True)
class PivotSample:
    """An invoice to write as a unit; `attachment` is the content of its attachment, which a zip wraps.

    `renvoi` is left out where it is empty, and so is the account where `account_type` is.
    """

    sample: Sample = field(default_factory=Sample)
    attachment: bytes = b"%PDF-1.4 facture"
    account_type: str = "IBAN"
    renvoi: str = ""
    received: date = date(2026, 11, 21)


# What a format writes in its own way of a supplier, or of an invoice.
Part = Callable[[PivotSample], str]


def write_pivot(samples: Iterable[PivotSample], *, flow_id: str = FLOW_ID, counter: int | None = None) -> bytes:
    """A CPPFacturePivot V2_02 of these invoices; `counter` replaces their true number."""
    written = tuple(samples)
    return b"".join(stream_pivot(written, count=len(written) if counter is None else counter, flow_id=flow_id))


def stream_pivot(samples: Iterable[PivotSample], *, count: int, flow_id: str = FLOW_ID) -> Iterator[bytes]:
    """The same, unit by unit."""
    yield _head("CPPFacturePivot", ' Version="V2_02"', count, flow_id)
    for order, each in enumerate(samples, start=1):
        yield _unit("CPPFacturePivotUnitaire", order, each, _pivot_supplier, _pivot_data)
    yield _tail("CPPFacturePivot")


def write_mixte(samples: Iterable[PivotSample], *, flow_id: str = FLOW_ID) -> bytes:
    """A CPPFactureMixte of these invoices."""
    written = tuple(samples)
    units = (
        _unit("CPPFactureMixteUnitaire", order, each, _mixte_supplier, _mixte_data)
        for order, each in enumerate(written, start=1)
    )
    return b"".join((_head("CPPFactureMixte", "", len(written), flow_id), *units, _tail("CPPFactureMixte")))


def _head(root: str, version: str, count: int, flow_id: str) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<{root} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"{version}>
  <Enveloppe>
    <EnveloppeUnitaire NumOrdre="1">
      <Parametres>
        <ParametreIndiv NumOrdre="0001">
          <Code>DtPrd</Code>
          <Valeurparametre>2026-11-21</Valeurparametre>
        </ParametreIndiv>
        <ParametreIndiv NumOrdre="0002">
          <Code>IdFlx</Code>
          <Valeurparametre>{escape(flow_id)}</Valeurparametre>
        </ParametreIndiv>
      </Parametres>
      <Partenaires>
        <Recepteur>
          <Id>SEI001</Id>
        </Recepteur>
        <Emetteur>
          <Id>CPP002</Id>
        </Emetteur>
      </Partenaires>
    </EnveloppeUnitaire>
  </Enveloppe>
  <CPPFactures Compteur="{count}">
""".encode()


def _tail(root: str) -> bytes:
    return f"  </CPPFactures>\n</{root}>\n".encode()


def _unit(tag: str, order: int, each: PivotSample, supplier: Part, data: Part) -> bytes:
    sample = each.sample
    name = f"facture_{sample.number.replace('/', '_')}.pdf"
    return f"""    <{tag} NumOrdre="{order}">
      <Fournisseur>
        <TypeIdentifiant>1</TypeIdentifiant>
        <Identifiant>{escape(sample.supplier_siret)}</Identifiant>
        <RaisonSociale>{escape(sample.supplier_name)}</RaisonSociale>
        <CodePays>FR</CodePays>{supplier(each)}
      </Fournisseur>
      <Debiteur>
        <TypeIdentifiant>1</TypeIdentifiant>
        <Identifiant>{escape(sample.buyer_siret)}</Identifiant>
        <Nom>{escape(sample.buyer_name)}</Nom>
        <CodeService>{escape(sample.code_service)}</CodeService>
      </Debiteur>
      <DonneesFacture>
        <Id>{escape(sample.number)}</Id>{data(each)}
      </DonneesFacture>
      <PJ NumOrdre="1">
        <Contenu>{_zipped(name, each.attachment)}</Contenu>
        <NomPJ>{escape(name)}</NomPJ>
        <TypePJ>01</TypePJ>
        <MimeTypePJ>application/pdf</MimeTypePJ>
      </PJ>
    </{tag}>
""".encode()


def _pivot_supplier(each: PivotSample) -> str:
    return f"{_account(each)}\n        <ModeEmission>flux</ModeEmission>"


def _mixte_supplier(each: PivotSample) -> str:
    return _account(each)


def _account(each: PivotSample) -> str:
    if not each.account_type:
        return ""
    return f"""
        <ReferenceBancaire Type="{each.account_type}">
          <Compte>{escape(each.sample.iban)}</Compte>
        </ReferenceBancaire>"""


def _pivot_data(each: PivotSample) -> str:
    renvoi = f"\n        <Renvoi>{each.renvoi}</Renvoi>" if each.renvoi else ""
    received = f"\n        <DateReception>{each.received}</DateReception>"
    return f"{renvoi}{_invoice_data(each.sample, received, 'TVAs')}{_lines(each.sample)}"


def _mixte_data(each: PivotSample) -> str:
    return _invoice_data(each.sample, "", "TVAS")


def _invoice_data(sample: Sample, received: str, vat_tag: str) -> str:
    return f"""
        <Type>{sample.type_code}</Type>
        <Cadre>A1</Cadre>
        <DateEmissionFacture>{sample.issue_date}</DateEmissionFacture>
        <ModePaiement>
          <Code>{sample.means}</Code>
        </ModePaiement>{received}
        <Devise>EUR</Devise>
        <Montants>
          <MontantHT>{sample.net}</MontantHT>
          <MontantTTC>{sample.total}</MontantTTC>
          <MontantNetAPayer>{sample.total}</MontantNetAPayer>
        </Montants>
        <{vat_tag}>
          <TVA>
            <Taux>{VAT_RATE}</Taux>
            <BaseHt>{sample.net}</BaseHt>
            <MontantTVA>{sample.vat_text}</MontantTVA>
          </TVA>
        </{vat_tag}>
        <Engagement>
          <NumeroEngagement>{escape(sample.numero_engagement)}</NumeroEngagement>
        </Engagement>"""


def _lines(sample: Sample) -> str:
    lines = "".join(
        f"""
          <Ligne NumOrdre="{line.identifier}">
            <ReferenceProduit>ART-{line.identifier:05d}</ReferenceProduit>
            <PrixUnitaire>{line.price}</PrixUnitaire>
            <Quantite>{line.quantity}</Quantite>
            <MontantHT>{line.net}</MontantHT>
            <TauxTVA>{VAT_RATE}</TauxTVA>
          </Ligne>"""
        for line in sample.lines
    )
    return f"\n        <Lignes>{lines}\n        </Lignes>"


def _zipped(name: str, content: bytes) -> str:
    """In CPP formats an attachment is the base64 of a zip of one file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name), content)
    return base64.b64encode(packed.getvalue()).decode()
