"""What the kernel reads and writes: arrays with names, and the codes and columns as integers."""

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

I8: TypeAlias = npt.NDArray[np.int8]
U8: TypeAlias = npt.NDArray[np.uint8]
I32: TypeAlias = npt.NDArray[np.int32]
I64: TypeAlias = npt.NDArray[np.int64]

SANS_DATE = -(2**31)
SANS_MOIS = -1
VIDE = -(2**63)
"""An output cell that C11 leaves empty."""
JAMAIS = 2**31 - 1
DERNIER_JOUR = 2_932_896  # 9999-12-31, the last day that Python and most files know

# The order makes ranges: 1 to 4 housing expense, 1 to 8 current term (C8), 1 to 9 lines of a term (C4).
AUTRE_CODE, LOY, IND, RLS, CHG, ANX, SLS, CLE, ASS, REG, OD, FRA, INT, APL, RAP, DG = range(16)
CODES = {
    nom: rang
    for rang, nom in enumerate(
        ("", "LOY", "IND", "RLS", "CHG", "ANX", "SLS", "CLE", "ASS", "REG", "OD", "FRA", "INT", "APL", "RAP", "DG")
    )
    if nom
}
CODES_DEPENSE = ("LOY", "IND", "RLS", "CHG")
NB_DEPENSE = 4

CLASSE_FRAIS, CLASSE_INTERETS, CLASSE_TERME, CLASSE_AUTRE = range(4)
NB_CLASSES = 3  # the legal order does not part terms from other items of one due date
GENRE_ALLOUE, GENRE_DESIGNE, GENRE_GENERAL = 0, 2, 3

REGLE_SEUIL, REGLE_DUREE = 0, 1

# Sort keys: days since a day before any date, then the smaller criteria in 34 bits.
ORIGINE = 800_000
BITS_RANG = 34
BITS_CLASSE = 32
BITS_MOIS = 17
BITS_JOUR = 23

# Running figures of one account: places in row COMPTE of the workspace.
(
    SOLDE,
    DG_NET,
    NON_ECHU,
    NB_TERMES,
    NB_AUTRES,
    NB_CREDITS,
    NB_AIDES,
    NB_AVOIRS,
    NB_POSTES,
    NB_ECHUS,
    AVANCE,
    EXCEDENT,
    DETTE,
    OUVERT,
    _OUVERT_INTERETS,
    _OUVERT_LOCATIF,
    NB_SOIRS,
    NB_MOIS,
    PROCHAINE,
    TAILLE_COMPTEURS,
) = range(20)

COLONNES = (
    "solde",
    "dette_exigible",
    "dette_locative",
    "dette_accessoires",
    "non_echu",
    "avance",
    "excedent_apl",
    "dg_net",
    "nb_termes_impayes",
    "date_plus_ancien",
    "tranche_lt1",
    "tranche_1_3",
    "tranche_3_6",
    "tranche_6_12",
    "tranche_ge12",
    "terme_moyen_net",
    "mois_de_dette",
    "trois_termes_moyens",
    "apl_concerne",
    "apl_seuil_ancien",
    "impaye_apl_ancien",
    "date_impaye_apl_ancien",
    "impaye_apl_2027",
    "date_impaye_apl_2027",
    "impaye_apl_legal",
    "date_impaye_apl_legal",
    "prochaine_date",
)
"""One integer a cell, `VIDE` when empty; the first 26 are the figures of C11."""
(
    S_SOLDE,
    S_EXIGIBLE,
    S_LOCATIVE,
    S_ACCESSOIRES,
    S_NON_ECHU,
    S_AVANCE,
    S_EXCEDENT,
    S_DG_NET,
    S_NB_TERMES,
    S_PLUS_ANCIEN,
    S_TRANCHE,
    _S_TRANCHE_1,
    _S_TRANCHE_3,
    _S_TRANCHE_6,
    _S_TRANCHE_12,
    S_TERME_MOYEN,
    S_MOIS_DE_DETTE,
    S_TROIS_TERMES,
    S_CONCERNE,
    S_SEUIL,
    S_ANCIEN,
    S_DATE_ANCIEN,
    S_2027,
    S_DATE_2027,
    S_LEGAL,
    S_DATE_LEGAL,
    S_PROCHAINE,
) = range(27)


class Lignes(NamedTuple):
    """Écritures sorted by account, then date_comptable, then reference.

    `rang` orders the references of an account; `cible` is the row of the account that the row cancels, or -1;
    `affectation` points into `designes_bornes`, which cuts `designes` into lists of months.
    """

    comptable: I32
    effet: I32
    exigible: I32
    mois: I32
    code: I8
    montant: I64
    rang: I32
    cible: I32
    affectation: I32
    designes_bornes: I32
    designes: I32


# The workspace `a` of one account is one matrix: a row a quantity, a column an entry, a term, an item, a credit…
# One array instead of sixty: Numba compiles ten times faster.
(
    COMPTE,
    L_COMPTABLE,
    L_EFFET,
    L_EXIGIBLE,
    L_MOIS,
    L_CODE,
    L_MONTANT,
    L_RANG,
    L_CIBLE,
    L_DESIGNE_DU,
    L_DESIGNE_AU,
    # cancellations
    RETIRE,
    ATTENTE,
    MEILLEURE,
    PILE,
    # credit lines of a term without due date
    AVOIRS,
    # terms, in order of creation; T_ORDRE sorts them by (due date, month), M_ORDRE by (month, due date)
    T_CLE,
    T_JOUR,
    T_MOIS,
    T_MONTANT,
    T_RANG,
    T_COURANT,
    T_GENRE,
    T_DEPENSE,
    _T_DEPENSE_2,
    _T_DEPENSE_3,
    _T_DEPENSE_4,
    T_POSTE,
    T_ORDRE,
    M_CLE,
    M_ORDRE,
    # other debit items
    O_JOUR,
    O_CLASSE,
    O_RANG,
    O_MONTANT,
    # all items in the order in which they fall due, which is that of the legal order within a day
    P_JOUR,
    P_CLASSE,
    P_RESTE,
    # credits; C_ORDRE sorts them by (day, kind, reference)
    C_ORDRE,
    C_JOUR,
    C_GENRE,
    C_RANG,
    C_MONTANT,
    C_MOIS,
    C_DESIGNE_DU,
    C_DESIGNE_AU,
    # housing aids
    A_MOIS,
    A_JOUR,
    A_MONTANT,
    # evenings since the debt was last 0
    S_JOUR,
    S_DETTE,
    S_ANCIEN_JOUR,
    # months of reference, latest first, and the day from which each may be one
    R_MOIS,
    R_JOUR,
    R_DEPENSE,
    _R_DEPENSE_2,
    _R_DEPENSE_3,
    _R_DEPENSE_4,
    # for the sorts, and the twelve months of C8
    CLE_TRI,
    VALEUR,
    TAMPON_CLE,
    TAMPON_VALEUR,
    DOUZE,
    HAUTEUR_ATELIER,
) = range(64)


def etablir_atelier(lignes_par_compte: int) -> I64:
    """Room for one account of at most that many entries; evenings may be twice as many.

    A row is an odd number of 64-byte lines long: rows a power of two apart would share the same lines of the cache.
    """
    largeur = max(2 * lignes_par_compte, TAILLE_COMPTEURS)
    return np.empty((HAUTEUR_ATELIER, largeur + (8 - largeur) % 16), dtype=np.int64)


# Dated definitions of C10, oldest first: a row each.
D_DU, D_REGLE, D_VALEUR, D_MASQUE, D_DUREE, LARGEUR_DROIT = range(6)
