"""What is known of suppliers, of public entities and of establishments, and since when."""
