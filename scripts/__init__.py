"""What makes, pins and audits a release."""
