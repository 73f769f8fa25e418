"""What an invoice must satisfy: one file per family, on the model."""
