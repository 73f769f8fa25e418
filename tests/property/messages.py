"""Strategies for life-cycle messages: every field, within its bounds, filled or absent."""

from datetime import datetime

from hypothesis import strategies as st

from flux.model.cdar import (
    Acknowledgement,
    Cdar,
    CdvAmount,
    CdvAttachment,
    CdvNote,
    CdvParty,
    Characteristic,
    LocalText,
    ReferencedDocument,
    SchemedId,
    StatusDetail,
)
from flux.model.cdv_codes import (
    CdvAction,
    CdvGuideline,
    CdvPhase,
    CdvProcess,
    CdvRole,
    CdvScheme,
    CdvStatus,
    CharacteristicType,
    DocumentStatus,
)
from flux.model.cdv_motifs import MOTIFS
from flux.model.paris import PARIS

# What XML 1.0 can hold, line ends and odd spaces included.
PRINTABLE = st.characters(codec="utf-8", min_codepoint=0x20, exclude_characters="\ufffe\uffff")
XML_CHARACTERS = st.sampled_from("\t\n\r") | PRINTABLE


def texts(longest: int = 40) -> st.SearchStrategy[str]:
    """Any text of at most so many characters."""
    return st.text(XML_CHARACTERS, max_size=longest)


def codes(longest: int) -> st.SearchStrategy[str]:
    """Any text without outer white space."""
    return texts(longest).map(lambda text: text.strip(" \t\r\n"))


def tuples(values: st.SearchStrategy[object], least: int = 0, most: int = 2) -> st.SearchStrategy[tuple[object, ...]]:
    """A few of them."""
    return st.lists(values, min_size=least, max_size=most).map(tuple)


def local(longest: int = 100) -> st.SearchStrategy[tuple[object, ...]]:
    """A text in up to two languages."""
    languages = st.sampled_from(("fr", "en")) | st.none()
    return tuples(st.builds(LocalText, text=texts(longest), language=languages))


ABSENT = st.none()
# To the second; a moment of the hour that autumn repeats is the first of the two.
MOMENTS = st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(PARIS)).map(  # noqa: DTZ001 - Hypothesis adds the zone
    lambda moment: moment.replace(microsecond=0, fold=0)
)
DAYS = st.dates()
IDENTIFIERS = st.builds(SchemedId, text=codes(40), scheme=ABSENT | st.sampled_from(CdvScheme) | codes(6))

PARTIES = st.builds(
    CdvParty,
    identifiers=tuples(IDENTIFIERS),
    global_identifiers=tuples(IDENTIFIERS),
    name=ABSENT | texts(),
    role=ABSENT | st.sampled_from(CdvRole) | codes(3),
    address=ABSENT | IDENTIFIERS,
)
NOTES = st.builds(CdvNote, code=ABSENT | codes(30), content=local(2000), subject=ABSENT | codes(200))
CHARACTERISTICS = st.builds(
    Characteristic,
    term=ABSENT | codes(20),
    type_code=ABSENT | st.sampled_from(CharacteristicType) | codes(6),
    is_changed=ABSENT | st.booleans(),
    names=local(150),
    location=ABSENT | texts(2000),
    values=local(150),
    amount=ABSENT
    | st.builds(
        CdvAmount,
        value=st.decimals(min_value=-(10**12), max_value=10**12, places=6),
        currency=ABSENT | st.just("EUR"),
    ),
    day=ABSENT | DAYS | MOMENTS,
    percent=ABSENT | st.decimals(min_value=-100, max_value=100, places=2),
)
DETAILS = st.builds(
    StatusDetail,
    motif=ABSENT | st.sampled_from(sorted(MOTIFS)) | codes(50),
    motif_labels=local(250),
    status=ABSENT | st.sampled_from(CdvStatus) | codes(3),
    action=ABSENT | st.sampled_from(CdvAction) | codes(9),
    action_labels=local(250),
    sequence=ABSENT | st.integers(min_value=1, max_value=999),
    notes=tuples(NOTES),
    characteristics=tuples(CHARACTERISTICS),
)
ATTACHMENTS = st.builds(
    CdvAttachment,
    content=st.binary(max_size=100),
    mime_code=ABSENT | st.just("application/pdf"),
    filename=ABSENT | st.text(PRINTABLE, max_size=40),
)


def documents(statuses: st.SearchStrategy[CdvStatus]) -> st.SearchStrategy[ReferencedDocument]:
    """A document under one of these statuses."""
    return st.builds(
        ReferencedDocument,
        identifier=codes(100),
        document_status=ABSENT | st.sampled_from(DocumentStatus) | codes(3),
        type_code=ABSENT | codes(3),
        received_at=ABSENT | MOMENTS,
        attachments=tuples(ATTACHMENTS),
        reference_type=ABSENT | st.sampled_from(CdvGuideline) | codes(40),
        issue_date=ABSENT | DAYS | MOMENTS,
        status=statuses,
        status_labels=local(100),
        seller=ABSENT | PARTIES,
        recipients=tuples(PARTIES),
        details=tuples(DETAILS),
    )


def messages(*statuses: CdvStatus) -> st.SearchStrategy[Cdar]:
    """A whole message whose documents are under one of these statuses."""
    acknowledgements = st.builds(
        Acknowledgement,
        is_multiple=ABSENT | st.booleans(),
        phase=st.sampled_from(CdvPhase) | codes(3),
        issued_at=ABSENT | MOMENTS,
        documents=tuples(documents(st.sampled_from(statuses)), least=1),
    )
    return st.builds(
        Cdar,
        process=ABSENT | st.sampled_from(CdvProcess) | codes(20),
        guideline=st.sampled_from(CdvGuideline) | codes(40),
        identifier=codes(50),
        name=ABSENT | texts(150),
        issued_at=MOMENTS,
        sender=ABSENT | PARTIES,
        issuer=ABSENT | PARTIES,
        recipients=tuples(PARTIES, least=1),
        acknowledgements=tuples(acknowledgements, least=1),
    )
