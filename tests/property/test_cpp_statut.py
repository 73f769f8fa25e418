"""What our own CPPStatut messages say is what is read from them."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flux.formats.cpp_statut import CppStatutReading, read_cpp_statut
from flux.formats.reader import TreeReader
from flux.model.causes import group_by_cause
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
)
from flux.model.finding import Finding
from flux.model.limits import Limits
from flux.model.paris import in_paris
from flux.model.register import SCHEMES, IdentifierType
from flux.model.verdict import InvoiceSummary, PartySummary
from flux.replies.cso import build_flow_report, summarise_outcomes
from flux.replies.fen1200a import build_invoice_statuses
from tests.property.messages import texts
from tests.unit.replies.cases import FLOW, MOMENT, SIRET_FAULT, answering, fatal, judged, settled, summary

READER = TreeReader(Limits())
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=50)

TYPES = {scheme: kind for kind, scheme in SCHEMES.items()}
SUPPLIERS = st.builds(
    PartySummary, identifier=texts(), scheme=st.sampled_from([*TYPES]), name=texts().filter(bool), country=st.just("FR")
)
SIRETS = st.text("0123456789", min_size=14, max_size=14)
BUYERS = st.builds(PartySummary, identifier=SIRETS, scheme=st.just("0009"), name=texts(), country=st.just("FR"))
INVOICES = st.builds(
    summary, texts(), supplier=SUPPLIERS, buyer=BUYERS, code_service=texts(100), issue_date=st.none() | st.dates()
)
FINDINGS = st.sampled_from(["SIRET_CHECKSUM", "IBAN_CHECKSUM", "XSD_INVALID"]).map(fatal)

ENVELOPE = CppEnvelope(
    parameters=(
        CppParameter(code="DtPrd", value="2026-11-23"),
        CppParameter(code="IdFlx", value="FLX0011100000000000000017"),
    ),
    receiver=CppPartner(identifier="FRN001"),
    emitter=CppPartner(identifier="FLX001"),
)


def read(message: bytes) -> CppStatutReading:
    root = READER.read(message).root
    assert root is not None
    return read_cpp_statut(root)


def statut_of(invoice: InvoiceSummary) -> FactureStatut:
    """What the status of an accepted invoice says."""
    return FactureStatut(
        supplier=CppSupplier(
            type=TYPES[invoice.supplier.scheme],
            identifier=invoice.supplier.identifier,
            name=invoice.supplier.name,
            country=invoice.supplier.country,
        ),
        debtor=CppDebtor(identifier=invoice.buyer.identifier, code_service=invoice.code_service or None),
        status=StatutFacture.DEPOSEE,
        complement="Déposée",
        moment=in_paris(FLOW.received_at),
        number=invoice.number,
        issue_date=invoice.issue_date,
    )


@given(invoices=st.lists(INVOICES, min_size=1, max_size=4))
@SLOW
def test_the_statuses_of_invoices_come_back(invoices: list[InvoiceSummary]) -> None:
    judgments = (judged(order, invoice=each) for order, each in enumerate(invoices))

    message = build_invoice_statuses(answering(settled(*judgments)))

    assert message is not None
    assert read(message) == CppStatutReading(
        CppStatut(
            version="V1_19",
            envelopes=(ENVELOPE,),
            statuses=tuple(map(statut_of, invoices)),
            block=CppBlock.FACTURES,
            counter=len(invoices),
        )
    )


@given(findings=st.lists(st.lists(FINDINGS, max_size=3), min_size=1, max_size=4), flow_name=texts())
@SLOW
def test_the_report_on_a_flow_comes_back(findings: list[list[Finding]], flow_name: str) -> None:
    judgments = (judged(order, *found) for order, found in enumerate(findings))
    context = answering(settled(*judgments, flow=replace(FLOW, name=flow_name)))

    message, observations = read(build_flow_report(context))

    assert observations == ()
    assert message is not None
    (status,) = message.statuses
    assert isinstance(status, FluxStatut)
    assert context.case.status is not None
    assert (message.envelopes, message.block, message.counter) == ((ENVELOPE,), CppBlock.FLUX, 1)
    assert replace(status, errors=()) == FluxStatut(
        status=context.case.status.value,
        complement=summarise_outcomes(context),
        moment=in_paris(MOMENT),
        flow_id=flow_name,
    )
    causes = [group[0].code for found in findings for group in group_by_cause(found)]
    assert [line.code for line in status.errors] == causes


def test_a_line_of_the_worked_example_comes_back_whole() -> None:
    message, _ = read(build_flow_report(answering(settled(judged(0), judged(1, SIRET_FAULT)))))

    assert message is not None
    (status,) = message.statuses
    assert isinstance(status, FluxStatut)
    (line,) = status.errors
    assert line == CppErrorLine(
        nature="REJET",
        code="SIRET_CHECKSUM",
        label="F2026-0118 : SIRET du fournisseur, clé de contrôle fausse",
        description=line.description,
    )
    assert "champ=BT-29; trouvé=73282932000075" in (line.description or "")


def test_every_type_of_identifier_but_the_free_one_has_a_scheme() -> None:
    assert set(TYPES.values()) == set(IdentifierType) - {IdentifierType.OTHER}
