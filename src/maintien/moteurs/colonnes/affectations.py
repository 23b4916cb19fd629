"""The months that a payer or a decision names; the rule of C1 is that of the core, distinct texts are few."""

from datetime import date

import numpy as np
import numpy.typing as npt

from maintien.coeur.compte.ecritures import Ecriture

I32 = npt.NDArray[np.int32]
_JOUR = date(1970, 1, 1)


def is_affectation_lisible(affectation: str, code: str) -> bool:
    """Whether an `affectation` means something on an entry of this code; if not it is ignored and reported (C1)."""
    return not _ecriture(affectation, code).has_affectation_illisible


def lire_mois_designes(affectations: list[str]) -> tuple[I32, I32]:
    """The months that each text names: bounds, then all the months; a malformed text names none."""
    mois = [_ecriture(texte, "").mois_designes for texte in affectations]
    bornes = np.zeros(len(mois) + 1, dtype=np.int32)
    np.cumsum([len(liste) for liste in mois], out=bornes[1:])
    return bornes, np.array([m for liste in mois for m in liste], dtype=np.int32)


def _ecriture(affectation: str, code: str) -> Ecriture:
    return Ecriture(reference="", compte="", date_comptable=_JOUR, code=code, affectation=affectation)
