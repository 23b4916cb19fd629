"""The dossier and its account."""
