"""BR-FR-12, 13, 21, 22, 23, 25: electronic addresses, by which the annuaire finds a party."""

from collections.abc import Callable

from flux.model.finding import Place
from flux.model.invoice import Invoice, Party
from flux.model.term import Term
from flux.rules.br_fr.notes import is_domestic
from flux.rules.br_fr.parties import is_code, sirens
from flux.rules.br_fr.texts import is_filled, texts
from flux.rules.br_fr.types import SELF_BILLED_TYPES
from flux.rules.rule import AnyRule, Hit, Matter, Rule

FRENCH = "0225"
LONGEST = 125
_ADDRESS = "electronic_addresses"


def _given(field: str) -> Callable[[Invoice, Matter], Hit | None]:
    def check(invoice: Invoice, matter: Matter) -> Hit | None:
        parties: tuple[Party, ...] = getattr(invoice, field)
        held = [term.text for party in parties for term in party.electronic_addresses]
        is_given = is_filled(held) if matter.is_ubl else any(held)
        return None if is_given else Hit(place=(field, 0, _ADDRESS, 0))

    return check


def _under_siren(field: str, *, self_billed: bool) -> Callable[[Invoice, Matter], Hit | None]:
    """BR-FR-21, BR-FR-22: between French companies, the address of who receives the invoice begins with its SIREN."""

    def check(invoice: Invoice, matter: Matter) -> Hit | None:
        if not is_domestic(matter) or self_billed is texts(invoice.type_code).isdisjoint(SELF_BILLED_TYPES):
            return None
        parties: tuple[Party, ...] = getattr(invoice, field)
        held = [term for party in parties for term in party.electronic_addresses]
        siren = next(iter(_sirens(parties, matter)), "")
        if held and held[0].qualifier == FRENCH and held[0].text.startswith(siren):
            return None
        found = f"{held[0].qualifier}:{held[0].text}" if held else None
        return Hit(found=found, expected=f"{FRENCH}:{siren}...", place=(field, 0, _ADDRESS, 0))

    return check


def _sirens(parties: tuple[Party, ...], matter: Matter) -> list[str]:
    """UBL looks for the SIREN, CII takes the legal identifier whatever it is."""
    if matter.is_ubl:
        return [text for party in parties for text in sirens(party)]
    return [term.text for party in parties for term in party.legal_identifiers]


def _written(term: str) -> Callable[[Party, Matter], list[Hit] | None]:
    """BR-FR-23, BR-FR-25: how an address of the annuaire is written, and how long any address may be."""

    def check(party: Party, _: Matter) -> list[Hit] | None:
        hits: list[Hit] = []
        for index, held in enumerate(party.electronic_addresses):
            if len(held.text) > LONGEST or (held.qualifier == FRENCH and not is_code(held.text)):
                hits.extend(_faults(held, (_ADDRESS, index), term))
        return hits or None

    return check


def _faults(held: Term, place: Place, term: str) -> list[Hit]:
    faults = (
        ("BR-FR-23", held.qualifier == FRENCH and not is_code(held.text)),
        ("BR-FR-25", len(held.text) > LONGEST),
    )
    return [
        Hit(code=code, found=held.text, place=place, term=term, detail=term) for code, is_fault in faults if is_fault
    ]


_PARTIES = (
    ("sellers", "BT-34"),
    ("buyers", "BT-49"),
    ("buyer_agents", "EXT-FR-FE-12"),
    ("payees", "EXT-FR-FE-29"),
    ("payers", "EXT-FR-FE-52"),
    ("seller_agents", "EXT-FR-FE-75"),
    ("invoicees", "EXT-FR-FE-98"),
    ("invoicers", "EXT-FR-FE-121"),
)

RULES: tuple[AnyRule, ...] = (
    Rule(code="BR-FR-12", detail="BT-49", check=_given("buyers")),
    Rule(code="BR-FR-13", detail="BT-34", check=_given("sellers")),
    Rule(code="BR-FR-21", detail="BT-49", check=_under_siren("buyers", self_billed=False)),
    Rule(code="BR-FR-22", detail="BT-34", check=_under_siren("sellers", self_billed=True)),
    *(Rule(code="BR-FR-23", on=on, check=_written(term), codes=("BR-FR-23", "BR-FR-25")) for on, term in _PARTIES),
)
