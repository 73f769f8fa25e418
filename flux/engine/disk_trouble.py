"""Failures of the disk: they say nothing of the invoice over which they happened, and pass when somebody makes room."""


class DiskTrouble(Exception):
    """A task could not be done because a disk is full, read-only, failing or away; told as it was in its process."""
