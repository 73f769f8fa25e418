"""BT-24 in short."""

import pytest

from flux.formats.profile import profile_of
from flux.formats.syntax import CII, UBL

EN = "urn:cen.eu:en16931:2017"

# BT-24, cadre, short name, the schemas of a CII.
PROFILES = [
    (EN, "B1", "en16931", ("cii-d22b", "facturx-en16931")),
    (f" {EN}\n", "", "en16931", ("cii-d22b", "facturx-en16931")),
    (f"{EN}#compliant#urn.cpro.gouv.fr:1p0:en16931-ctc-fr", "", "en16931", ("cii-d22b", "facturx-en16931")),
    (f"{EN}#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr", "", "extended-ctc-fr", ("cii-d22b",)),
    ("urn:factur-x.eu:1p0:minimum", "", "facturx-minimum", ("cii-d22b", "facturx-minimum")),
    ("urn:factur-x.eu:1p0:basicwl", "", "facturx-basicwl", ("cii-d22b", "facturx-basicwl")),
    (f"{EN}#compliant#urn:factur-x.eu:1p0:basic", "", "facturx-basic", ("cii-d22b", "facturx-basic")),
    (f"{EN}#conformant#urn:factur-x.eu:1p0:extended", "", "facturx-extended", ("cii-d22b", "facturx-extended")),
    (f"{EN}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0", "", "xrechnung", ("cii-d22b", "facturx-en16931")),
    # nearly right is not right
    (f"{EN}#Conformant#urn:factur-x.eu:1p0:extended", "", "other", ("cii-d22b", "facturx-en16931")),
    ("${PROFILE}", "", "other", ("cii-d22b", "facturx-en16931")),
    ("", "A1", "chorus", ("cii-d22b", "facturx-en16931")),
    ("", "B1", None, ("cii-d22b", "facturx-en16931")),
    ("", "", None, ("cii-d22b", "facturx-en16931")),
]


@pytest.mark.parametrize(("declared", "cadre", "name", "schemas"), PROFILES)
def test_a_profile_has_a_short_name_and_its_schemas(
    declared: str, cadre: str, name: str | None, schemas: tuple[str, ...]
) -> None:
    assert profile_of(declared, cadre) == name
    assert CII.schemas(name) == schemas


def test_ubl_has_one_schema_whatever_the_profile() -> None:
    assert UBL.schemas("extended-ctc-fr") == UBL.schemas(None) == ("ubl-2.1",)
