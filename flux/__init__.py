"""flux, an invoice-flow gateway for French public-sector e-invoicing."""

__version__ = "0.1.0"
