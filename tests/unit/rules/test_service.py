import pytest

from flux.model.invoice import Contact, Invoice, Party
from flux.model.term import Term
from flux.rules.service import find_code_service

ROUTING = Party(identifiers=(Term("11000201100044", "0009"), Term(" D0123\n", "0224")))
CONTACT = Party(contacts=(Contact(identifier=(Term("S1"),)),))


@pytest.mark.parametrize(
    ("invoice", "code_service"),
    [
        (Invoice(buyers=(ROUTING,)), "D0123"),  # the reform
        (Invoice(buyers=(CONTACT,)), "S1"),  # legacy UBL
        (Invoice(cadre=(Term("A1"),), buyer_reference=(Term("S2"),)), "S2"),  # legacy CII
        (Invoice(cadre=(Term("A1"),), buyers=(CONTACT,), buyer_reference=(Term("S2"),)), "S1"),  # the contact's wins
        (Invoice(cadre=(Term("B1"),), buyer_reference=(Term("S2"),)), ""),  # BT-10 is any reference in the reform
        (Invoice(buyers=(Party(contacts=(Contact(name=(Term("Jeanne"),)),)),)), ""),
        (Invoice(), ""),
    ],
)
def test_the_code_service_stands_where_its_format_puts_it(invoice: Invoice, code_service: str) -> None:
    assert find_code_service(invoice) == code_service
