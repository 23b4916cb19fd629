"""Landlords, sectors, users, roles and the table of permissions."""
