"""How much of anything we take. Each bound is a key of the [limits] table."""

from dataclasses import dataclass

MEBIBYTE = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds on what a sender can make us do; the unit stands in the name."""

    # 1 GB a flow, 100 MB an invoice: Chorus Pro specification of October 2025; 2**20 because it does not say which megabyte.
    flow_bytes: int = 1024 * MEBIBYTE
    member_bytes: int = 100 * MEBIBYTE
    # Deflate cannot exceed 1032 to 1; XML of repeated lines reaches 100. Beyond, it is a bomb.
    archive_ratio: int = 200
    archive_members: int = 100_000
    # Invoices of one pivot: as many as members of an archive.
    document_invoices: int = 100_000
    # The deepest real invoice of the corpus is under 20.
    xml_depth: int = 64
    # Of one element, namespaces included; those of real invoices have under 20.
    xml_attributes: int = 1_000
    # An invoice of 10,000 lines has about 300,000 nodes.
    xml_nodes: int = 5_000_000
    # One text, an attachment in base64 included.
    xml_text_bytes: int = 100 * MEBIBYTE
    # One attachment unzipped, and all those of an invoice: Chorus Pro specification of October 2025.
    attachment_bytes: int = 100 * MEBIBYTE
    attachments_bytes: int = 120 * MEBIBYTE
    # xmlschema needs 15 s and 1.3 GiB for 100 MB: above this size a refused document is explained by its first error only.
    explain_bytes: int = 2 * MEBIBYTE
    # A reader that lists more faults than this of one document helps nobody.
    findings_per_invoice: int = 200
    # A structured flow: help page of one vendor, so a warning only.
    invoices_per_flow_advised: int = 500
