"""What the rooms that keep rows have in common: SQLite or PostgreSQL, under the same statements."""
