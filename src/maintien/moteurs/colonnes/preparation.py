"""Texts to integers: what the kernel needs of the écritures, a whole table at a time."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from maintien.coeur.compte.ecritures import RESTITUTION
from maintien.moteurs.colonnes.affectations import lire_mois_designes
from maintien.moteurs.colonnes.noyau.compilation import compiler_entree
from maintien.moteurs.colonnes.noyau.structures import (
    BITS_RANG,
    CLE_TRI,
    CODES,
    DG,
    I32,
    I64,
    SANS_DATE,
    SANS_MOIS,
    VALEUR,
    Lignes,
    etablir_atelier,
)
from maintien.moteurs.colonnes.noyau.tri import trier
from maintien.moteurs.colonnes.tableaux import decouper_comptes, un_bloc

_NOMS_DES_CODES = pa.array(list(CODES), type=pa.string())
_RANGS_DES_CODES = np.array([*CODES.values(), 0], dtype=np.int8)


@dataclass(frozen=True, slots=True)
class Preparation:
    """Whole accounts, ready for the kernel. `permutation` gives the rows of the table in the order of `lignes`."""

    comptes: Any
    debuts: I64
    nombres: I64
    permutation: I64
    lignes: Lignes


def preparer(table: Any) -> Preparation:
    """Prepare entries sorted by account and reference, each reference once, of type SCHEMA_ECRITURES."""
    table = table.combine_chunks()
    comptes, debuts, nombres = decouper_comptes(_colonne(table, "reference_compte"))
    comptable = _entiers(_colonne(table, "date_comptable"), pa.int32())
    permutation = np.empty(len(table), dtype=np.int64)
    _ordonner(debuts, nombres, comptable, permutation, etablir_atelier(int(nombres.max(initial=0))))
    montant = _entiers(_colonne(table, "debit"), pa.int64()) - _entiers(_colonne(table, "credit"), pa.int64())
    affectation, bornes, designes, restitution = _lire_affectations(_colonne(table, "affectation"))
    code = _RANGS_DES_CODES[_indices(pc.index_in(_colonne(table, "code"), value_set=_NOMS_DES_CODES))]
    code[(code == DG) & restitution] = 0
    rang = (np.arange(len(table), dtype=np.int64) - np.repeat(debuts, nombres)).astype(np.int32)
    effet = pc.coalesce(_colonne(table, "date_valeur"), _colonne(table, "date_comptable"))
    exigible = pc.fill_null(_colonne(table, "date_exigibilite").cast(pa.int32()), SANS_DATE)
    mois = pc.fill_null(_colonne(table, "periode"), SANS_MOIS)
    cible = _chercher_cibles(table, debuts, nombres, montant, permutation)
    return Preparation(
        comptes=comptes,
        debuts=debuts,
        nombres=nombres,
        permutation=permutation,
        lignes=Lignes(
            comptable=comptable[permutation],
            effet=_entiers(effet, pa.int32())[permutation],
            exigible=_entiers(exigible, pa.int32())[permutation],
            mois=_entiers(mois, pa.int32())[permutation],
            code=code[permutation],
            montant=montant[permutation],
            rang=rang[permutation],
            cible=cible,
            affectation=affectation[permutation],
            designes_bornes=bornes,
            designes=designes,
        ),
    )


def _lire_affectations(colonne: Any) -> tuple[I32, I32, I32, npt.NDArray[np.bool_]]:
    dictionnaire = colonne.dictionary_encode()
    textes = dictionnaire.dictionary.to_pylist()
    indices = _entiers(dictionnaire.indices, pa.int32())
    restitution = np.array([texte == RESTITUTION for texte in textes] or [False])
    bornes, designes = lire_mois_designes(textes)
    return indices, bornes, designes, restitution[indices] if len(indices) else restitution[:0]


def _chercher_cibles(table: Any, debuts: I64, nombres: I64, montant: I64, permutation: I64) -> I32:
    """For each row in its final order, the row of the same account that it cancels; entries of zero do nothing."""
    cible = np.full(len(table), -1, dtype=np.int32)
    annulees = _colonne(table, "reference_annulee")
    annulantes = np.flatnonzero(pc.not_equal(annulees, "").to_numpy(zero_copy_only=False) & (montant != 0))
    if not len(annulantes):
        return cible
    references = _colonne(table, "reference_ecriture")
    visees = annulees.take(pa.array(annulantes))
    candidates = np.flatnonzero(pc.is_in(references, value_set=visees).to_numpy(zero_copy_only=False))
    compte_de = np.repeat(np.arange(len(debuts)), nombres)
    trouvees = {
        (int(compte_de[ligne]), reference): int(ligne)
        for ligne, reference in zip(candidates, references.take(pa.array(candidates)).to_pylist(), strict=True)
        if montant[ligne] != 0
    }
    place = np.empty(len(table), dtype=np.int64)
    place[permutation] = np.arange(len(table))
    for ligne, visee in zip(annulantes, visees.to_pylist(), strict=True):
        compte = int(compte_de[ligne])
        trouvee = trouvees.get((compte, visee))
        if trouvee is not None and trouvee != ligne:
            cible[place[ligne]] = place[trouvee] - debuts[compte]
    return cible


@compiler_entree
def _ordonner(debuts: I64, nombres: I64, comptable: I32, permutation: I64, a: I64) -> None:
    """The order of the rows by account, date_comptable, reference; they come by account and reference."""
    for k in range(debuts.size):
        for i in range(nombres[k]):
            a[CLE_TRI, i] = (comptable[debuts[k] + i] << BITS_RANG) | i
            a[VALEUR, i] = i
        trier(a, nombres[k])
        for i in range(nombres[k]):
            permutation[debuts[k] + i] = debuts[k] + a[VALEUR, i]


def _colonne(table: Any, nom: str) -> Any:
    return un_bloc(table.column(nom))


def _entiers(colonne: Any, genre: Any) -> Any:
    """A column without null as a numpy array, without a copy where its type allows."""
    return (colonne if colonne.type == genre else colonne.cast(genre)).to_numpy(zero_copy_only=False)


def _indices(colonne: Any) -> I64:
    """Places in a list; what is not in it gets the last place."""
    indices: I64 = _entiers(pc.fill_null(colonne, -1), pa.int64())
    return indices
