"""The truth: tables, journal, migrations, and the vault of bytes."""
