"""Maintien : traiter tôt les impayés de loyer et prévenir les expulsions."""
