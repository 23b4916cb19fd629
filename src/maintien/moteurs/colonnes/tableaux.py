"""Small things done to Arrow columns all over the engine."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

I64 = npt.NDArray[np.int64]


def un_bloc(colonne: Any) -> Any:
    """The values of a column in one array."""
    if colonne.num_chunks == 1:
        return colonne.chunk(0)
    if pa.types.is_dictionary(colonne.type):
        colonne = colonne.unify_dictionaries()
    bloc = colonne.combine_chunks()
    if isinstance(bloc, pa.ChunkedArray):
        # Arrow does not join texts beyond two gigabytes; nothing here may silently keep the first part only.
        raise OverflowError(f"une colonne de {len(colonne)} valeurs est trop longue pour un seul bloc")
    return bloc


def decouper_comptes(comptes: Any) -> tuple[Any, I64, I64]:
    """The accounts of a sorted column, where each begins and how many rows it has."""
    if len(comptes) == 0:
        return comptes, np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    change = pc.not_equal(comptes[1:], comptes[:-1]).to_numpy(zero_copy_only=False)
    debuts = np.concatenate(([0], np.flatnonzero(change) + 1)).astype(np.int64)
    nombres = np.diff(debuts, append=len(comptes)).astype(np.int64)
    return comptes.take(pa.array(debuts)), debuts, nombres
