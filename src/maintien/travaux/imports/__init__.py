"""Imports of landlords' exports into the database: deposit, then run."""

from maintien.travaux.imports.depot import deposit
from maintien.travaux.imports.passage import run

__all__ = ["deposit", "run"]
