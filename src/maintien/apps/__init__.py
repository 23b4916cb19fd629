"""Thin Django applications: what is stored, who may, what happened."""
