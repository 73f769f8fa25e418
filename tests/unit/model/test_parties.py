import pytest

from flux.model.parties import name_party
from flux.model.partner import Language


@pytest.mark.parametrize(
    ("term", "french", "english"),
    [
        ("BT-29", "fournisseur", "supplier"),
        ("BT-34", "fournisseur", "supplier"),  # an electronic address identifies too
        ("BT-46", "destinataire", "recipient"),
        ("BT-49", "destinataire", "recipient"),
        ("BT-60", "bénéficiaire", "payee"),
        ("BG-10", "bénéficiaire", "payee"),  # its VAT number has no term
        ("BT-1", "", ""),  # identifies the invoice
        ("BT-9999", "", ""),
    ],
)
def test_a_term_names_the_party_that_it_identifies(term: str, french: str, english: str) -> None:
    assert (name_party(term, Language.FR), name_party(term, Language.EN)) == (french, english)
