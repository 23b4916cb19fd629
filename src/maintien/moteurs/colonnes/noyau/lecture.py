"""From entries to terms, other items, credits and aids (conventions, C4 and C5)."""

from maintien.moteurs.colonnes.noyau.compilation import compiler
from maintien.moteurs.colonnes.noyau.dates import periode_et_quantieme
from maintien.moteurs.colonnes.noyau.structures import (
    A_JOUR,
    A_MOIS,
    A_MONTANT,
    APL,
    ASS,
    AVOIRS,
    BITS_MOIS,
    C_DESIGNE_AU,
    C_DESIGNE_DU,
    C_GENRE,
    C_JOUR,
    C_MOIS,
    C_MONTANT,
    C_RANG,
    CHG,
    CLASSE_AUTRE,
    CLASSE_FRAIS,
    CLASSE_INTERETS,
    COMPTE,
    DG,
    DG_NET,
    FRA,
    GENRE_ALLOUE,
    GENRE_DESIGNE,
    GENRE_GENERAL,
    I64,
    INT,
    L_CODE,
    L_COMPTABLE,
    L_DESIGNE_AU,
    L_DESIGNE_DU,
    L_EFFET,
    L_EXIGIBLE,
    L_MOIS,
    L_MONTANT,
    L_RANG,
    LOY,
    NB_AIDES,
    NB_AUTRES,
    NB_AVOIRS,
    NB_CREDITS,
    NB_DEPENSE,
    NB_TERMES,
    O_CLASSE,
    O_JOUR,
    O_MONTANT,
    O_RANG,
    OD,
    ORIGINE,
    PROCHAINE,
    RAP,
    REG,
    RETIRE,
    SANS_DATE,
    SANS_MOIS,
    SOLDE,
    T_CLE,
    T_COURANT,
    T_DEPENSE,
    T_GENRE,
    T_JOUR,
    T_MOIS,
    T_MONTANT,
    T_ORDRE,
    T_RANG,
)

# What the lines of a term are made of: bits of `t_genre`.
_COURANT = 1
_DEPENSE = 2
_PAS = 16


@compiler
def lire(a: I64, nombre: int, au: int) -> None:
    """Sort the known entries of an account into terms, items, credits and aids."""
    for j in range(nombre):
        a[COMPTE, SOLDE] += a[L_MONTANT, j]
        if a[L_MONTANT, j] != 0 and a[RETIRE, j] == 0:
            _lire_ligne(a, j, au)
    for k in range(a[COMPTE, NB_AVOIRS]):
        _joindre_avoir(a, a[AVOIRS, k], au)


@compiler
def _lire_ligne(a: I64, j: int, au: int) -> None:
    code, montant, mois = a[L_CODE, j], a[L_MONTANT, j], a[L_MOIS, j]
    if code == DG:
        a[COMPTE, DG_NET] += montant
        return
    if APL <= code <= RAP and mois != SANS_MOIS:
        _noter_aide(a, j, au)
    if LOY <= code <= REG or (code == OD and montant > 0 and mois != SANS_MOIS):
        _noter_ligne_de_terme(a, j, au)
    elif montant > 0:
        _noter_autre(a, j, au)
    else:
        _noter_credit(a, j, au)


@compiler
def _annoncer(a: I64, jour: int, au: int) -> None:
    """Remember the first day after `au` on which something falls due."""
    if au < jour < a[COMPTE, PROCHAINE]:
        a[COMPTE, PROCHAINE] = jour


@compiler
def _effet(a: I64, j: int, au: int) -> int:
    """The day of effect; one that is still to come moves with `au`, so the account is looked at again tomorrow."""
    if a[L_EFFET, j] > au:
        _annoncer(a, au + 1, au)
        return au
    return int(a[L_EFFET, j])


@compiler
def _noter_aide(a: I64, j: int, au: int) -> None:
    n = a[COMPTE, NB_AIDES]
    a[A_MOIS, n] = a[L_MOIS, j]
    a[A_JOUR, n] = _effet(a, j, au)
    a[A_MONTANT, n] = -a[L_MONTANT, j]
    a[COMPTE, NB_AIDES] = n + 1


@compiler
def _noter_autre(a: I64, j: int, au: int) -> None:
    n = a[COMPTE, NB_AUTRES]
    echeance = a[L_EXIGIBLE, j]
    if echeance == SANS_DATE:
        echeance = a[L_COMPTABLE, j]
    classe = CLASSE_AUTRE
    if a[L_CODE, j] == FRA:
        classe = CLASSE_FRAIS
    elif a[L_CODE, j] == INT:
        classe = CLASSE_INTERETS
    a[O_JOUR, n] = echeance
    a[O_CLASSE, n] = classe
    a[O_RANG, n] = a[L_RANG, j]
    a[O_MONTANT, n] = a[L_MONTANT, j]
    a[COMPTE, NB_AUTRES] = n + 1
    _annoncer(a, echeance, au)


@compiler
def _noter_credit(a: I64, j: int, au: int) -> None:
    genre = GENRE_GENERAL
    if APL <= a[L_CODE, j] <= RAP and a[L_MOIS, j] != SANS_MOIS:
        genre = GENRE_ALLOUE
    elif a[L_DESIGNE_DU, j] < a[L_DESIGNE_AU, j]:
        genre = GENRE_DESIGNE
    n = ajouter_credit(a, _effet(a, j, au), genre, a[L_RANG, j], -a[L_MONTANT, j])
    a[C_MOIS, n] = a[L_MOIS, j]
    a[C_DESIGNE_DU, n] = a[L_DESIGNE_DU, j]
    a[C_DESIGNE_AU, n] = a[L_DESIGNE_AU, j]


@compiler
def ajouter_credit(a: I64, jour: int, genre: int, rang: int, montant: int) -> int:
    """Add a credit and give its place."""
    n = a[COMPTE, NB_CREDITS]
    a[C_JOUR, n] = jour
    a[C_GENRE, n] = genre
    a[C_RANG, n] = rang
    a[C_MONTANT, n] = montant
    a[COMPTE, NB_CREDITS] = n + 1
    return int(n)


@compiler
def _noter_ligne_de_terme(a: I64, j: int, au: int) -> None:
    echeance = a[L_EXIGIBLE, j]
    if echeance == SANS_DATE:
        if a[L_MONTANT, j] < 0:
            a[AVOIRS, a[COMPTE, NB_AVOIRS]] = j
            a[COMPTE, NB_AVOIRS] += 1
            return
        echeance = a[L_COMPTABLE, j]
    mois = a[L_MOIS, j]
    if mois == SANS_MOIS:
        mois = periode_et_quantieme(echeance)[0]
    _annoncer(a, echeance, au)
    _ajouter_ligne(a, _terme(a, echeance, mois), j)


@compiler
def _joindre_avoir(a: I64, j: int, au: int) -> None:
    """A credit line without due date joins the earliest due term of its month, or is a credit like another."""
    mois = a[L_MOIS, j]
    if mois != SANS_MOIS:
        for k in range(a[COMPTE, NB_TERMES]):
            if a[T_MOIS, a[T_ORDRE, k]] == mois:
                _ajouter_ligne(a, a[T_ORDRE, k], j)
                return
    ajouter_credit(a, _effet(a, j, au), GENRE_GENERAL, a[L_RANG, j], -a[L_MONTANT, j])


@compiler
def _terme(a: I64, echeance: int, mois: int) -> int:
    """The term of this due date and month, made if it is new; most lines belong to one of the last."""
    cle = ((echeance + ORIGINE) << BITS_MOIS) | mois
    n = a[COMPTE, NB_TERMES]
    place = _place(a, cle, n)
    if place > 0 and a[T_CLE, a[T_ORDRE, place - 1]] == cle:
        return int(a[T_ORDRE, place - 1])
    for k in range(n, place, -1):
        a[T_ORDRE, k] = a[T_ORDRE, k - 1]
    a[T_ORDRE, place] = n
    a[T_CLE, n] = cle
    a[T_JOUR, n] = echeance
    a[T_MOIS, n] = mois
    a[T_MONTANT, n] = 0
    a[T_RANG, n] = 2**31 - 1
    a[T_COURANT, n] = 0
    a[T_GENRE, n] = 0
    for k in range(NB_DEPENSE):
        a[T_DEPENSE + k, n] = 0
    a[COMPTE, NB_TERMES] = n + 1
    return int(n)


@compiler
def _place(a: I64, cle: int, nombre: int) -> int:
    """The number of terms whose key is at most `cle`: a few steps from the end, else by halves."""
    bas, haut = 0, nombre
    for _ in range(_PAS):
        if haut == 0 or a[T_CLE, a[T_ORDRE, haut - 1]] <= cle:
            return haut
        haut -= 1
    while bas < haut:
        milieu = (bas + haut) // 2
        if a[T_CLE, a[T_ORDRE, milieu]] <= cle:
            bas = milieu + 1
        else:
            haut = milieu
    return bas


@compiler
def _ajouter_ligne(a: I64, terme: int, j: int) -> None:
    code, montant = a[L_CODE, j], a[L_MONTANT, j]
    a[T_MONTANT, terme] += montant
    a[T_RANG, terme] = min(a[T_RANG, terme], a[L_RANG, j])
    if code <= ASS:
        a[T_COURANT, terme] += montant
        a[T_GENRE, terme] |= _COURANT
    if code <= CHG:
        a[T_DEPENSE + code - LOY, terme] += montant
        a[T_GENRE, terme] |= _DEPENSE


@compiler
def is_terme_courant(a: I64, terme: int) -> bool:
    """Whether a term has a line that counts in the mean term (C8)."""
    return bool((a[T_GENRE, terme] & _COURANT) != 0)


@compiler
def has_depense(a: I64, terme: int) -> bool:
    """Whether a term has a line of housing expense (C10)."""
    return bool((a[T_GENRE, terme] & _DEPENSE) != 0)
