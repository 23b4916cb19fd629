"""Compiling the kernel ahead of its first use: some twenty seconds, once for each version of its sources."""

from datetime import date

import numpy as np

from maintien.moteurs.colonnes.calcul import Lot, calculer
from maintien.moteurs.colonnes.preparation import preparer
from maintien.moteurs.colonnes.resultats import lignes_sans_ecriture
from maintien.moteurs.colonnes.schemas import SCHEMA_ECRITURES


def prechauffer() -> None:
    """Compile the kernel and keep it on disk, or load what is kept there."""
    un = np.ones(1, dtype=np.int64)
    personne = np.zeros(1, dtype=np.uint8)
    lignes = preparer(SCHEMA_ECRITURES.empty_table()).lignes
    lot = Lot(lignes, un * 0, un * 0, personne, personne, un * 0)
    calculer([lambda: lot], date(2026, 1, 1), lignes_sans_ecriture(1))
