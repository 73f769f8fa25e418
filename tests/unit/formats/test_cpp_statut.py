"""Status messages of Chorus Pro as partners write them."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from lxml import etree

from flux.formats.cpp_statut import read_cpp_statut
from flux.formats.message import parse_moment
from flux.formats.reader import TreeReader
from flux.model.cpp_statut import (
    CppBlock,
    CppErrorLine,
    CppStatut,
    FactureStatut,
    FluxStatut,
    StatutFacture,
    StatutFlux,
    block_of,
)
from flux.model.limits import Limits
from flux.model.paris import PARIS
from flux.model.register import IdentifierType

SAMPLE = Path(__file__).parents[3] / ".." / "shared" / "corpus" / "pastell-chorus" / "Example01-FactureStatut-ok.xml"
READER = TreeReader(Limits())

ENVELOPE = """<Enveloppe><EnveloppeUnitaire NumOrdre="1">
  <Parametres>
    <ParametreIndiv NumOrdre="0001"><Code>DtPrd</Code><Valeurparametre>2026-11-23</Valeurparametre></ParametreIndiv>
    <ParametreIndiv NumOrdre="0002"><Code>IdFlx</Code><Valeurparametre>SEI0011301000000000000001</Valeurparametre></ParametreIndiv>
  </Parametres>
  <Partenaires>
    <Recepteur><Id>FLX001</Id></Recepteur>
    <Emetteur><Id>SEI001</Id><Libelle>Services de l'État</Libelle></Emetteur>
  </Partenaires>
</EnveloppeUnitaire></Enveloppe>"""

FACTURES = f"""<CPPStatut Version="V1_19">{ENVELOPE}<CPPFactureStatuts compteur="2">
  <CPPFactureStatutUnitaire NumOrdre="1">
    <Fournisseur><TypeIdentifiant>02</TypeIdentifiant><Identifiant>BE0123456789</Identifiant><RaisonSociale>Papier</RaisonSociale><CodePays>BE</CodePays></Fournisseur>
    <Debiteur><TypeIdentifiant>1</TypeIdentifiant><Identifiant>11000201100044</Identifiant><Nom>État</Nom><CodeService>D2250</CodeService><NomService>Achats</NomService></Debiteur>
    <DonneesStatut>
      <IdStatut>008</IdStatut><ComplementStatut>Mandatée</ComplementStatut><Commentaire>Bordereau 12</Commentaire>
      <Horodatage>2026-11-23T16:51:55.000+01:00</Horodatage><Producteur Id="SEI001">Le service</Producteur>
      <IdFacture>F2026-0117</IdFacture><DateFacture>2026-11-20</DateFacture><IdMandatDP>M-7</IdMandatDP>
    </DonneesStatut>
  </CPPFactureStatutUnitaire>
  <CPPFactureStatutUnitaire NumOrdre="2">
    <Fournisseur><TypeIdentifiant>1</TypeIdentifiant><Identifiant>73282932000074</Identifiant><RaisonSociale>Centre</RaisonSociale></Fournisseur>
    <Debiteur><TypeIdentifiant>1</TypeIdentifiant><Identifiant>11000201100044</Identifiant></Debiteur>
    <DonneesStatut><IdStatut>37</IdStatut><Horodatage>2026-07-01T10:00:00Z</Horodatage><IdFacture>F2</IdFacture></DonneesStatut>
  </CPPFactureStatutUnitaire>
</CPPFactureStatuts></CPPStatut>"""

FLUX = f"""<CPPStatut Version="V1_19">{ENVELOPE}<CPPFluxStatuts compteur="1">
  <CPPFluxStatutUnitaire NumOrdre="1"><DonneesStatut>
    <IdStatut>94</IdStatut><ComplementStatut>Rejet</ComplementStatut><Commentaire>à revoir</Commentaire><Note>n</Note>
    <Horodatage>2026-11-23T08:15:02</Horodatage><IdProducteur>SEI00001</IdProducteur><Producteur/><IdFlux>FLX0010036000000000000005</IdFlux>
    <Details NbLignesErreur="1"><LigneErreurDetail IdLigne="1">
      <NatureErreur>REJET</NatureErreur><CodeErreur>E1</CodeErreur><LibelleErreur>compteur faux</LibelleErreur>
    </LigneErreurDetail></Details>
  </DonneesStatut></CPPFluxStatutUnitaire>
</CPPFluxStatuts></CPPStatut>"""


def tree(document: str) -> etree._Element:
    root = READER.read(document.encode()).root
    assert root is not None
    return root


def read(document: str) -> CppStatut:
    message, observations = read_cpp_statut(tree(document))
    assert observations == ()
    assert message is not None
    return message


def facture(position: int) -> FactureStatut:
    status = read(FACTURES).statuses[position]
    assert isinstance(status, FactureStatut)
    return status


ENTITY = read(FACTURES).envelopes[0]
MANDATED, OTHER = facture(0), facture(1)


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        (read(FACTURES).version, "V1_19"),
        (read(FACTURES).block, CppBlock.FACTURES),
        (read(FACTURES).counter, 2),
        (ENTITY.value_of("DtPrd"), "2026-11-23"),
        (ENTITY.value_of("IdFlx"), "SEI0011301000000000000001"),
        (ENTITY.value_of("Other"), None),
        (ENTITY.receiver.identifier, "FLX001"),
        (ENTITY.emitter.label, "Services de l'État"),
        (MANDATED.supplier.type, IdentifierType.EU_VAT),  # `02` is the number two
        (MANDATED.supplier.identifier, "BE0123456789"),
        (MANDATED.supplier.country, "BE"),
        (MANDATED.debtor.code_service, "D2250"),
        (MANDATED.debtor.service_name, "Achats"),
        (MANDATED.complement, "Mandatée"),
        (MANDATED.comment, "Bordereau 12"),
        (MANDATED.moment, datetime(2026, 11, 23, 16, 51, 55, tzinfo=PARIS)),
        (MANDATED.producer, "Le service"),
        (MANDATED.producer_id, "SEI001"),
        (MANDATED.number, "F2026-0117"),
        (MANDATED.issue_date, date(2026, 11, 20)),
        (MANDATED.mandate, "M-7"),
        (OTHER.status, "37"),  # a status of the circuits stays a number
        (OTHER.moment, datetime(2026, 7, 1, 12, tzinfo=PARIS)),
        (OTHER.issue_date, None),
        (OTHER.debtor.name, None),
    ],
)
def test_the_statuses_of_invoices_are_read(found: object, meant: object) -> None:
    assert found == meant


def test_the_status_of_a_flow_is_read() -> None:
    assert read(FLUX).statuses == (
        FluxStatut(
            status=StatutFlux.ERREUR_DE_RECEPTION_DU_DESTINATAIRE_FINAL,
            complement="Rejet",
            comment="à revoir",
            note="n",
            moment=datetime(2026, 11, 23, 8, 15, 2, tzinfo=PARIS),
            producer_id="SEI00001",
            flow_id="FLX0010036000000000000005",
            errors=(CppErrorLine(nature="REJET", code="E1", label="compteur faux"),),
        ),
    )


@pytest.mark.parametrize("written", ["7", "07", "007", " 7 ", "+7"])
def test_a_status_has_two_digits_however_it_is_written(written: str) -> None:
    status = read(FACTURES.replace("008", written)).statuses[0]
    assert status.status is StatutFacture.SERVICE_FAIT


@pytest.mark.skipif(not SAMPLE.exists(), reason="the corpus is not beside this checkout")
def test_a_status_flow_of_the_field_is_read() -> None:
    message, observations = read_cpp_statut(tree(SAMPLE.read_text(encoding="utf-8")))

    assert observations == ()
    assert message is not None
    (status,) = message.statuses
    assert (status.status, message.counter) == (StatutFacture.SERVICE_FAIT, 1)


def remove(path: str) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        for found in root.findall(path):
            parent = found.getparent()
            assert parent is not None
            parent.remove(found)

    return change


@pytest.mark.parametrize(
    ("document", "path", "missing"),
    [
        (FLUX, "CPPFluxStatuts", "CPPFluxStatuts, CPPFactureStatuts"),
        (FLUX, "Enveloppe", "Enveloppe"),
        (FLUX, ".//Emetteur", "Emetteur"),
        (FLUX, ".//CPPFluxStatutUnitaire", "CPPFluxStatutUnitaire"),
        (FLUX, ".//IdStatut", "IdStatut"),
        (FLUX, ".//Horodatage", "Horodatage"),
        (FLUX, ".//IdFlux", "IdFlux"),
        (FLUX, ".//CodeErreur", "CodeErreur"),
        (FACTURES, ".//CPPFactureStatutUnitaire", "CPPFactureStatutUnitaire"),
        (FACTURES, "CPPFactureStatuts/*[1]/Fournisseur", "Fournisseur"),
        (FACTURES, "CPPFactureStatuts/*[1]/Debiteur/Identifiant", "Identifiant"),
        (FACTURES, "CPPFactureStatuts/*[1]//IdFacture", "IdFacture"),
    ],
)
def test_a_message_without_what_gives_it_a_meaning_is_refused(document: str, path: str, missing: str) -> None:
    root = tree(document)
    remove(path)(root)

    message, (observation,) = read_cpp_statut(root)

    assert message is None
    assert (observation.code, observation.expected) == ("MESSAGE_MISSING", missing)


@pytest.mark.parametrize(
    ("document", "path", "text"),
    [
        (FLUX, ".//IdStatut", "reçu"),
        (FLUX, ".//IdStatut", "100"),
        (FLUX, ".//Horodatage", "2026-11-23"),
        (FACTURES, ".//TypeIdentifiant", "8"),
        (FACTURES, ".//DateFacture", "20/11/2026"),
        (FACTURES, ".//IdStatut", "-8"),
    ],
)
def test_a_value_that_cannot_be_read_is_shown(document: str, path: str, text: str) -> None:
    root = tree(document)
    found = root.find(path)
    assert found is not None
    found.text = text

    message, (observation,) = read_cpp_statut(root)

    assert message is None
    assert (observation.code, observation.found, observation.detail) == ("MESSAGE_VALUE", text, found.tag)


def test_a_counter_that_is_no_number_is_left_to_the_schema() -> None:
    assert read(FLUX.replace('compteur="1"', 'compteur="un"')).counter is None


@pytest.mark.parametrize(
    ("code", "block"),
    [
        ("CSO1100A", CppBlock.FLUX),
        ("CSO1301A", CppBlock.FLUX),
        ("FSO1300A", CppBlock.FLUX),
        ("FSO1301A", CppBlock.FACTURES),  # a recipient that sends statuses of flows there is refused
        ("FEN1200A", CppBlock.FACTURES),
        ("FSO1304A", None),  # a CDAR
        ("CSO1304A", None),
        ("CSO1150A", None),
        ("FSO1100A", None),  # invoices
    ],
)
def test_an_interface_has_its_block(code: str, block: CppBlock | None) -> None:
    assert block_of(code) is block


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-23T08:15:02+01:00", datetime(2026, 11, 23, 8, 15, 2, tzinfo=PARIS)),
        ("2026-11-23T08:15:02.5", datetime(2026, 11, 23, 8, 15, 2, tzinfo=PARIS)),
        ("2026-11-23T24:00:00Z", datetime(2026, 11, 24, 1, tzinfo=PARIS)),  # XML Schema has a twenty-fourth hour
        ("2026-11-23T24:00:01", None),
        ("2026-02-30T08:15:02", None),
        ("0001-01-01T00:00:00+14:00", None),  # before the calendar, in Paris
        ("9999-12-31T24:00:00", None),
        ("20261123081502", datetime(2026, 11, 23, 8, 15, 2, tzinfo=PARIS)),
        ("20261123", None),
        ("٢٠٢٦١١٢٣٠٨١٥٠٢", None),  # digits of another script
        ("", None),
    ],
)
def test_a_moment_is_read_in_the_ways_that_xml_writes_it(text: str, moment: datetime | None) -> None:
    assert parse_moment(text) == moment
