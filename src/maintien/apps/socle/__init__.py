"""Base models, tenancy, journal, executions. Imports no other application."""
