"""What runs: worker processes, and the loop that feeds them from the ledger."""
