"""Présent, parti ou futur (conventions, C9)."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from maintien.coeur.compte.ecritures import BailCompte


class StatutCompte(StrEnum):
    """Ce que le ménage est dans son logement au jour dit."""

    PRESENT = "present"
    PARTI = "parti"
    FUTUR = "futur"


def statut(baux: Iterable[BailCompte], au: date) -> StatutCompte:
    """Rend le statut du compte : présent dès qu'un de ses baux court, parti le jour même de la sortie (C9).

    L'occupation après résiliation (indemnité d'occupation) reste présente : le bail n'a pas de date de sortie.
    """
    commences = [bail for bail in baux if bail.date_entree <= au]
    if any(bail.date_sortie is None or bail.date_sortie > au for bail in commences):
        return StatutCompte.PRESENT
    return StatutCompte.PARTI if commences else StatutCompte.FUTUR
