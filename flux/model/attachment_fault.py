"""Why an attachment gives no file."""

from enum import Enum


class AttachmentFault(Enum):
    """What is wrong with the content of an attachment."""

    MISSING = "missing"  # a reference alone
    BASE64 = "base64"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    ZIP_DAMAGED = "zip_damaged"
    ZIP_ENCRYPTED = "zip_encrypted"
    ZIP_METHOD = "zip_method"  # a compression that is neither none nor deflate
    ZIP_EMPTY = "zip_empty"
    ZIP_SEVERAL = "zip_several"
    ZIP_AMBIGUOUS = "zip_ambiguous"  # two programs could find two things in it
    ZIP_SPECIAL = "zip_special"  # a link, a device, a folder that holds bytes
