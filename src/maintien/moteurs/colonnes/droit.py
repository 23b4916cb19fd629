"""The dated definitions of C10 as the arrays that the kernel reads; the values are those of `coeur/droit`."""

from datetime import date
from functools import cache

import numpy as np

from maintien.coeur.compte.impaye import Definition, LectureDefinition, definitions
from maintien.moteurs.colonnes.noyau.structures import (
    CODES_DEPENSE,
    D_DU,
    D_DUREE,
    D_MASQUE,
    D_REGLE,
    D_VALEUR,
    I64,
    LARGEUR_DROIT,
    REGLE_DUREE,
    REGLE_SEUIL,
)

ORIGINE = date(1970, 1, 1)
_RANGS = {LectureDefinition.SEUIL_EN_TERMES: REGLE_SEUIL, LectureDefinition.MONTANT_OU_DUREE: REGLE_DUREE}


def jours(jour: date) -> int:
    """Days since 1970-01-01, as Arrow and the kernel count them."""
    return (jour - ORIGINE).days


def _masque(definition: Definition) -> int:
    inconnus = definition.codes_depense - set(CODES_DEPENSE)
    if inconnus:
        raise ValueError(
            f"définition « {definition.identifiant} » : le noyau ne lit pas les codes {', '.join(sorted(inconnus))}"
        )
    return sum(1 << rang for rang, code in enumerate(CODES_DEPENSE) if code in definition.codes_depense)


@cache
def droit() -> I64:
    """The definitions, oldest first, a row each."""
    lignes = np.zeros((len(definitions()), LARGEUR_DROIT), dtype=np.int64)
    for ligne, definition in zip(lignes, definitions(), strict=True):
        ligne[D_DU] = jours(definition.du or date.min)
        ligne[D_REGLE] = _RANGS[definition.regle]
        ligne[D_VALEUR] = definition.nombre_de_termes or definition.montant_centimes
        ligne[D_MASQUE] = _masque(definition)
        ligne[D_DUREE] = definition.duree_mois
    lignes.flags.writeable = False
    return lignes
