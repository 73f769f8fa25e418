"""config.toml read once into frozen settings.

A wrong value or an unknown key is a ConfigError that names every one of them, with the nearest known key. Environment
variables are read here and nowhere else, only where a key (`password_env`) names one.
"""

from flux.config.advice import advise
from flux.config.environment import forget_secrets, take_notify_socket
from flux.config.reading import load, read
from flux.config.settings import AttachmentSettings, BackupSettings, RetentionSettings, Settings

__all__ = [
    "AttachmentSettings",
    "BackupSettings",
    "RetentionSettings",
    "Settings",
    "advise",
    "forget_secrets",
    "load",
    "read",
    "take_notify_socket",
]
