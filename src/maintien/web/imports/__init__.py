"""Deposits of files and what became of them."""
