"""PostgreSQL, told with each statement for whom it works: the ENGINE of the settings (ADR 0045)."""
