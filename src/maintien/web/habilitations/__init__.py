"""Who may see what, as a person reads it."""
