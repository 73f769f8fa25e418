import csv
import io

from flux.model.finding import Severity
from flux.model.settlement import FlowCase, InvoiceId
from flux.replies.alerts import build_alerts
from tests.unit.replies.cases import ENTITY, SECRET, TO_SENDER, answering, fatal, judged, settled


def alerts(case: FlowCase, *invoices: InvoiceId) -> bytes | None:
    return build_alerts(answering(case, partner=ENTITY, invoices=invoices))


def rows(built: bytes | None) -> list[dict[str, str]]:
    assert built is not None
    return list(csv.DictReader(io.StringIO(built.decode("utf-8-sig")), delimiter=";"))


def test_a_warning_for_the_recipient_names_invoice_and_supplier_and_masks_the_account() -> None:
    (row,) = rows(alerts(settled(judged(0, SECRET)), (0, 0)))

    assert row["Facture"] == "F2026-0117"
    assert row["Fournisseur"] == "Papeterie du Centre SAS"
    assert row["Identifiant"] == "73282932000074"
    assert row["Code"] == "IBAN_NOT_DECLARED"
    assert row["Trouvé"] == "FR…2606"


def test_an_alert_says_what_was_expected() -> None:
    wrong = fatal("IBAN_RIB_KEY", severity=Severity.WARNING, audience=SECRET.audience, term="BT-84", expected="06")

    (row,) = rows(alerts(settled(judged(0, wrong)), (0, 0)))

    assert row["Attendu"] == "une clé RIB juste : 06"


def test_only_the_invoices_that_the_flow_carries_are_listed() -> None:
    case = settled(judged(0, SECRET), judged(1, SECRET))

    assert [row["Facture"] for row in rows(alerts(case, (1, 0)))] == ["F2026-0118"]


def test_what_is_for_the_sender_alone_is_not_listed() -> None:
    for_sender = fatal("IBAN_SPACING", severity=Severity.WARNING, audience=TO_SENDER)

    assert alerts(settled(judged(0, for_sender)), (0, 0)) is None


def test_an_information_is_no_alert() -> None:
    information = fatal("IBAN_NOT_DECLARED", severity=Severity.INFO, audience=SECRET.audience)

    assert alerts(settled(judged(0, information)), (0, 0)) is None


def test_no_list_is_made_when_there_is_no_alert() -> None:
    assert alerts(settled(judged(0)), (0, 0)) is None
