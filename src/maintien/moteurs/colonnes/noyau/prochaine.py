"""The first day on which the situation may change if nothing arrives.

It may be too early, which costs one useless computation; it is never too late. What moves with time alone: an entry
already in the books for a later day, a value date to come, a line that falls due, the age of a debt, the month of
reference, a text that takes effect. Leases are watched by the caller.
"""

from maintien.moteurs.colonnes.noyau.compilation import compiler
from maintien.moteurs.colonnes.noyau.dates import ajouter_mois
from maintien.moteurs.colonnes.noyau.structures import (
    COMPTE,
    D_DU,
    D_DUREE,
    I64,
    NB_ECHUS,
    NB_MOIS,
    P_JOUR,
    P_RESTE,
    PROCHAINE,
    R_JOUR,
)


@compiler
def annoncer_vieillissement(a: I64, droit: I64, au: int) -> None:
    """Watch the buckets of C2, and the age of the oldest debt in C10."""
    for i in range(a[COMPTE, NB_ECHUS]):
        if a[P_RESTE, i] > 0:
            for mois in (1, 3, 6, 12):
                _annoncer(a, ajouter_mois(a[P_JOUR, i], mois), au)
            for k in range(len(droit)):
                _annoncer(a, ajouter_mois(a[P_JOUR, i], droit[k, D_DUREE]), au)


@compiler
def annoncer_impaye(a: I64, droit: I64, au: int) -> None:
    """Watch the next month of reference and the next text."""
    for k in range(a[COMPTE, NB_MOIS]):
        _annoncer(a, a[R_JOUR, k], au)
    for k in range(len(droit)):
        _annoncer(a, droit[k, D_DU], au)


@compiler
def _annoncer(a: I64, jour: int, au: int) -> None:
    if au < jour < a[COMPTE, PROCHAINE]:
        a[COMPTE, PROCHAINE] = jour
