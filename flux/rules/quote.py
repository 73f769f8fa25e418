"""What a document wrote, short enough to be kept with a finding."""

# The longest identifier of the field has 125 characters; a hostile one has 100 MB.
LONGEST_QUOTE = 150


def quote(text: str) -> str:
    """The text, cut with an ellipsis where it is endless."""
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"
