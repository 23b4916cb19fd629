"""Exports: what a file holds, how it is written and marked, and whose it was when it is found."""
