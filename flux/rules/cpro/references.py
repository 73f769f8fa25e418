"""The contract's kind and the cadre (BR-FR-CPRO-01, -24)."""

from flux.model.invoice import Invoice
from flux.model.term import Term, text_of
from flux.rules.quote import quote
from flux.rules.rule import AnyRule, Hit, Matter, Rule

# CT and GC (UNTDID 1153) are announced in the place of the French words; EN 16931 admits nothing else in CII.
CONTRACT_TYPES = frozenset({"CONTRAT", "MARCHE", "CT", "GC"})
_FORBIDDEN_CADRE = "S5"


def _contract_type(term: Term, matter: Matter) -> Hit | None:  # noqa: ARG001 - the shape of every check
    text = term.text.strip()
    return None if text in CONTRACT_TYPES else Hit(found=quote(text), expected="CONTRAT, MARCHE")


def _cadre(invoice: Invoice, matter: Matter) -> Hit | None:  # noqa: ARG001 - the shape of every check
    if text_of(invoice.cadre) != _FORBIDDEN_CADRE:
        return None
    return Hit(found=_FORBIDDEN_CADRE, expected="S3", place=("cadre", 0))


RULES: tuple[AnyRule, ...] = (
    Rule(code="BR-FR-CPRO-01", check=_contract_type, on="contract_type", term="EXT-FR-FE-01"),
    Rule(code="BR-FR-CPRO-24", check=_cadre, term="BT-23"),
)
