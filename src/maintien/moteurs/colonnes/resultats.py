"""From the integers of the kernel to a table of SCHEMA_SITUATION."""

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from maintien.moteurs.colonnes.baux import STATUTS
from maintien.moteurs.colonnes.noyau.structures import COLONNES, I64, JAMAIS, S_PROCHAINE, U8, VIDE
from maintien.moteurs.colonnes.schemas import SCHEMA_SITUATION

_VIDES = ("date_plus_ancien", "terme_moyen_net", "mois_de_dette", "apl_seuil_ancien")
_PLACES = {nom: place for place, nom in enumerate(COLONNES)}


def lignes_sans_ecriture(nombre: int) -> I64:
    """What accounts without entry show, a row a quantity, a column an account: zeros, nothing that may change."""
    sortie = np.zeros((len(COLONNES), nombre), dtype=np.int64)
    for nom in COLONNES:
        if nom in _VIDES or nom.startswith("date_impaye"):
            sortie[_PLACES[nom]] = VIDE
    sortie[S_PROCHAINE] = JAMAIS
    return sortie


def etablir_table(references: Any, au: date, statut: U8, sortie: I64) -> Any:
    """The situations of these accounts."""
    noms = pa.array([str(statut) for statut in STATUTS], type=pa.string())
    colonnes = {
        "reference_compte": references,
        "date": pa.repeat(pa.scalar(au, type=pa.date32()), len(references)),
        "statut": pa.DictionaryArray.from_arrays(pa.array(statut.astype(np.int8)), noms).cast(pa.string()),
    }
    for champ in SCHEMA_SITUATION:
        if champ.name not in colonnes:
            colonnes[champ.name] = _colonne(sortie[_PLACES[champ.name]], champ.type)
    return pa.table(colonnes, schema=SCHEMA_SITUATION)


def _colonne(valeurs: I64, genre: Any) -> Any:
    vides = valeurs == VIDE
    masque = vides if vides.any() else None
    if genre == pa.bool_():
        return pa.array(valeurs != 0, type=genre)
    if genre == pa.date32():
        return pa.array(np.where(vides, 0, valeurs).astype(np.int32), mask=masque, type=pa.int32()).view(genre)
    return pa.array(valeurs, mask=masque, type=genre)
