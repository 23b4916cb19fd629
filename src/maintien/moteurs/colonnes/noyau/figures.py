"""The figures at the observation date (conventions, C7 and C8)."""

from maintien.moteurs.colonnes.noyau.compilation import compiler
from maintien.moteurs.colonnes.noyau.dates import age_en_mois
from maintien.moteurs.colonnes.noyau.lecture import is_terme_courant
from maintien.moteurs.colonnes.noyau.structures import (
    A_MOIS,
    A_MONTANT,
    AVANCE,
    CLASSE_TERME,
    COMPTE,
    DG_NET,
    DOUZE,
    EXCEDENT,
    I64,
    M_ORDRE,
    NB_AIDES,
    NB_ECHUS,
    NB_POSTES,
    NB_TERMES,
    NON_ECHU,
    P_CLASSE,
    P_JOUR,
    P_RESTE,
    S_ACCESSOIRES,
    S_AVANCE,
    S_DG_NET,
    S_EXCEDENT,
    S_EXIGIBLE,
    S_LOCATIVE,
    S_MOIS_DE_DETTE,
    S_NB_TERMES,
    S_NON_ECHU,
    S_PLUS_ANCIEN,
    S_SOLDE,
    S_TERME_MOYEN,
    S_TRANCHE,
    S_TROIS_TERMES,
    SOLDE,
    T_COURANT,
    T_JOUR,
    T_MOIS,
    T_POSTE,
    VIDE,
)

_NOMBRE_DE_MOIS = 12


@compiler
def chiffrer(a: I64, au: int, sortie: I64) -> None:
    """Balance, debts, pockets, buckets."""
    sortie[S_SOLDE] = a[COMPTE, SOLDE]
    sortie[S_AVANCE] = a[COMPTE, AVANCE]
    sortie[S_EXCEDENT] = a[COMPTE, EXCEDENT]
    sortie[S_DG_NET] = a[COMPTE, DG_NET]
    for i in range(a[COMPTE, NB_ECHUS]):
        if a[P_RESTE, i] > 0:
            _compter_echu(a, i, au, sortie)
    non_echu = a[COMPTE, NON_ECHU]
    for i in range(a[COMPTE, NB_ECHUS], a[COMPTE, NB_POSTES]):
        non_echu += a[P_RESTE, i]
    sortie[S_NON_ECHU] = non_echu
    sortie[S_EXIGIBLE] = sortie[S_LOCATIVE] + sortie[S_ACCESSOIRES]
    if sortie[S_LOCATIVE] > 0:
        sortie[S_NB_TERMES] = _mois_impayes(a)


@compiler
def _compter_echu(a: I64, i: int, au: int, sortie: I64) -> None:
    if a[P_CLASSE, i] < CLASSE_TERME:
        sortie[S_ACCESSOIRES] += a[P_RESTE, i]
        return
    if sortie[S_LOCATIVE] == 0:
        sortie[S_PLUS_ANCIEN] = a[P_JOUR, i]
    sortie[S_LOCATIVE] += a[P_RESTE, i]
    age = age_en_mois(a[P_JOUR, i], au)
    tranche = (age >= 1) + (age >= 3) + (age >= 6) + (age >= 12)
    sortie[S_TRANCHE + tranche] += a[P_RESTE, i]


@compiler
def _mois_impayes(a: I64) -> int:
    """The number of distinct months of the due terms that are not wholly paid."""
    nombre, dernier = 0, -1
    for k in range(a[COMPTE, NB_TERMES]):
        terme = a[M_ORDRE, k]
        poste = a[T_POSTE, terme]
        if 0 <= poste < a[COMPTE, NB_ECHUS] and a[P_RESTE, poste] > 0 and a[T_MOIS, terme] != dernier:
            dernier = a[T_MOIS, terme]
            nombre += 1
    return nombre


@compiler
def moyenner(a: I64, au: int, sortie: I64) -> None:
    """Mean net term of the twelve latest months called, and the debt in months."""
    nombre, appele = _douze_derniers(a, au)
    if nombre == 0:
        return
    total = appele - _aides_des_douze(a, nombre)
    if total <= 0:
        total = appele
    if total <= 0:
        return
    dette = sortie[S_LOCATIVE]
    sortie[S_TERME_MOYEN] = (2 * total + nombre) // (2 * nombre)
    sortie[S_MOIS_DE_DETTE] = (200 * dette * nombre + total) // (2 * total)
    sortie[S_TROIS_TERMES] = 1 if dette > 0 and dette * nombre >= 3 * total else 0


@compiler
def _douze_derniers(a: I64, au: int) -> tuple[int, int]:
    nombre, appele = 0, 0
    for k in range(a[COMPTE, NB_TERMES] - 1, -1, -1):
        terme = a[M_ORDRE, k]
        if a[T_JOUR, terme] > au or not is_terme_courant(a, terme):
            continue
        if nombre == 0 or a[DOUZE, nombre - 1] != a[T_MOIS, terme]:
            if nombre == _NOMBRE_DE_MOIS:
                break
            a[DOUZE, nombre] = a[T_MOIS, terme]
            nombre += 1
        appele += a[T_COURANT, terme]
    return nombre, appele


@compiler
def _aides_des_douze(a: I64, nombre: int) -> int:
    """Housing aids of the months kept; `a.douze` goes from the latest to the earliest."""
    total = 0
    for k in range(a[COMPTE, NB_AIDES]):
        mois = a[A_MOIS, k]
        if a[DOUZE, nombre - 1] <= mois <= a[DOUZE, 0]:
            for i in range(nombre):
                if a[DOUZE, i] == mois:
                    total += a[A_MONTANT, k]
                    break
    return total


@compiler
def effacer(sortie: I64) -> None:
    """Zeros, and nothing where C11 leaves a cell empty."""
    sortie[:] = 0
    sortie[S_PLUS_ANCIEN] = VIDE
    sortie[S_TERME_MOYEN] = VIDE
    sortie[S_MOIS_DE_DETTE] = VIDE
