"""What the environment holds for us, taken out of it so that no process of ours inherits it."""

import os

from flux.config.settings import Settings


def forget_secrets(settings: Settings) -> None:
    """Take passwords out of the environment once they are read: every process that is started would inherit them."""
    for variable in settings.secret_variables:
        os.environ.pop(variable, None)


def take_notify_socket() -> str:
    """Where the supervisor that started us listens, empty where none does; no process of ours inherits it."""
    return os.environ.pop("NOTIFY_SOCKET", "")
