"""Who is who: structures, their services and accounts, and every French establishment."""
