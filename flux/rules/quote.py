"""What a document wrote, short enough to be kept with a finding."""

from flux.model.masking import mask_accounts

# The longest identifier of the field has 125 characters; a hostile one has 100 MB.
LONGEST_QUOTE = 150


def quote(text: str) -> str:
    """The text, cut with an ellipsis where it is endless; accounts are masked before, for half of one is no longer found."""
    if len(text) <= LONGEST_QUOTE:
        return text
    masked = mask_accounts(text[: 2 * LONGEST_QUOTE])
    return masked[: LONGEST_QUOTE - 1] + "…"
