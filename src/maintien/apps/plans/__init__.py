"""Plans d'apurement."""
