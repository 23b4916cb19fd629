"""Cutting a stream sorted by account into tables of whole accounts, and the number of threads."""

import os
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

LIGNES_PAR_LOT = 1_000_000
_LIGNES_PAR_PAQUET = 100_000


def nombre_de_fils() -> int:
    """The processors that this process may use, eight at most."""
    permis = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(permis, 8))


def couper(lots: Iterable[Any], lignes: int = LIGNES_PAR_LOT) -> Iterator[Any]:
    """Cut record batches sorted by account into tables of whole accounts, of about `lignes` rows."""
    attente: list[Any] = []
    nombre = 0
    for lot in lots:
        attente.append(lot)
        nombre += len(lot)
        if nombre >= lignes:
            table = pa.Table.from_batches(attente)
            coupe = _debut_du_dernier_compte(table.column("reference_compte"))
            if coupe > 0:
                yield table.slice(0, coupe)
                attente = table.slice(coupe).to_batches()
                nombre -= coupe
    if nombre:
        yield pa.Table.from_batches(attente)


def _debut_du_dernier_compte(comptes: Any) -> int:
    return int(pc.index(comptes, comptes[-1]).as_py())


def lire_paquets(relation: Any) -> Any:
    """The rows of a DuckDB relation as a stream of Arrow batches."""
    return relation.to_arrow_reader(_LIGNES_PAR_PAQUET)
