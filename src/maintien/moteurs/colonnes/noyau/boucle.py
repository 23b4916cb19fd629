"""The loop over the accounts."""

from maintien.moteurs.colonnes.noyau.annulations import annuler
from maintien.moteurs.colonnes.noyau.compilation import compiler, compiler_entree
from maintien.moteurs.colonnes.noyau.figures import chiffrer, effacer, moyenner
from maintien.moteurs.colonnes.noyau.impaye import constater, effacer_impaye
from maintien.moteurs.colonnes.noyau.imputation import imputer, ranger
from maintien.moteurs.colonnes.noyau.lecture import lire
from maintien.moteurs.colonnes.noyau.prochaine import annoncer_impaye, annoncer_vieillissement
from maintien.moteurs.colonnes.noyau.structures import (
    COMPTE,
    I32,
    I64,
    JAMAIS,
    L_CIBLE,
    L_CODE,
    L_COMPTABLE,
    L_DESIGNE_AU,
    L_DESIGNE_DU,
    L_EFFET,
    L_EXIGIBLE,
    L_MOIS,
    L_MONTANT,
    L_RANG,
    PROCHAINE,
    S_PROCHAINE,
    TAILLE_COMPTEURS,
    U8,
    Lignes,
)


@compiler_entree
def situer(
    lignes: Lignes,
    debuts: I64,
    nombres: I64,
    presents: U8,
    locataires: U8,
    au: int,
    droit: I64,
    a: I64,
    avec_impaye: bool,  # noqa: FBT001 - compiled
    sortie: I64,
) -> None:
    """Fill one row of `sortie` for each account: its entries are `nombres[k]` rows from `debuts[k]`."""
    for k in range(debuts.size):
        ligne = sortie[k]
        effacer(ligne)
        effacer_impaye(ligne)
        connues = _nombre_de_connues(lignes.comptable, debuts[k], nombres[k], au)
        a[COMPTE, :TAILLE_COMPTEURS] = 0
        a[COMPTE, PROCHAINE] = JAMAIS
        if connues < nombres[k]:
            a[COMPTE, PROCHAINE] = lignes.comptable[debuts[k] + connues]
        if connues > 0:
            _charger(lignes, a, debuts[k], connues)
            annuler(a, connues)
            lire(a, connues, au)
            ranger(a, au)
            imputer(a, lignes.designes, au)
            chiffrer(a, au, ligne)
            moyenner(a, au, ligne)
            annoncer_vieillissement(a, droit, au)
            if avec_impaye and presents[k] != 0:
                constater(a, droit, locataires[k] != 0, au, ligne)
                annoncer_impaye(a, droit, au)
        ligne[S_PROCHAINE] = a[COMPTE, PROCHAINE]


@compiler
def _nombre_de_connues(comptable: I32, debut: int, nombre: int, au: int) -> int:
    """Rows of an account are sorted by date_comptable: the known ones come first."""
    bas, haut = 0, nombre
    while bas < haut:
        milieu = (bas + haut) // 2
        if comptable[debut + milieu] <= au:
            bas = milieu + 1
        else:
            haut = milieu
    return bas


@compiler
def _charger(lignes: Lignes, a: I64, debut: int, nombre: int) -> None:
    """Copy the known entries of an account into the workspace."""
    for i in range(nombre):
        j = debut + i
        a[L_COMPTABLE, i] = lignes.comptable[j]
        a[L_EFFET, i] = lignes.effet[j]
        a[L_EXIGIBLE, i] = lignes.exigible[j]
        a[L_MOIS, i] = lignes.mois[j]
        a[L_CODE, i] = lignes.code[j]
        a[L_MONTANT, i] = lignes.montant[j]
        a[L_RANG, i] = lignes.rang[j]
        a[L_CIBLE, i] = lignes.cible[j]
        a[L_DESIGNE_DU, i] = lignes.designes_bornes[lignes.affectation[j]]
        a[L_DESIGNE_AU, i] = lignes.designes_bornes[lignes.affectation[j] + 1]
