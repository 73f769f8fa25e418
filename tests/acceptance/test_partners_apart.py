"""Partners side by side on one gateway: nobody speaks for another, takes another's place, or hears of another."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from flux.app.installation import load_settings
from flux.app.operations import FlowFilter, open_queries
from flux.demo.afnor_samples import AFNOR_SAMPLE, write_afnor_ubl
from flux.demo.samples import ENTITY_SIRET, OTHER_ENTITY_SIRET, SUPPLIER_SIRET, Sample, write_ubl
from tests.acceptance.installation import ONE_WORKER, Installation, unpacked

OWN_SIRET, OWN_VAT = "81034732800017", "FR60810347328"
# Nothing of these words stands in an invoice: who reads one has heard of the partner.
PARTNERS = f"""
[partners.maison-alpha]
role = "supplier"
application_code = "ALP001"
interfaces = ["FSO1100A"]
[partners.maison-beta]
role = "supplier"
application_code = "BET001"
interfaces = ["FSO1100A"]
sirets = ["{OWN_SIRET}"]
[partners.plateforme-gamma]
role = "supplier"
application_code = "GAM001"
interfaces = ["FSO1150A"]
[partners.plateforme-delta]
role = "supplier"
application_code = "DEL001"
interfaces = ["FSO1150A"]
[partners.libre-epsilon]
role = "supplier"
application_code = "EPS001"
naming = "free"
replies = "cdar"
[partners.maison-theta]
role = "supplier"
application_code = "THE001"
interfaces = ["FSO1100A"]
[partners.mairie-zeta]
role = "entity"
application_code = "ZET001"
sirets = ["{ENTITY_SIRET}"]
[partners.mairie-eta]
role = "entity"
application_code = "ETA001"
sirets = ["{OTHER_ENTITY_SIRET}"]
"""
CODES = {
    "maison-alpha": "ALP001",
    "maison-beta": "BET001",
    "plateforme-gamma": "GAM001",
    "plateforme-delta": "DEL001",
    "libre-epsilon": "EPS001",
    "maison-theta": "THE001",
    "mairie-zeta": "ZET001",
    "mairie-eta": "ETA001",
}
ALPHA, BETA, GAMMA, DELTA, EPSILON, THETA, ZETA, ETA = CODES
# What a sender is told of a first invoice of its own.
STATES = ("reçue le", "received on", "transmise", "handed on", "en cours de transmission", "on its way")


def named(partner: str, sequence: int) -> str:
    """A flow of a partner under a strict name."""
    code, interface = CODES[partner], "FSO1150A" if partner in (GAMMA, DELTA) else "FSO1100A"
    return f"{interface}_{code}_{code}{interface[3:7]}{sequence:015d}"


def legacy(
    number: str, *, siret: str = SUPPLIER_SIRET, vat: str = Sample().supplier_vat, buyer: str = ENTITY_SIRET
) -> bytes:
    return write_ubl(Sample(number=number, supplier_siret=siret, supplier_vat=vat, buyer_siret=buyer, line_count=1))


def reform(number: str, *, engagement: str = AFNOR_SAMPLE.numero_engagement) -> bytes:
    return write_afnor_ubl(replace(AFNOR_SAMPLE, number=number, numero_engagement=engagement, line_count=1))


def of_two_suppliers(number: str) -> bytes:
    """One's own SIRET first, another's behind it."""
    own = f'<cbc:ID schemeName="1">{OWN_SIRET}</cbc:ID>\n      </cac:PartyIdentification>'
    behind = f'<cac:PartyIdentification>\n<cbc:ID schemeName="1">{SUPPLIER_SIRET}</cbc:ID></cac:PartyIdentification>'
    written = legacy(number, siret=OWN_SIRET, vat=OWN_VAT).decode()
    return written.replace(own, own.replace("\n", "") + behind, 1).encode()


FIRST = (
    (ALPHA, named(ALPHA, 1), legacy("SENT-1")),
    (ALPHA, named(ALPHA, 2), legacy("HELD-1", buyer="24590041000292")),  # that nobody receives
    (GAMMA, named(GAMMA, 1), reform("SENT-2")),
    (BETA, named(BETA, 1), legacy("BETA-1", siret=OWN_SIRET, vat=OWN_VAT)),
)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What somebody tries, and the code with which it is refused."""

    what: str
    partner: str
    name: str
    data: bytes
    code: str


ATTEMPTS = (
    # for a supplier that is not one's own
    Attempt(
        what="a number in use", partner=BETA, name=named(BETA, 2), data=legacy("SENT-1"), code="SENDER_NOT_ENTITLED"
    ),
    Attempt(what="a free number", partner=BETA, name=named(BETA, 3), data=legacy("FREE-1"), code="SENDER_NOT_ENTITLED"),
    Attempt(
        what="behind one's own",
        partner=BETA,
        name=named(BETA, 4),
        data=of_two_suppliers("X-1"),
        code="SENDER_NOT_ENTITLED",
    ),
    Attempt(
        what="in spaces",
        partner=BETA,
        name=named(BETA, 5),
        data=legacy("X-2", siret="732 829 320 00074"),
        code="SENDER_NOT_ENTITLED",
    ),
    Attempt(
        what="for nobody",
        partner=BETA,
        name=named(BETA, 6),
        data=legacy("X-3", siret=""),
        code="SENDER_NOT_ENTITLED",
    ),
    # under a name that is not one's own, or that was used
    Attempt(
        what="another's next name", partner=THETA, name=named(ALPHA, 9), data=legacy("X-4"), code="FLOW_APPLICATION"
    ),
    Attempt(what="another's very flow", partner=THETA, name=named(ALPHA, 1), data=FIRST[0][2], code="FLOW_APPLICATION"),
    Attempt(
        what="one's sequence again", partner=BETA, name=named(BETA, 1), data=legacy("X-5"), code="FLOW_NAME_REUSED"
    ),
    Attempt(
        what="again with an ending",
        partner=BETA,
        name=f"{named(BETA, 1)}.xml",
        data=legacy("X-6"),
        code="FLOW_NAME_REUSED",
    ),
    Attempt(
        what="again in small letters", partner=BETA, name=named(BETA, 1).lower(), data=legacy("X-7"), code="FLOW_NAME"
    ),
    # under the number of another's invoice
    Attempt(
        what="the same bytes", partner=DELTA, name=named(DELTA, 1), data=reform("SENT-2"), code="DUPLICATE_PARTNER"
    ),
    Attempt(
        what="other content",
        partner=DELTA,
        name=named(DELTA, 2),
        data=reform("SENT-2", engagement="7"),
        code="DUPLICATE_PARTNER",
    ),
    Attempt(what="what is held", partner=DELTA, name=named(DELTA, 3), data=reform("HELD-1"), code="DUPLICATE_PARTNER"),
    Attempt(what="a free name", partner=EPSILON, name="facture.xml", data=reform("SENT-1"), code="DUPLICATE_PARTNER"),
)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """What was sent first, then all that is tried."""
    made = Installation(tmp_path_factory.mktemp("apart"), gateway=ONE_WORKER, partners=PARTNERS)
    for partner, name, data in FIRST:
        made.drop(partner, name, data)
    made.run_once()
    for attempt in ATTEMPTS:
        made.drop(attempt.partner, attempt.name, attempt.data)
    made.run_once()
    return made


def number_of(installation: Installation, partner: str, name: str) -> int:
    """The number of the last flow under a name."""
    with open_queries(load_settings(installation.config)) as queries:
        return next(
            line.flow.number
            for line in queries.list_flows(FlowFilter(partner=partner), limit=100)
            if line.flow.name == name
        )


def codes_of(installation: Installation, attempt: Attempt) -> set[str]:
    with open_queries(load_settings(installation.config)) as queries:
        case = queries.show_flow(number_of(installation, attempt.partner, attempt.name)).case
    told = [*case.findings, *(finding for judgment in case.judgments for finding in judgment.findings)]
    return {finding.code for finding in told if finding.is_fatal}


def answers_to(installation: Installation, attempt: Attempt) -> list[tuple[str, str]]:
    """Every file that answers an attempt."""
    with open_queries(load_settings(installation.config)) as queries:
        lines = queries.show_flow(number_of(installation, attempt.partner, attempt.name)).deliveries
    outbox = installation.root / "outbox" / attempt.partner
    return [(line.kind.value, read(outbox / line.folder / line.name)) for line in lines]


def read(file: Path) -> str:
    return unpacked(file).decode("utf-8-sig")


def told_to(installation: Installation, partner: str) -> Iterator[tuple[str, str]]:
    """Name and text of everything that lies ready for a partner."""
    for file in (*installation.put_out(partner), *installation.put_out(partner, "rapports/*")):
        yield file.name, file.name + "\n" + read(file)


def find_attempt(what: str) -> Attempt:
    return next(attempt for attempt in ATTEMPTS if attempt.what == what)


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt.what)
def test_what_is_not_one_s_own_is_refused(installation: Installation, attempt: Attempt) -> None:
    assert attempt.code in codes_of(installation, attempt)


def test_what_was_sent_first_is_what_is_handed_on_and_nothing_else(installation: Installation) -> None:
    handed_on = [file.read_bytes() for file in installation.put_out(ZETA, "FSO*")]
    assert sorted(handed_on) == sorted(data for partner, name, data in FIRST if name != named(ALPHA, 2))
    assert installation.put_out(ETA) == []


@pytest.mark.parametrize("partner", CODES)
def test_nobody_reads_of_another_partner(installation: Installation, partner: str) -> None:
    written = " ".join(attempt.name for attempt in ATTEMPTS if attempt.partner == partner)  # is quoted as it came
    foreign = [word for other in CODES if other != partner for word in (other, CODES[other]) if word not in written]
    heard = [(file, word) for file, text in told_to(installation, partner) for word in foreign if word in text]
    assert heard == []


@pytest.mark.parametrize("what", ["the same bytes", "other content", "what is held", "a free name"])
def test_a_duplicate_of_another_s_invoice_says_neither_which_flow_nor_when_nor_what_became_of_it(
    installation: Installation, what: str
) -> None:
    answers = answers_to(installation, find_attempt(what))
    firsts = [name for _, name, _ in FIRST]
    assert answers
    assert not [(kind, word) for kind, text in answers for word in (*firsts, *STATES) if word in text]


def same_but_for_the_number(installation: Installation, attempts: Sequence[Attempt]) -> list[list[tuple[str, str]]]:
    """The answers with each attempt's own name, number, fingerprint and moments taken out."""
    own = re.compile(r"F\w{7}_\w{6}_\w{25}|[A-Z]{4}-\d|[0-9a-f]{8,}…|\d+")
    return [[(kind, own.sub("#", text)) for kind, text in answers_to(installation, attempt)] for attempt in attempts]


def test_who_may_not_speak_for_a_supplier_cannot_try_which_numbers_it_used(installation: Installation) -> None:
    taken, free = same_but_for_the_number(installation, list(map(find_attempt, ("a number in use", "a free number"))))
    assert taken == free


def test_a_duplicate_of_what_is_held_reads_like_one_of_what_was_sent(installation: Installation) -> None:
    sent, held = same_but_for_the_number(installation, list(map(find_attempt, ("the same bytes", "what is held"))))
    assert sent == held
