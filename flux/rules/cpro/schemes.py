"""The schemes under which Chorus Pro knows suppliers, and how the identifiers of each are written (codes of ISO 6523)."""

from flux.model.term import Terms

SIREN, SIRET, ROUTING = "0002", "0009", "0224"
EU_VAT, INDIVIDUAL, OUTSIDE_EU, RIDET, TAHITI = "0223", "0226", "0227", "0228", "0229"
# Of suppliers that have no SIRET.
FOREIGN = frozenset({EU_VAT, INDIVIDUAL, OUTSIDE_EU, RIDET, TAHITI})
STRUCTURES = FOREIGN | {SIRET}


def under(terms: Terms, schemes: frozenset[str]) -> bool:
    """True where an identifier with a value stands under one of the schemes."""
    return any(term.qualifier in schemes and term.text.strip() for term in terms)


def find(terms: Terms, scheme: str) -> str:
    """The first identifier with a value under a scheme, without outer white space; empty where there is none."""
    return next((text for term in terms if term.qualifier == scheme and (text := term.text.strip())), "")
