"""From bytes to invoices: the hardened reader, recognition, schemas, and one file per syntax."""
