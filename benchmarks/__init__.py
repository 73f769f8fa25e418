"""What flux publishes about its speed, measured."""
