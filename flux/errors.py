"""Our own failures, one tree.

A wrong invoice is never one of these: it gives findings (see `flux.model.finding`).

    FluxError
    ├── ConfigError          the configuration cannot be used; names the key
    ├── SchemaCatalogueError a schema that the catalogue names is absent or altered
    ├── IntakeError          a file of the inbox could not be claimed, read or let go
    ├── LedgerError          the ledger refused or could not be reached
    │   ├── ContentRefused   the ledger works, and cannot hold what it was given
    │   ├── DeliveryUnknown  the ledger does not hold a delivery
    │   ├── AttemptReplaced  a call was about an attempt of a flow that a later one has replaced
    │   └── LedgerLocked     another `flux run` holds this ledger
    ├── RegisterError        the register cannot be read or written, or a file to import is not what it must be
    ├── WorkersUnavailable   no worker process can be made; says why
    ├── VaultError           bytes could not be kept, or are no longer what they were
    ├── BackupError          a backup could not be made, is not what it was, or cannot be put back here
    ├── TransportError       a partner's folder or server failed; may be tried again
    │   ├── DiskFailed       a partner's folder on this machine: its disk is full, read-only, failing or away, or rights are missing
    │   ├── SourceUnreadable the file to hand over cannot be read on this machine
    │   ├── TransportRefused the partner refused for good: wrong key, wrong password, changed host key
    │   └── TransportUncertain  the partner may or may not hold the file
    └── IllegalTransition    a life cycle was asked for a step that it does not have
"""


class FluxError(Exception):
    """Something of ours failed."""


class ConfigError(FluxError):
    """The configuration cannot be used."""


class SchemaCatalogueError(FluxError):
    """A schema of the catalogue is absent or is not the one that was pinned."""


class IntakeError(FluxError):
    """A file of the inbox could not be claimed, read or let go."""


class LedgerError(FluxError):
    """The ledger refused a statement or cannot be reached."""


class ContentRefused(LedgerError):
    """The ledger works, and cannot hold the very values that it was given."""


class DeliveryUnknown(LedgerError):
    """The ledger does not hold a delivery."""


class AttemptReplaced(LedgerError):
    """The call was about an attempt of a flow that a later one has replaced."""


class LedgerLocked(LedgerError):
    """Another gateway process holds this ledger."""


class RegisterError(FluxError):
    """The register cannot be read or written, or refuses a file to import; one line for each fault."""


class WorkersUnavailable(FluxError):
    """No worker process can be made: nothing can be judged until a person mends the installation."""


class VaultError(FluxError):
    """Bytes could not be kept, or are no longer what they were."""


class BackupError(FluxError):
    """A backup could not be made, is not what it was, or cannot be put back here."""


class TransportError(FluxError):
    """A partner's folder or server failed in a way that may pass."""


class DiskFailed(TransportError):
    """A disk of this machine is full, read-only, failing or away, or gives us no right to write: that says nothing of the partner."""


class SourceUnreadable(TransportError):
    """The file to hand over cannot be read on this machine."""


class TransportRefused(TransportError):
    """The partner refuses us until a person changes something."""


class TransportUncertain(TransportError):
    """The file may or may not have reached the partner, and it does not let us look."""


class IllegalTransition(FluxError):
    """A life cycle was asked for a step that it does not have."""
