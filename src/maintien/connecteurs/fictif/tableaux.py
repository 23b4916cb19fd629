"""Numpy types of the generator, and Arrow columns of fixed-width text built without a Python string per row."""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Entiers: TypeAlias = npt.NDArray[np.int64]
Jours: TypeAlias = npt.NDArray[np.int32]
"""Days since 1970-01-01."""
Reels: TypeAlias = npt.NDArray[np.float64]
Booleens: TypeAlias = npt.NDArray[np.bool_]
Octets: TypeAlias = npt.NDArray[np.uint8]
Tirage: TypeAlias = np.random.Generator

_ZERO = ord("0")


def compose_octets(*morceaux: str | tuple[Entiers, int], lignes: int) -> Octets:
    """Rows of ASCII text made of constants and of numbers padded with zeros: ("C", (numbers, 8), "-", …)."""
    largeurs = [len(morceau) if isinstance(morceau, str) else morceau[1] for morceau in morceaux]
    octets = np.empty((lignes, sum(largeurs)), dtype=np.uint8)
    debut = 0
    for morceau, largeur in zip(morceaux, largeurs, strict=True):
        if isinstance(morceau, str):
            octets[:, debut : debut + largeur] = np.frombuffer(morceau.encode("ascii"), dtype=np.uint8)
        else:
            reste = morceau[0]
            for colonne in range(debut + largeur - 1, debut - 1, -1):
                reste, chiffre = np.divmod(reste, 10)
                octets[:, colonne] = chiffre + _ZERO
        debut += largeur
    return octets


def colonne_texte(octets: Octets, presents: Booleens | None = None) -> Any:
    """An Arrow text column from rows of fixed width.

    With `presents`, `octets` holds one row for each True, and the others are the empty text.
    """
    lignes, largeur = octets.shape
    if presents is None:
        bornes = np.arange(lignes + 1, dtype=np.int32) * largeur
    else:
        lignes = len(presents)
        bornes = np.zeros(lignes + 1, dtype=np.int32)
        np.cumsum(presents, out=bornes[1:])
        bornes *= largeur
    return pa.StringArray.from_buffers(lignes, pa.py_buffer(bornes), pa.py_buffer(np.ascontiguousarray(octets)))


def colonne_jours(jours: Jours, absents: Booleens | None = None) -> Any:
    """An Arrow date column; None where `absents`."""
    return pa.array(jours, mask=absents, type=pa.int32()).view(pa.date32())


def colonne_choix(indices: npt.NDArray[Any], valeurs: list[str]) -> Any:
    """A dictionary column: one of `valeurs` a row."""
    return pa.DictionaryArray.from_arrays(pa.array(indices, type=pa.int16()), pa.array(valeurs, type=pa.string()))


def colonne_decimale(centimes: Any) -> Any:
    """The amounts of an integer column of centimes as exact decimals with two places, for writing; 0 is None."""
    valeurs = np.asarray(centimes, dtype=np.int64)
    mots = np.empty((len(valeurs), 2), dtype=np.int64)
    mots[:, 0], mots[:, 1] = valeurs, valeurs >> 63
    nuls = np.packbits(valeurs != 0, bitorder="little")
    return pa.Decimal128Array.from_buffers(
        pa.decimal128(18, 2), len(valeurs), [pa.py_buffer(nuls), pa.py_buffer(mots)]
    )


def tire_parmi(rng: Tirage, nombre: int, poids: list[float]) -> npt.NDArray[np.int8]:
    """Indices drawn with these weights."""
    bornes = np.cumsum(poids) / sum(poids)
    return np.minimum(np.searchsorted(bornes, rng.random(nombre), side="right"), len(poids) - 1).astype(np.int8)


def entre(rng: Tirage, nombre: int, bas: int, haut: int) -> Entiers:
    """Integers drawn from bas to haut, both included."""
    return rng.integers(bas, haut + 1, nombre)
