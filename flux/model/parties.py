"""The party that a business term is about, by the name under which the sender of an invoice knows it."""

from flux.model.partner import Language

_SELLER = ("fournisseur", "supplier")
_BUYER = ("destinataire", "recipient")
_PAYEE = ("bénéficiaire", "payee")

# Identifiers and electronic addresses of EN 16931, and the payee's group for the VAT number that it has no term for.
_PARTIES = (
    dict.fromkeys(("BT-29", "BT-30", "BT-31", "BT-32", "BT-33", "BT-34"), _SELLER)
    | dict.fromkeys(("BT-46", "BT-47", "BT-48", "BT-49"), _BUYER)
    | dict.fromkeys(("BT-59", "BT-60", "BT-61", "BG-10"), _PAYEE)
)


def name_party(term: str, language: Language) -> str:
    """`fournisseur`, `destinataire` or `bénéficiaire`; empty for a term that identifies no party."""
    french, english = _PARTIES.get(term, ("", ""))
    return french if language is Language.FR else english
