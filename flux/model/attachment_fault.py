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
