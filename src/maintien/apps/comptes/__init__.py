"""Homes, leases, accounts, écritures, imports and current situations."""
