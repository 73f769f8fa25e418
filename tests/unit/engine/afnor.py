"""Flows of the reform for the engine: the demo's invoice as a platform sends it."""

from flux.demo.samples import Sample, write_ubl

SIREN = "732829320"


def write_afnor_ubl(sample: Sample) -> bytes:
    """The sample in UBL without what only Chorus Pro's own formats have, and with the address of its seller."""
    text = write_ubl(sample).decode()
    head, _, rest = text.partition("  <ext:UBLExtensions>")
    tail = rest.partition("</ext:UBLExtensions>\n")[2].replace('schemeName="1"', 'schemeID="0009"')
    address = f'<cac:Party>\n        <cbc:EndpointID schemeID="0225">{SIREN}_STATUTS</cbc:EndpointID>'
    return (head + tail.replace("<cac:Party>", address, 1)).encode()
