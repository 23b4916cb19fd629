"""Tokens of the API, kept by the administrator."""
