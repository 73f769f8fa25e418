"""Backups: generations of the databases, and one store of archived bytes that they share."""
