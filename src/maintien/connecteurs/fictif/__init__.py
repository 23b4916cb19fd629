"""Seeded generator of a fictitious landlord, vectorised: leases, people, ledger, plans in the pivot columns."""

from maintien.connecteurs.fictif.fichiers import ecrire_ecritures, ecrire_parquet, ecrire_pivot
from maintien.connecteurs.fictif.portefeuille import (
    NombreDeBauxError,
    Portefeuille,
    engendrer,
    engendrer_par_lots,
)

__all__ = [
    "NombreDeBauxError",
    "Portefeuille",
    "ecrire_ecritures",
    "ecrire_parquet",
    "ecrire_pivot",
    "engendrer",
    "engendrer_par_lots",
]
