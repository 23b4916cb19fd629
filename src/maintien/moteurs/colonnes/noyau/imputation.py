"""The pass over the days: which credit pays what (conventions, C6)."""

from maintien.moteurs.colonnes.noyau.compilation import compiler
from maintien.moteurs.colonnes.noyau.lecture import ajouter_credit
from maintien.moteurs.colonnes.noyau.structures import (
    AVANCE,
    BITS_CLASSE,
    BITS_JOUR,
    BITS_RANG,
    C_DESIGNE_AU,
    C_DESIGNE_DU,
    C_GENRE,
    C_JOUR,
    C_MOIS,
    C_MONTANT,
    C_ORDRE,
    C_RANG,
    CLASSE_TERME,
    CLE_TRI,
    COMPTE,
    DETTE,
    EXCEDENT,
    GENRE_ALLOUE,
    GENRE_DESIGNE,
    GENRE_GENERAL,
    I32,
    I64,
    JAMAIS,
    M_CLE,
    M_ORDRE,
    NB_AUTRES,
    NB_CLASSES,
    NB_CREDITS,
    NB_ECHUS,
    NB_POSTES,
    NB_SOIRS,
    NB_TERMES,
    NON_ECHU,
    O_CLASSE,
    O_JOUR,
    O_MONTANT,
    O_RANG,
    ORIGINE,
    OUVERT,
    P_CLASSE,
    P_JOUR,
    P_RESTE,
    S_ANCIEN_JOUR,
    S_DETTE,
    S_JOUR,
    T_JOUR,
    T_MOIS,
    T_MONTANT,
    T_ORDRE,
    T_POSTE,
    T_RANG,
    VALEUR,
)
from maintien.moteurs.colonnes.noyau.tri import trier


@compiler
def ranger(a: I64, au: int) -> None:
    """Put items, credits and terms of a month in the order in which the pass meets them."""
    _ranger_postes(a, au)
    _ranger_credits(a)
    _ranger_termes_par_mois(a)


@compiler
def _ranger_postes(a: I64, au: int) -> None:
    n = 0
    for k in range(a[COMPTE, NB_TERMES]):
        terme = a[T_ORDRE, k]
        a[T_POSTE, terme] = -1
        if a[T_MONTANT, terme] > 0:
            a[CLE_TRI, n] = _cle(a[T_JOUR, terme], CLASSE_TERME, a[T_MOIS, terme])
            a[VALEUR, n] = terme
            n += 1
        elif a[T_MONTANT, terme] < 0:
            _ranger_terme_negatif(a, terme, au)
    for k in range(a[COMPTE, NB_AUTRES]):
        a[CLE_TRI, n] = _cle(a[O_JOUR, k], a[O_CLASSE, k], a[O_RANG, k])
        a[VALEUR, n] = -1 - k
        n += 1
    trier(a, n)
    a[COMPTE, NB_POSTES] = n
    for i in range(n):
        _poser(a, i, a[VALEUR, i])


@compiler
def _cle(jour: int, classe: int, rang: int) -> int:
    return ((jour + ORIGINE) << BITS_RANG) | (classe << BITS_CLASSE) | rang


@compiler
def _poser(a: I64, i: int, source: int) -> None:
    if source >= 0:
        a[T_POSTE, source] = i
        a[P_JOUR, i] = a[T_JOUR, source]
        a[P_CLASSE, i] = CLASSE_TERME
        a[P_RESTE, i] = a[T_MONTANT, source]
    else:
        a[P_JOUR, i] = a[O_JOUR, -1 - source]
        a[P_CLASSE, i] = a[O_CLASSE, -1 - source]
        a[P_RESTE, i] = a[O_MONTANT, -1 - source]


@compiler
def _ranger_terme_negatif(a: I64, terme: int, au: int) -> None:
    if a[T_JOUR, terme] <= au:
        ajouter_credit(a, a[T_JOUR, terme], GENRE_GENERAL, a[T_RANG, terme], -a[T_MONTANT, terme])
    else:
        a[COMPTE, NON_ECHU] += a[T_MONTANT, terme]


@compiler
def _ranger_credits(a: I64) -> None:
    n = a[COMPTE, NB_CREDITS]
    for k in range(n):
        a[CLE_TRI, k] = _cle(a[C_JOUR, k], a[C_GENRE, k], a[C_RANG, k])
        a[VALEUR, k] = k
    trier(a, n)
    for k in range(n):
        a[C_ORDRE, k] = a[VALEUR, k]


@compiler
def _ranger_termes_par_mois(a: I64) -> None:
    n = a[COMPTE, NB_TERMES]
    for k in range(n):
        terme = a[T_ORDRE, k]
        a[CLE_TRI, k] = (a[T_MOIS, terme] << BITS_JOUR) | (a[T_JOUR, terme] + ORIGINE)
        a[VALEUR, k] = terme
    trier(a, n)
    for k in range(n):
        a[M_CLE, k] = a[CLE_TRI, k]
        a[M_ORDRE, k] = a[VALEUR, k]


@compiler
def imputer(a: I64, designes: I32, au: int) -> None:
    """Run the days from the first to `au`; the evenings since the debt was last 0 are kept for C10."""
    credit, nombre = 0, a[COMPTE, NB_CREDITS]
    while True:
        jour = _prochain_jour(a, credit, nombre, au)
        if jour == JAMAIS:
            return
        while credit < nombre and _is_alloue_ce_jour(a, a[C_ORDRE, credit], jour):
            c = a[C_ORDRE, credit]
            a[COMPTE, EXCEDENT] += _payer_mois(a, a[C_MOIS, c], a[C_MONTANT, c])
            credit += 1
        _faire_echoir(a, jour)
        while credit < nombre and a[C_JOUR, a[C_ORDRE, credit]] == jour:
            _payer(a, designes, a[C_ORDRE, credit])
            credit += 1
        _noter_soir(a, jour)


@compiler
def _is_alloue_ce_jour(a: I64, c: int, jour: int) -> bool:
    return bool(a[C_JOUR, c] == jour and a[C_GENRE, c] == GENRE_ALLOUE)


@compiler
def _prochain_jour(a: I64, credit: int, nombre: int, au: int) -> int:
    jour = JAMAIS
    if credit < nombre:
        jour = a[C_JOUR, a[C_ORDRE, credit]]
    echus = a[COMPTE, NB_ECHUS]
    if echus < a[COMPTE, NB_POSTES] and a[P_JOUR, echus] <= au:
        jour = min(jour, a[P_JOUR, echus])
    return jour


@compiler
def _payer_mois(a: I64, mois: int, disponible: int) -> int:
    """Steps a and c: pay the terms of a month, earliest due first, due or not; what is left over is returned."""
    bas, haut, cle = 0, a[COMPTE, NB_TERMES], mois << BITS_JOUR
    while bas < haut:
        milieu = (bas + haut) // 2
        if a[M_CLE, milieu] < cle:
            bas = milieu + 1
        else:
            haut = milieu
    while disponible > 0 and bas < a[COMPTE, NB_TERMES] and a[M_CLE, bas] >> BITS_JOUR == mois:
        poste = a[T_POSTE, a[M_ORDRE, bas]]
        if poste >= 0:
            disponible -= _eteindre(a, poste, disponible)
        bas += 1
    return disponible


@compiler
def _eteindre(a: I64, poste: int, disponible: int) -> int:
    part = min(disponible, a[P_RESTE, poste])
    a[P_RESTE, poste] -= part
    if poste < a[COMPTE, NB_ECHUS] and a[P_CLASSE, poste] >= CLASSE_TERME:
        a[COMPTE, DETTE] -= part
    return int(part)


@compiler
def _faire_echoir(a: I64, jour: int) -> None:
    """Step b: what falls due takes from the surplus of housing aid, then from the advance."""
    i = a[COMPTE, NB_ECHUS]
    while i < a[COMPTE, NB_POSTES] and a[P_JOUR, i] == jour:
        locatif = a[P_CLASSE, i] >= CLASSE_TERME
        if locatif:
            part = min(a[COMPTE, EXCEDENT], a[P_RESTE, i])
            a[COMPTE, EXCEDENT] -= part
            a[P_RESTE, i] -= part
        part = min(a[COMPTE, AVANCE], a[P_RESTE, i])
        a[COMPTE, AVANCE] -= part
        a[P_RESTE, i] -= part
        if locatif:
            a[COMPTE, DETTE] += a[P_RESTE, i]
        i += 1
    a[COMPTE, NB_ECHUS] = i


@compiler
def _payer(a: I64, designes: I32, c: int) -> None:
    """Steps c and d: the months that the payer names, then the legal order, then the advance."""
    disponible = a[C_MONTANT, c]
    if a[C_GENRE, c] == GENRE_DESIGNE:
        for k in range(a[C_DESIGNE_DU, c], a[C_DESIGNE_AU, c]):
            disponible = _payer_mois(a, designes[k], disponible)
    for classe in range(NB_CLASSES):
        while disponible > 0:
            poste = _premier_ouvert(a, classe)
            if poste < 0:
                break
            disponible -= _eteindre(a, poste, disponible)
    a[COMPTE, AVANCE] += disponible


@compiler
def _premier_ouvert(a: I64, classe: int) -> int:
    """The earliest due item of this class that is not paid, or -1; what is paid never opens again."""
    i = a[COMPTE, OUVERT + classe]
    while i < a[COMPTE, NB_ECHUS] and (a[P_RESTE, i] == 0 or min(a[P_CLASSE, i], CLASSE_TERME) != classe):
        i += 1
    a[COMPTE, OUVERT + classe] = i
    return i if i < a[COMPTE, NB_ECHUS] else -1


@compiler
def _noter_soir(a: I64, jour: int) -> None:
    if a[COMPTE, DETTE] == 0:
        a[COMPTE, NB_SOIRS] = 0
        return
    n = a[COMPTE, NB_SOIRS]
    a[S_JOUR, n] = jour
    a[S_DETTE, n] = a[COMPTE, DETTE]
    a[S_ANCIEN_JOUR, n] = a[P_JOUR, _premier_ouvert(a, CLASSE_TERME)]
    a[COMPTE, NB_SOIRS] = n + 1
