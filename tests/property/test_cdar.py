"""A life-cycle message comes back from its bytes as it was, is what the official schema allows, and is read whatever it holds."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from flux.formats.cdar import CDAR_ROOT, CdarReading, read_cdar
from flux.formats.reader import TreeReader
from flux.model.cdar import Cdar
from flux.model.cdv_codes import CdvStatus
from flux.model.limits import Limits
from flux.replies.cdar_message import write_cdar
from tests.property.messages import messages
from tests.schemas import our_schemas
from tests.unit.replies.cdar_cases import message

READER = TreeReader(Limits())
SCHEMA = our_schemas().compiled("cdar-d22b", CDAR_ROOT).validator

# A generated message has hundreds of fields: making one takes longer than checking it.
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=8)


def tree(written: bytes) -> etree._Element:
    root = READER.read(written).root
    assert root is not None
    return root


@pytest.mark.parametrize("status", CdvStatus)
def test_a_plain_message_of_every_status_comes_back(status: CdvStatus) -> None:
    assert read_cdar(tree(write_cdar(message(status)))) == CdarReading(message(status))


@pytest.mark.parametrize("status", CdvStatus)
@given(data=st.data())
@SLOW
def test_any_message_of_every_status_is_valid_and_comes_back(status: CdvStatus, data: st.DataObject) -> None:
    written = data.draw(messages(status))

    root = tree(write_cdar(written))

    assert SCHEMA.validate(root), SCHEMA.error_log
    assert read_cdar(root) == CdarReading(written)


ODD_TEXTS = st.text(max_size=30) | st.sampled_from(
    [
        "",
        " ",
        "20260230",
        "20261123250000",
        "00000000",
        "1E+9999999",
        "Infinity",
        "NaN",
        "٣",
        "-",
        "Zm9v=",
        "vrai",
        "9" * 70,
    ]
)


def is_xml(text: str) -> bool:
    try:
        etree.Element("a").text = text
    except ValueError:
        return False
    return True


@given(text=ODD_TEXTS.filter(is_xml), drops=st.booleans(), data=st.data())
@settings(deadline=None, max_examples=300)
def test_a_damaged_message_is_read_or_explained(text: str, drops: bool, data: st.DataObject) -> None:  # noqa: FBT001 - drawn
    root = tree(write_cdar(message(CdvStatus.ENCAISSEE)))
    damaged = data.draw(st.sampled_from(list(root.iter())))

    if drops and (parent := damaged.getparent()) is not None:
        parent.remove(damaged)
    else:
        damaged.text = text

    found, observations = read_cdar(root)
    assert (found is None) == bool(observations)
    assert {each.code for each in observations} <= {"MESSAGE_MISSING", "MESSAGE_VALUE"}
    assert isinstance(found, Cdar | None)
