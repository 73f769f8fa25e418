"""Formats of attached files."""

MIME_CODES = frozenset(
    {
        "application/pdf",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "image/jpeg",
        "image/png",
        "text/csv",
    }
)
# Those that EXTENDED-CTC-FR allows.
EXTENDED_MIME_CODES = MIME_CODES | {"application/xml", "text/xml"}
