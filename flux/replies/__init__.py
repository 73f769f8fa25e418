"""What we answer: one file per reply, values in, bytes out."""
