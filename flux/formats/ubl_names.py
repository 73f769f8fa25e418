"""The namespaces of UBL 2.1, by the prefixes that its publisher uses."""

INVOICE_NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
CREDIT_NOTE_NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"

PREFIXES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "ext": "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2",
}
NAMESPACES = {**PREFIXES, "ubl": INVOICE_NAMESPACE, "cn": CREDIT_NOTE_NAMESPACE}


def expand(path: str) -> tuple[str, ...]:
    """The tags of a path that is written with the prefixes."""
    pairs = (step.partition(":") for step in path.split("/"))
    return tuple(f"{{{PREFIXES[prefix]}}}{name}" for prefix, _, name in pairs)
