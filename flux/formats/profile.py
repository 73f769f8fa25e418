"""BT-24 to the short name of a profile (formats: profiles in use; EN 16931, Factur-X 1.09, French extension)."""

from flux.model.interface import LEGACY_CADRES

EN16931 = "en16931"
EXTENDED_CTC_FR = "extended-ctc-fr"
CHORUS = "chorus"
XRECHNUNG = "xrechnung"
OTHER = "other"

# Spelled exactly: a profile that is nearly one of these is none of them.
_PROFILES = {
    "urn:cen.eu:en16931:2017": EN16931,
    # the French usage specification, which many public samples name
    "urn:cen.eu:en16931:2017#compliant#urn.cpro.gouv.fr:1p0:en16931-ctc-fr": EN16931,
    "urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr": EXTENDED_CTC_FR,
    "urn:factur-x.eu:1p0:minimum": "facturx-minimum",
    "urn:factur-x.eu:1p0:basicwl": "facturx-basicwl",
    "urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic": "facturx-basic",
    "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended": "facturx-extended",
}

PROFILES = (*dict.fromkeys(_PROFILES.values()), XRECHNUNG, OTHER, CHORUS)


def profile_of(profile: str, cadre: str) -> str | None:
    """The short name of what BT-24 declares; where it declares nothing, "chorus" for a cadre A1..A25, else None."""
    declared = profile.strip()
    if not declared:
        return CHORUS if cadre.strip() in LEGACY_CADRES else None
    return _PROFILES.get(declared) or (XRECHNUNG if "xrechnung" in declared.lower() else OTHER)
