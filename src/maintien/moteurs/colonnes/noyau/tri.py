"""Sorting keys that arrive almost sorted: the books are written in the order of the days."""

from maintien.moteurs.colonnes.noyau.compilation import compiler
from maintien.moteurs.colonnes.noyau.structures import CLE_TRI, I64, TAMPON_CLE, TAMPON_VALEUR, VALEUR

_PATIENCE = 8


@compiler
def trier(a: I64, nombre: int) -> None:
    """Sort rows CLE_TRI and VALEUR of the workspace by the first; linear when almost sorted, n log n at worst."""
    if not _inserer(a, nombre):
        _fusionner(a, nombre)


@compiler
def _inserer(a: I64, nombre: int) -> bool:
    """Insertion, given up after some patience: the rows then hold the same pairs in another order."""
    credit = _PATIENCE * nombre
    for i in range(1, nombre):
        cle = a[CLE_TRI, i]
        if cle >= a[CLE_TRI, i - 1]:
            continue
        valeur = a[VALEUR, i]
        j = i
        while j > 0 and a[CLE_TRI, j - 1] > cle:
            a[CLE_TRI, j] = a[CLE_TRI, j - 1]
            a[VALEUR, j] = a[VALEUR, j - 1]
            j -= 1
        a[CLE_TRI, j] = cle
        a[VALEUR, j] = valeur
        credit -= i - j
        if credit < 0:
            return False
    return True


@compiler
def _fusionner(a: I64, nombre: int) -> None:
    largeur = 1
    while largeur < nombre:
        for gauche in range(0, nombre, 2 * largeur):
            milieu = min(gauche + largeur, nombre)
            droite = min(gauche + 2 * largeur, nombre)
            _fusionner_deux(a, gauche, milieu, droite)
        for i in range(nombre):
            a[CLE_TRI, i] = a[TAMPON_CLE, i]
            a[VALEUR, i] = a[TAMPON_VALEUR, i]
        largeur *= 2


@compiler
def _fusionner_deux(a: I64, gauche: int, milieu: int, droite: int) -> None:
    i, j = gauche, milieu
    for k in range(gauche, droite):
        if j >= droite or (i < milieu and a[CLE_TRI, i] <= a[CLE_TRI, j]):
            a[TAMPON_CLE, k] = a[CLE_TRI, i]
            a[TAMPON_VALEUR, k] = a[VALEUR, i]
            i += 1
        else:
            a[TAMPON_CLE, k] = a[CLE_TRI, j]
            a[TAMPON_VALEUR, k] = a[VALEUR, j]
            j += 1
