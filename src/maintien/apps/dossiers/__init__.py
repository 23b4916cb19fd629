"""Households, dossiers, facts, notes, pauses and propositions."""
