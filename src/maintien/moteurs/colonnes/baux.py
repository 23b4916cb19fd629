"""What the engine reads of the leases: who is present, whose aid goes to the tenant, when that may change (C9)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from maintien.coeur.compte.presence import StatutCompte
from maintien.moteurs.colonnes.droit import jours
from maintien.moteurs.colonnes.noyau.structures import I32, JAMAIS, U8
from maintien.moteurs.colonnes.tableaux import decouper_comptes

STATUTS = (StatutCompte.FUTUR, StatutCompte.PARTI, StatutCompte.PRESENT)
"""A status is stored as its place here: the highest of the leases is that of the account."""
_PRESENT = STATUTS.index(StatutCompte.PRESENT)


@dataclass(frozen=True, slots=True)
class Comptes:
    """The accounts of the leases in plain character order, and what holds for each at the observation date."""

    references: Any
    statut: U8
    locataire: U8
    prochaine: I32

    @property
    def present(self) -> U8:
        present: U8 = (self.statut == _PRESENT).astype(np.uint8)
        return present


def etablir_comptes(baux: Any, au: date) -> Comptes:
    """The accounts of these leases (SCHEMA_BAUX) at a date."""
    baux = _trier(baux.select(["reference_compte", "date_entree", "date_sortie", "apl_mode"]))
    references, debuts, _ = decouper_comptes(baux.column("reference_compte").combine_chunks())
    if not len(references):
        vide = np.empty(0, dtype=np.uint8)
        return Comptes(references, vide, vide, np.empty(0, dtype=np.int32))
    jour = jours(au)
    entree, sortie = _jours(baux.column("date_entree")), _jours(baux.column("date_sortie"))
    statut = np.where(entree > jour, 0, np.where(sortie > jour, _PRESENT, 1)).astype(np.uint8)
    locataire = pc.equal(baux.column("apl_mode"), "locataire").combine_chunks().to_numpy(zero_copy_only=False)
    prochaine = np.minimum(np.where(entree > jour, entree, JAMAIS), np.where(sortie > jour, sortie, JAMAIS))
    return Comptes(
        references=references,
        statut=np.maximum.reduceat(statut, debuts),
        locataire=np.maximum.reduceat(locataire.astype(np.uint8), debuts),
        prochaine=np.minimum.reduceat(prochaine, debuts).astype(np.int32),
    )


def _trier(baux: Any) -> Any:
    """By account; leases mostly come in that order."""
    comptes = baux.column("reference_compte").combine_chunks()
    if len(comptes) > 1 and not pc.all(pc.less_equal(comptes[:-1], comptes[1:])).as_py():
        return baux.take(pc.sort_indices(comptes))
    return baux


def _jours(colonne: Any) -> npt.NDArray[np.int32]:
    """Days as integers; an exit that is not known is never reached."""
    jours_: npt.NDArray[np.int32] = (
        pc.fill_null(colonne.cast(pa.int32()), JAMAIS).combine_chunks().to_numpy(zero_copy_only=False)
    )
    return jours_
