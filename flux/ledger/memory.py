"""The ledger's twin for tests, demo and trials: the same statements on SQLite in memory.

A twin written by hand would repeat the rules of keys, sequences and life cycles, and be right for itself only; this one
runs what the real one runs, less the file and its fsync, and passes the same contract suite.
"""

from flux.ledger.database import Database, open_database
from flux.ledger.migrate import upgrade


def open_memory() -> Database:
    """A fresh, empty ledger that ends with the process."""
    database = open_database("sqlite://")
    upgrade(database)
    return database
