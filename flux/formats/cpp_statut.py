"""A status message of Chorus Pro read from its tree: CPPStatut V1_19 to `flux.model.cpp_statut`."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, TypeVar

from flux.formats.message import Faults, parse_day, parse_moment, parse_whole, text_in
from flux.formats.tree import Element
from flux.model.cdv_codes import known
from flux.model.cpp_statut import (
    CppBlock,
    CppDebtor,
    CppEnvelope,
    CppErrorLine,
    CppParameter,
    CppPartner,
    CppStatut,
    CppSupplier,
    FactureStatut,
    FluxStatut,
    StatutFacture,
    StatutFlux,
)
from flux.model.finding import Observation
from flux.model.paris import PARIS
from flux.model.register import IdentifierType

CPP_STATUT_ROOT = "CPPStatut"

_NO_MOMENT = datetime(1900, 1, 1, tzinfo=PARIS)

_Value = TypeVar("_Value")


class CppStatutReading(NamedTuple):
    """The message, or None and the observations that say why."""

    message: CppStatut | None
    observations: tuple[Observation, ...] = ()


def read_cpp_statut(root: Element) -> CppStatutReading:
    """The message that a tree with the root element `CPP_STATUT_ROOT` holds."""
    faults = Faults()
    message = _read_message(root, faults)
    return CppStatutReading(None if faults.observations else message, faults.observations)


def _read_message(root: Element, faults: Faults) -> CppStatut | None:
    block = next(root.iterchildren(*(each.value for each in CppBlock)), None)
    if block is None:
        faults.missing(root, f"{CppBlock.FLUX.value}, {CppBlock.FACTURES.value}")
        return None
    return CppStatut(
        version=root.get("Version"),
        envelopes=faults.several(
            tuple(_envelope(each, faults) for each in root.iterfind("Enveloppe/EnveloppeUnitaire")), root, "Enveloppe"
        ),
        statuses=_flux(block, faults) if block.tag == CppBlock.FLUX.value else _factures(block, faults),
        block=CppBlock(block.tag),
        counter=_counter(block),
    )


def _counter(block: Element) -> int | None:
    """The counter; one that is no number says as little as none, and the schema has spoken of it."""
    return parse_whole(block.get("compteur", ""))


def _envelope(element: Element, faults: Faults) -> CppEnvelope:
    return CppEnvelope(
        parameters=tuple(_parameter(each, faults) for each in element.iterfind("Parametres/ParametreIndiv")),
        receiver=_partner(element, "Recepteur", faults),
        emitter=_partner(element, "Emetteur", faults),
    )


def _parameter(element: Element, faults: Faults) -> CppParameter:
    return CppParameter(
        code=_text(element, "Code", faults),
        value=_text(element, "Valeurparametre", faults),
        note=text_in(element, "Note"),
    )


def _partner(envelope: Element, tag: str, faults: Faults) -> CppPartner:
    partner = envelope.find(f"Partenaires/{tag}")
    if partner is None:
        faults.missing(envelope, tag)
        return CppPartner(identifier="")
    return CppPartner(
        identifier=_text(partner, "Id", faults), label=text_in(partner, "Libelle"), note=text_in(partner, "Note")
    )


def _flux(block: Element, faults: Faults) -> tuple[FluxStatut, ...]:
    units = tuple(block.iterfind("CPPFluxStatutUnitaire/DonneesStatut"))
    return tuple(_flux_statut(each, faults) for each in faults.several(units, block, "CPPFluxStatutUnitaire"))


def _flux_statut(element: Element, faults: Faults) -> FluxStatut:
    return FluxStatut(
        status=known(StatutFlux, _required(element, "IdStatut", _parse_status, "90", faults) or ""),
        complement=text_in(element, "ComplementStatut"),
        comment=text_in(element, "Commentaire"),
        note=text_in(element, "Note"),
        moment=_moment(element, faults),
        producer_id=text_in(element, "IdProducteur"),
        flow_id=_text(element, "IdFlux", faults),
        errors=tuple(_error_line(each, faults) for each in element.iterfind("Details/LigneErreurDetail")),
    )


def _error_line(element: Element, faults: Faults) -> CppErrorLine:
    return CppErrorLine(
        nature=_text(element, "NatureErreur", faults),
        code=_text(element, "CodeErreur", faults),
        label=_text(element, "LibelleErreur", faults),
        description=text_in(element, "DescriptionErreur"),
    )


def _factures(block: Element, faults: Faults) -> tuple[FactureStatut, ...]:
    units = tuple(block.iterchildren("CPPFactureStatutUnitaire"))
    read = (_facture_statut(each, faults) for each in faults.several(units, block, "CPPFactureStatutUnitaire"))
    return tuple(each for each in read if each is not None)


def _facture_statut(unit: Element, faults: Faults) -> FactureStatut | None:
    supplier, debtor, element = (unit.find(tag) for tag in ("Fournisseur", "Debiteur", "DonneesStatut"))
    for found, tag in ((supplier, "Fournisseur"), (debtor, "Debiteur"), (element, "DonneesStatut")):
        if found is None:
            faults.missing(unit, tag)
    if supplier is None or debtor is None or element is None:
        return None
    producer = element.find("Producteur")
    return FactureStatut(
        supplier=_supplier(supplier, faults),
        debtor=_debtor(debtor, faults),
        status=known(StatutFacture, _required(element, "IdStatut", _parse_status, "01", faults) or ""),
        complement=text_in(element, "ComplementStatut"),
        comment=text_in(element, "Commentaire"),
        moment=_moment(element, faults),
        producer=text_in(element, "Producteur"),
        producer_id=None if producer is None else producer.get("Id"),
        number=_text(element, "IdFacture", faults),
        issue_date=faults.read(element.find("DateFacture"), parse_day, "YYYY-MM-DD"),
        mandate=text_in(element, "IdMandatDP"),
    )


def _supplier(element: Element, faults: Faults) -> CppSupplier:
    kind = _required(element, "TypeIdentifiant", _parse_type, "1, 2, 3, 4, 5, 6, 7", faults)
    return CppSupplier(
        type=kind or IdentifierType.OTHER,
        identifier=_text(element, "Identifiant", faults),
        name=text_in(element, "RaisonSociale"),
        country=text_in(element, "CodePays"),
    )


def _debtor(element: Element, faults: Faults) -> CppDebtor:
    return CppDebtor(
        identifier=_text(element, "Identifiant", faults),
        name=text_in(element, "Nom"),
        code_service=text_in(element, "CodeService"),
        service_name=text_in(element, "NomService"),
    )


def _text(parent: Element, tag: str, faults: Faults) -> str:
    """The text of a child that must be there."""
    return faults.required(text_in(parent, tag), parent, tag, "")


def _moment(parent: Element, faults: Faults) -> datetime:
    return _required(parent, "Horodatage", parse_moment, "YYYY-MM-DDThh:mm:ss", faults) or _NO_MOMENT


def _required(
    parent: Element, tag: str, parse: Callable[[str], _Value | None], expected: str, faults: Faults
) -> _Value | None:
    """The value of a child that must be there; None, and noted, where it is not or cannot be read."""
    child = parent.find(tag)
    if child is None:
        faults.missing(parent, tag)
    return faults.read(child, parse, expected)


def _parse_status(text: str) -> str | None:
    """The status in two digits: it is a number to the schema, so `7`, `07` and `007` are one."""
    number = parse_whole(text)
    return f"{number:02}" if number is not None and 0 < number < 100 else None


def _parse_type(text: str) -> IdentifierType | None:
    number = parse_whole(text)
    return next((each for each in IdentifierType if each.value == str(number)), None)
