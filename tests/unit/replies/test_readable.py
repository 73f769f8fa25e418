import base64
import hashlib
import re
from dataclasses import replace

import pytest
from lxml import html

from flux.model.excerpt import Excerpt, ExcerptRow, Spot
from flux.model.finding import Finding, LayerName, Severity
from flux.model.flow import Flow
from flux.model.partner import Environment, GatewayRole, IrrecevableMember, Language, Partner
from flux.model.settlement import FlowCase, Outcome
from flux.model.verdict import Judgment
from flux.replies.context import ReplyContext
from flux.replies.readable import build_readable_report
from flux.replies.report_faults import EXCERPTED_INVOICES, LISTED_REJECTED, spots_to_show
from flux.replies.report_tables import LISTED_ROWS
from flux.replies.resend import build_resend_list
from tests.unit.replies.cases import (
    BUYER,
    FLOW,
    GATEWAY,
    SECRET,
    SENDER,
    SIRET_FAULT,
    SUPPLIER,
    WORKED_EXAMPLE,
    answering,
    fatal,
    judged,
    settled,
    summary,
)
from tests.unit.replies.cdar_flows import AFNOR_FLOW, G2B_FLOW, PLATFORM, TOWN, VAT_TOTAL, read

RIB = fatal("IBAN_RIB_KEY", severity=Severity.WARNING, term="BT-84", found="FR1420041010050500013M02606")
HOSTILE = "<script>alert(1)</script><img src=http://evil.example/x>"


def page(context: ReplyContext) -> str:
    return build_readable_report(context).decode()


def words(context: ReplyContext) -> str:
    """What a reader sees, with every space made a plain one."""
    body = html.fromstring(build_readable_report(context)).find("body")
    assert body is not None
    return " ".join("".join(str(each) for each in body.itertext()).split())


@pytest.mark.parametrize(
    ("case", "label", "sentence", "tone"),
    [
        (settled(judged(0), judged(1)), "Flux intégré · statut 90", "2 factures intégrées", "good"),
        (settled(judged(0)), "Flux intégré · statut 90", "1 facture intégrée", "good"),
        (WORKED_EXAMPLE, "Flux intégré en partie · statut 96", "2 factures intégrées, 1 rejetée", "partial"),
        (settled(judged(0, SIRET_FAULT)), "Flux refusé · statut 93", "Aucune facture intégrée, 1 rejetée", "bad"),
        (
            settled(findings=(fatal("FLOW_EMPTY", layer=LayerName.INTAKE),)),
            "Flux irrecevable · statut 93",
            "Aucune facture intégrée",
            "bad",
        ),
        (
            settled(judged(0, fatal("XSD_INVALID", layer=LayerName.SCHEMA))),
            "Flux irrecevable · statut 93",
            "Aucune facture intégrée, 1 rejetée",
            "bad",
        ),
    ],
)
def test_the_verdict_is_said_in_words_and_in_colour(case: FlowCase, label: str, sentence: str, tone: str) -> None:
    context = answering(case)

    assert label in words(context)
    assert f"<h1>{sentence}</h1>" in page(context).replace("\u202f", " ")
    assert f'class="verdict {tone}"' in page(context)


def test_the_flow_is_identified() -> None:
    shown = words(answering())

    assert FLOW.name in shown
    assert "23 novembre 2026 à 08:14:55 (heure de Paris)" in shown
    assert FLOW.sha256[:16] + "…" in shown
    assert FLOW.sha256 not in shown


@pytest.mark.parametrize(
    "shown",
    [
        "F2026-0118",
        "SIRET_CHECKSUM",
        "BT-29 (",  # the field, then its plain name
        "ligne 31",
        "/Invoice/cac:AccountingSupplierParty/cac:Party/cac:PartyIdentification/cbc:ID",
        "73282932000075",
        "14 chiffres, clé juste, connu du référentiel",
        "À faire :",
        "(facturation du fournisseur)",
    ],
)
def test_a_person_can_act_on_a_rejection(shown: str) -> None:
    assert shown in words(answering())


def test_an_accepted_invoice_is_one_line_of_a_table() -> None:
    table = html.fromstring(page(answering(settled(judged(0))))).find(".//table[@class='compact']")

    assert table is not None
    assert [cell.text for cell in table.iter("td")] == [
        "F2026-0117",
        "20/11/2026",
        "Papeterie du Centre SAS",
        "Direction des services de l'État",
        "1\u202f728,60\u00a0EUR",
        "0117.xml",
    ]


@pytest.mark.parametrize(("cadre", "waits"), [("A1", False), ("A9", True), ("S3", True)])
def test_an_invoice_that_a_validator_must_see_first_says_so(cadre: str, *, waits: bool) -> None:
    shown = words(answering(settled(judged(0, invoice=summary(cadre=cadre)))))
    assert ("acceptée, en attente du valideur" in shown) is waits


def test_a_good_invoice_that_fell_waits_for_nobody() -> None:
    fallen = settled(
        judged(0, invoice=summary(cadre="A9")), judged(1, SIRET_FAULT), outcomes={(0, 0): Outcome.NOT_TAKEN}
    )
    assert "en attente du valideur" not in words(answering(fallen))


def test_the_sender_is_not_told_that_we_have_no_route() -> None:
    nobody = summary(buyer=replace(BUYER, identifier="24590041000292"))
    assert words(answering(settled(judged(0, invoice=nobody)))).count("attente") == 0


def test_the_causes_are_counted_the_most_frequent_first() -> None:
    missing = fatal("IBAN_MISSING")
    shown = page(answering(settled(judged(0, missing), judged(1, SIRET_FAULT), judged(2, SIRET_FAULT, SIRET_FAULT))))

    causes = re.findall(r"<code>(\w+)</code></td><td>[^<]*</td><td[^>]*>(\d+)</td><td[^>]*>(\d+)</td>", shown)

    assert causes == [("SIRET_CHECKSUM", "2", "3"), ("IBAN_MISSING", "1", "1")]


def test_a_fault_of_the_supplier_and_one_of_the_recipient_are_two_causes() -> None:
    of_recipient = replace(SIRET_FAULT, term="BT-46")
    shown = page(answering(settled(judged(0, SIRET_FAULT), judged(1, of_recipient), judged(2, of_recipient))))

    causes = re.findall(
        r"<td>([^<]*)<small>.*?</td><td><code>SIRET_CHECKSUM</code></td><td>[^<]*</td><td[^>]*>(\d+)</td>", shown
    )

    assert causes == [
        ("SIRET du destinataire, clé de contrôle fausse", "2"),
        ("SIRET du fournisseur, clé de contrôle fausse", "1"),
    ]


def unit_codes(count: int) -> list[Finding]:
    """The same wrong code on many lines of an invoice."""
    return [
        fatal(
            "BR-CL-23",
            layer=LayerName.RULES,
            term="BT-130",
            found="BOITE",
            line=105 + order,
            xpath=f"/I/L[{order + 1}]",
        )
        for order in range(count)
    ]


def test_a_cause_on_four_hundred_lines_is_one_card_with_its_count_and_its_first_places() -> None:
    shown = page(answering(settled(judged(0, *unit_codes(400)))))

    assert shown.count('<article class="fault') == 1
    assert "<b>× 400</b>" in shown
    assert re.findall(r"ligne (\d+) ·", shown) == ["105", "106", "107", "108", "109"]
    assert "Et 395 autres endroits" in shown


def test_each_occurrence_is_in_the_list_to_send_again() -> None:
    listed = build_resend_list(answering(settled(judged(0, *unit_codes(400)))))

    assert listed is not None
    assert listed.count(b"BR-CL-23") == 400


def test_a_cause_that_an_invoice_above_has_is_told_in_short() -> None:
    first, second = page(answering(settled(judged(0, *unit_codes(1)), judged(1, *unit_codes(1))))).split("<h3>")[1:]

    assert "Employer un code de la liste" in first
    assert "comme plus haut, pour F2026-0117." in second
    assert "Employer un code de la liste" not in second
    assert "BOITE" in second


def test_a_cause_that_many_invoices_share_names_the_first_ones() -> None:
    shown = words(answering(settled(*(judged(order, *unit_codes(1)) for order in range(37)))))

    quoted = ", ".join(f"F2026-{117 + order:04d}" for order in range(5))
    assert f"La même dans 37 factures : {quoted} et 32 de plus" in shown


def excerpted(excerpt: Excerpt, *findings: Finding) -> str:
    """The page of one rejected invoice whose first fault shows its lines."""
    context = answering(settled(judged(0, *findings)))
    return page(replace(context, excerpts=dict.fromkeys(spots_to_show(context), excerpt)))


LINES = Excerpt(
    rows=(
        ExcerptRow(line=104, before="<cbc:ID>1</cbc:ID>"),
        ExcerptRow(line=105, before="  ", marked=HOSTILE, after="</cbc:InvoicedQuantity>"),
    )
)


def test_the_lines_at_fault_are_shown_with_the_place_marked() -> None:
    tree = html.fromstring(excerpted(LINES, *unit_codes(3)))

    assert tree.xpath("//pre//i/text()") == ["104", "105"]
    assert tree.xpath("//pre//mark/text()") == [HOSTILE]
    assert not tree.xpath("//script | //img")


@pytest.mark.parametrize(
    ("findings", "spots"),
    [
        (unit_codes(3), [(0, Spot(105, "/I/L[1]"))]),  # a cause shows its first place
        ([fatal("XML_SYNTAX", line=7, facts=(("column", "12"),))], [(0, Spot(7, None, 12))]),
        ([fatal("DUPLICATE_SAME")], []),  # it stands nowhere
        ([replace(unit_codes(1)[0], severity=Severity.WARNING)], []),  # an accepted invoice is not read again
        ([replace(unit_codes(1)[0], audience=SECRET.audience)], []),
    ],
)
def test_lines_are_asked_for_what_refuses_and_the_sender_may_know(
    findings: list[Finding], spots: list[tuple[int, Spot]]
) -> None:
    assert list(spots_to_show(answering(settled(judged(0, *findings))))) == spots


def test_lines_are_asked_for_the_first_invoices_and_once_for_a_cause() -> None:
    shared = settled(judged(0, *unit_codes(1)), judged(1, *unit_codes(1)))
    apart = settled(*(judged(order, fatal(f"BR-CO-{order}", line=1)) for order in range(EXCERPTED_INVOICES + 5)))

    assert [ordinal for ordinal, _ in spots_to_show(answering(shared))] == [0]
    assert [ordinal for ordinal, _ in spots_to_show(answering(apart))] == list(range(EXCERPTED_INVOICES))


def remarks_of(*judgments: Judgment) -> html.HtmlElement:
    (details,) = html.fromstring(page(answering(settled(*judgments)))).iterfind(".//details")
    return details


UNUSED = fatal("UBL-CR-145", layer=LayerName.RULES, severity=Severity.WARNING, detail="cac:Delivery/cbc:Quantity")


@pytest.mark.parametrize(
    ("judgments", "is_open"),
    [
        ([judged(0, RIB)], True),
        ([judged(0, RIB, UNUSED), judged(1, SIRET_FAULT)], False),
        ([judged(0, *(replace(UNUSED, code=f"UBL-CR-{number}") for number in range(6)))], False),
    ],
)
def test_remarks_are_folded_where_they_would_drown_the_rest(judgments: list[Judgment], *, is_open: bool) -> None:
    assert (remarks_of(*judgments).get("open") is not None) is is_open


def test_remarks_of_rules_come_last() -> None:
    codes = [each.text_content() for each in remarks_of(judged(0, UNUSED, RIB)).iterfind(".//p[@class='title']/code")]
    assert codes == ["IBAN_RIB_KEY", "UBL-CR-145"]


def test_good_invoices_that_fell_are_to_be_sent_again_as_they_are() -> None:
    case = settled(judged(0), judged(1, SIRET_FAULT), outcomes={(0, 0): Outcome.NOT_TAKEN})

    shown = words(answering(case))

    assert "Bonnes factures à renvoyer 1" in shown
    assert "1 à renvoyer telle quelle" in shown


def test_a_remark_that_several_invoices_share_is_shown_once_with_their_numbers() -> None:
    shown = page(answering(settled(*(judged(order, RIB) for order in range(20)))))

    assert shown.count("IBAN_RIB_KEY") == 1
    assert "F2026-0128" in shown
    assert "et 8 de plus" in shown


def test_a_check_that_did_not_run_says_why() -> None:
    shown = words(answering())

    assert "Règles de gestion" in shown
    assert "Non exécuté : contrôle absent de cette version" in shown


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        (GatewayRole.ENTITY_HUB, "Il n’est pas plateforme agréée"),
        (GatewayRole.COMPATIBLE_SOLUTION, "Elle n’est pas une plateforme agréée"),
        (GatewayRole.PLATFORM, "FLX001, plateforme agréée."),
    ],
)
def test_the_page_says_who_says_so_and_how_far_it_binds(role: GatewayRole, shown: str) -> None:
    assert shown in words(answering(gateway=replace(GATEWAY, role=role)))


def test_a_qualification_report_says_that_it_is_one() -> None:
    qualification = replace(GATEWAY, environment=Environment.QUALIFICATION)

    assert "Environnement de qualification" in words(answering(gateway=qualification))
    assert "Environnement de qualification" not in words(answering())


def test_it_speaks_english_to_who_asks_for_it() -> None:
    context = answering(partner=replace(SENDER, language=Language.EN))

    assert '<html lang="en">' in page(context)
    assert "2 invoices taken in, 1 rejected" in words(context)


def hostile_case() -> FlowCase:
    fault = fatal(HOSTILE, term=HOSTILE, found=HOSTILE, expected=HOSTILE, xpath=HOSTILE, facts=(("a", HOSTILE),))
    party = replace(SUPPLIER, name=HOSTILE, identifier=HOSTILE)
    invoice = summary(HOSTILE, supplier=party, buyer=party, currency=HOSTILE, total_due=HOSTILE, issue_date=None)
    bad = replace(judged(0, fault, invoice=invoice), member=HOSTILE)
    good = replace(judged(1, replace(fault, severity=Severity.WARNING), invoice=invoice), member=HOSTILE)
    fell = replace(judged(2, invoice=invoice), member=HOSTILE)
    flow = replace(FLOW, name=HOSTILE)
    return settled(bad, good, fell, findings=(fault,), flow=flow, outcomes={(2, 0): Outcome.NOT_TAKEN})


def test_what_a_sender_wrote_is_text_and_never_markup() -> None:
    tree = html.fromstring(page(answering(hostile_case())))

    assert not tree.xpath("//script | //img | //iframe | //object | //link | //form | //*[@onload or @onerror]")


def test_the_page_needs_nothing_from_outside() -> None:
    tree = html.fromstring(page(answering(hostile_case())))

    assert not tree.xpath("//@src | //@href | //@action | //@style | //@background")
    assert "url(" not in page(answering())
    assert "@import" not in page(answering())


def test_the_policy_allows_one_style_sheet_and_nothing_else() -> None:
    shown = page(answering())
    (style,) = re.findall(r"<style>(.*?)</style>", shown, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    policy = html.fromstring(shown).find(".//meta[@http-equiv='Content-Security-Policy']")

    assert policy is not None
    assert (
        policy.get("content") == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_what_the_sender_must_not_learn_is_not_on_the_page() -> None:
    hidden = replace(SECRET, severity=Severity.FATAL)
    shown = page(answering(settled(judged(0, SECRET), judged(1, hidden), judged(2, SIRET_FAULT, SECRET))))

    assert "IBAN_NOT_DECLARED" not in shown
    assert "INVOICE_REFUSED" in shown


def test_an_account_is_masked() -> None:
    shown = page(answering(settled(judged(0, RIB), judged(1, replace(RIB, severity=Severity.FATAL)))))

    assert "20041010050500013" not in shown
    assert "FR…2606" in shown


def test_beyond_a_thousand_rejected_invoices_the_rest_is_counted() -> None:
    shown = page(answering(settled(*(judged(order, SIRET_FAULT) for order in range(LISTED_REJECTED + 5)))))

    assert shown.count('<article class="fault') == LISTED_REJECTED
    assert "Et 5 de plus : voir la liste CSV." in shown.replace("\u00a0", " ")


def test_no_control_character_reaches_the_page() -> None:
    flow: Flow = replace(FLOW, name="a\x00b\ud800")

    assert "a\ufffdb\ufffd" in page(answering(settled(judged(0), flow=flow)))


def test_nothing_is_said_of_a_flow_that_is_not_settled() -> None:
    with pytest.raises(ValueError, match="not settled"):
        build_readable_report(answering(replace(WORKED_EXAMPLE, status=None)))


ISOLATING = replace(PLATFORM, irrecevable_member=IrrecevableMember.ISOLATE)


@pytest.mark.parametrize(
    ("case", "partner", "label"),
    [
        (settled(read(0), flow=AFNOR_FLOW), PLATFORM, "Flux intégré · statut 500"),
        (settled(read(0, SIRET_FAULT), flow=AFNOR_FLOW), PLATFORM, "Flux refusé · statut 500"),
        (settled(read(0, VAT_TOTAL), flow=AFNOR_FLOW), PLATFORM, "Flux irrecevable · statut 501"),
        (settled(read(0), read(1, VAT_TOTAL), flow=AFNOR_FLOW), ISOLATING, "Flux intégré en partie · statut 500"),
        (settled(read(0, VAT_TOTAL), flow=G2B_FLOW), TOWN, "Flux irrecevable · statut 501"),
        (settled(read(0), flow=G2B_FLOW), TOWN, "Flux intégré 1 facture"),  # no message says a status
    ],
)
def test_a_flow_of_the_reform_shows_the_status_of_its_message(case: FlowCase, partner: Partner, label: str) -> None:
    assert label in words(answering(case, partner=partner))


@pytest.mark.parametrize(
    ("partner", "role", "is_told"),
    [
        (PLATFORM, GatewayRole.COMPATIBLE_SOLUTION, True),
        (PLATFORM, GatewayRole.ENTITY_HUB, True),
        (PLATFORM, GatewayRole.PLATFORM, False),
        (SENDER, GatewayRole.ENTITY_HUB, False),  # CPPStatut gives no such status
    ],
)
def test_who_is_no_platform_says_how_far_its_statuses_go(partner: Partner, role: GatewayRole, *, is_told: bool) -> None:
    flow = AFNOR_FLOW if partner is PLATFORM else FLOW
    context = answering(settled(read(0), flow=flow), partner=partner, gateway=replace(GATEWAY, role=role))

    assert ("Les statuts 200, 202 et 213 sont des actes d’une plateforme agréée" in words(context)) is is_told


@pytest.mark.parametrize(
    ("partner", "flow", "place"),
    [(PLATFORM, AFNOR_FLOW, "voir les messages de cycle de vie"), (SENDER, FLOW, "voir le fichier de statuts")],
)
def test_what_the_page_leaves_out_is_said_to_stand_in_the_messages(partner: Partner, flow: Flow, place: str) -> None:
    many = (replace(read(0), unit=unit) for unit in range(LISTED_ROWS + 1))

    assert place in words(answering(settled(*many, flow=flow), partner=partner))
