"""One message to one person, and what became of it."""
