"""Cancellations: pairs of entries taken out of everything that follows (conventions, C3)."""

from maintien.moteurs.colonnes.noyau.compilation import compiler
from maintien.moteurs.colonnes.noyau.structures import (
    ATTENTE,
    I64,
    L_CIBLE,
    L_MONTANT,
    MEILLEURE,
    PILE,
    RETIRE,
)


@compiler
def annuler(a: I64, nombre: int) -> None:
    """Mark in row RETIRE the entries that a cancellation removes, and the cancelling ones.

    An entry acts only once all those that name it have been settled; of several that may cancel one entry the
    latest takes it. What is never settled is a loop: there from the latest to the earliest.
    """
    trouve = False
    for i in range(nombre):
        a[RETIRE, i] = 0
        trouve = trouve or 0 <= a[L_CIBLE, i] < nombre
    if not trouve:
        return
    hauteur = _compter_les_attentes(a, nombre)
    while hauteur > 0:
        hauteur -= 1
        hauteur = _regler(a, nombre, a[PILE, hauteur], hauteur)
    _regler_les_boucles(a, nombre)


@compiler
def _compter_les_attentes(a: I64, nombre: int) -> int:
    for i in range(nombre):
        a[ATTENTE, i] = 0
        a[MEILLEURE, i] = -1
    for i in range(nombre):
        cible = a[L_CIBLE, i]
        if 0 <= cible < nombre:
            a[ATTENTE, cible] += 1
    hauteur = 0
    for i in range(nombre):
        if a[ATTENTE, i] == 0 and 0 <= a[L_CIBLE, i] < nombre:
            a[PILE, hauteur] = i
            hauteur += 1
    return hauteur


@compiler
def _retirer_avec_la_meilleure(a: I64, ligne: int) -> None:
    if a[MEILLEURE, ligne] >= 0:
        a[RETIRE, ligne] = 1
        a[RETIRE, a[MEILLEURE, ligne]] = 1


@compiler
def _regler(a: I64, nombre: int, ligne: int, hauteur: int) -> int:
    """Settle one entry whose cancelling entries are all settled; rows are in the order of (date, reference)."""
    _retirer_avec_la_meilleure(a, ligne)
    cible = a[L_CIBLE, ligne]
    if not 0 <= cible < nombre:
        return hauteur
    oppose = a[L_MONTANT, ligne] == -a[L_MONTANT, cible]
    if oppose and a[RETIRE, ligne] == 0 and a[MEILLEURE, cible] < ligne:
        a[MEILLEURE, cible] = ligne
    a[ATTENTE, cible] -= 1
    if a[ATTENTE, cible] == 0:
        a[PILE, hauteur] = cible
        hauteur += 1
    return hauteur


@compiler
def _regler_les_boucles(a: I64, nombre: int) -> None:
    for i in range(nombre):
        if a[ATTENTE, i] > 0:
            _retirer_avec_la_meilleure(a, i)
    for i in range(nombre - 1, -1, -1):
        if a[ATTENTE, i] > 0 and a[RETIRE, i] == 0:
            cible = a[L_CIBLE, i]
            if a[RETIRE, cible] == 0 and a[L_MONTANT, i] == -a[L_MONTANT, cible]:
                a[RETIRE, i] = 1
                a[RETIRE, cible] = 1
