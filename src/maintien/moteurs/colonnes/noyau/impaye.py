"""The impayé in the sense of the housing aid, evening after evening (conventions, C10)."""

from maintien.moteurs.colonnes.noyau.compilation import compiler
from maintien.moteurs.colonnes.noyau.dates import ajouter_mois, fin_de_mois
from maintien.moteurs.colonnes.noyau.lecture import has_depense
from maintien.moteurs.colonnes.noyau.structures import (
    A_JOUR,
    A_MOIS,
    A_MONTANT,
    COMPTE,
    D_DU,
    D_DUREE,
    D_MASQUE,
    D_REGLE,
    D_VALEUR,
    I64,
    JAMAIS,
    M_ORDRE,
    NB_AIDES,
    NB_DEPENSE,
    NB_MOIS,
    NB_SOIRS,
    NB_TERMES,
    R_DEPENSE,
    R_JOUR,
    R_MOIS,
    REGLE_DUREE,
    REGLE_SEUIL,
    S_2027,
    S_ANCIEN,
    S_ANCIEN_JOUR,
    S_CONCERNE,
    S_DATE_2027,
    S_DATE_ANCIEN,
    S_DATE_LEGAL,
    S_DETTE,
    S_JOUR,
    S_LEGAL,
    S_SEUIL,
    T_DEPENSE,
    T_JOUR,
    T_MOIS,
    VIDE,
)

_MOIS_D_AIDE = 6


@compiler
def effacer_impaye(sortie: I64) -> None:
    """Nothing found: flags 0, dates and threshold empty."""
    sortie[S_SEUIL] = VIDE
    sortie[S_DATE_ANCIEN] = VIDE
    sortie[S_DATE_2027] = VIDE
    sortie[S_DATE_LEGAL] = VIDE


@compiler
def constater(a: I64, droit: I64, locataire: bool, au: int, sortie: I64) -> None:  # noqa: FBT001 - compiled
    """Whether each definition is constituted at `au`, since which day, and the threshold of the old one."""
    debut = a[S_JOUR, 0] if a[COMPTE, NB_SOIRS] > 0 else au
    _etablir_mois_de_reference(a, debut)
    reference = _mois_de_reference(a, au)
    if _is_concerne(a, locataire, reference, au):
        sortie[S_CONCERNE] = 1
        seuil = _seuil(a, droit, locataire, reference, au)
        if seuil > 0:
            sortie[S_SEUIL] = seuil
    soir, jour = -1, debut
    while jour <= au and a[COMPTE, NB_SOIRS] > 0 and not _tout_est_date(sortie):
        while soir + 1 < a[COMPTE, NB_SOIRS] and a[S_JOUR, soir + 1] <= jour:
            soir += 1
        _observer(a, droit, locataire, soir, jour, sortie)
        jour = _jour_suivant(a, droit, soir, jour, au)


@compiler
def _tout_est_date(sortie: I64) -> bool:
    return bool(sortie[S_ANCIEN] + sortie[S_2027] + sortie[S_LEGAL] == 3)


@compiler
def _etablir_mois_de_reference(a: I64, debut: int) -> None:
    """The months that may be the month of reference from `debut` on, latest first, and from which day."""
    n = 0
    k = a[COMPTE, NB_TERMES] - 1
    while k >= 0 and (n == 0 or a[R_JOUR, n - 1] > debut):
        mois, complet, trouve = a[T_MOIS, a[M_ORDRE, k]], 0, False
        while k >= 0 and a[T_MOIS, a[M_ORDRE, k]] == mois:
            terme = a[M_ORDRE, k]
            if has_depense(a, terme):
                if not trouve:
                    trouve = True
                    complet = max(fin_de_mois(mois), a[T_JOUR, terme])
                    _ouvrir_mois(a, n, mois)
                complet = max(complet, a[T_JOUR, terme])
                for i in range(NB_DEPENSE):
                    a[R_DEPENSE + i, n] += a[T_DEPENSE + i, terme]
            k -= 1
        if trouve:
            a[R_JOUR, n] = complet
            n += 1
    a[COMPTE, NB_MOIS] = n


@compiler
def _ouvrir_mois(a: I64, n: int, mois: int) -> None:
    a[R_MOIS, n] = mois
    for i in range(NB_DEPENSE):
        a[R_DEPENSE + i, n] = 0


@compiler
def _mois_de_reference(a: I64, jour: int) -> int:
    """The place of the month of reference on a day, or -1."""
    for k in range(a[COMPTE, NB_MOIS]):
        if a[R_JOUR, k] <= jour:
            return k
    return -1


@compiler
def _is_concerne(a: I64, locataire: bool, reference: int, jour: int) -> bool:  # noqa: FBT001 - compiled
    """Whether the aid concerns the home: paid to the tenant, or received for one of six months."""
    if reference < 0:
        return False
    if locataire:
        return True
    mois = a[R_MOIS, reference]
    for k in range(a[COMPTE, NB_AIDES] - 1, -1, -1):
        if mois - _MOIS_D_AIDE < a[A_MOIS, k] <= mois and a[A_MONTANT, k] > 0 and a[A_JOUR, k] <= jour:
            return True
    return False


@compiler
def _seuil(a: I64, droit: I64, locataire: bool, reference: int, jour: int) -> int:  # noqa: FBT001 - compiled
    """The threshold of the old rule; 0 or less when the aid covers the whole expense."""
    definition = _definition(droit, REGLE_SEUIL, jour)
    depense = 0
    for i in range(NB_DEPENSE):
        if (droit[definition, D_MASQUE] >> i) & 1:
            depense += a[R_DEPENSE + i, reference]
    if not locataire:
        for k in range(a[COMPTE, NB_AIDES]):
            if a[A_MOIS, k] == a[R_MOIS, reference] and a[A_JOUR, k] <= jour:
                depense -= a[A_MONTANT, k]
    return int(depense * droit[definition, D_VALEUR])


@compiler
def _definition(droit: I64, regle: int, jour: int) -> int:
    """The definition of this kind to be read on a day: the latest that has begun, else the first."""
    trouvee = -1
    for k in range(len(droit)):
        if droit[k, D_REGLE] == regle and (trouvee < 0 or droit[k, D_DU] <= jour):
            trouvee = k
    return trouvee


@compiler
def _regle_legale(droit: I64, jour: int) -> int:
    """The kind of the definition in force on a day."""
    regle = droit[0, D_REGLE]
    for k in range(1, len(droit)):
        if droit[k, D_DU] <= jour:
            regle = droit[k, D_REGLE]
    return int(regle)


@compiler
def _observer(a: I64, droit: I64, locataire: bool, soir: int, jour: int, sortie: I64) -> None:  # noqa: FBT001
    reference = _mois_de_reference(a, jour)
    if not _is_concerne(a, locataire, reference, jour):
        return
    seuil = _seuil(a, droit, locataire, reference, jour)
    ancien = seuil > 0 and a[S_DETTE, soir] >= seuil
    definition = _definition(droit, REGLE_DUREE, jour)
    nouveau = a[S_DETTE, soir] > droit[definition, D_VALEUR]
    if not nouveau:
        nouveau = ajouter_mois(a[S_ANCIEN_JOUR, soir], droit[definition, D_DUREE]) <= jour
    _dater(sortie, S_ANCIEN, S_DATE_ANCIEN, ancien, jour)
    _dater(sortie, S_2027, S_DATE_2027, nouveau, jour)
    _dater(sortie, S_LEGAL, S_DATE_LEGAL, ancien if _regle_legale(droit, jour) == REGLE_SEUIL else nouveau, jour)


@compiler
def _dater(sortie: I64, indicateur: int, date: int, constitue: bool, jour: int) -> None:  # noqa: FBT001 - compiled
    if constitue and sortie[indicateur] == 0:
        sortie[indicateur] = 1
        sortie[date] = jour


@compiler
def _jour_suivant(a: I64, droit: I64, soir: int, jour: int, au: int) -> int:
    """The next day on which an answer may change: an evening, a month of reference, an aid, a text, three months."""
    suivant = JAMAIS
    if soir + 1 < a[COMPTE, NB_SOIRS]:
        suivant = a[S_JOUR, soir + 1]
    if jour < au:
        suivant = min(suivant, au)
    for k in range(a[COMPTE, NB_MOIS]):
        if jour < a[R_JOUR, k] < suivant:
            suivant = a[R_JOUR, k]
    for k in range(a[COMPTE, NB_AIDES]):
        if jour < a[A_JOUR, k] < suivant:
            suivant = a[A_JOUR, k]
    for k in range(len(droit)):
        if jour < droit[k, D_DU] < suivant:
            suivant = droit[k, D_DU]
        anniversaire = ajouter_mois(a[S_ANCIEN_JOUR, soir], droit[k, D_DUREE])
        if jour < anniversaire < suivant:
            suivant = anniversaire
    return suivant
