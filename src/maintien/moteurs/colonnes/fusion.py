"""Merging a delivery into a bucket: touched accounts are prepared again, the others are copied as they are."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from maintien.moteurs.colonnes.noyau.structures import I64
from maintien.moteurs.colonnes.preparation import preparer
from maintien.moteurs.colonnes.schemas import SCHEMA_ECRITURES
from maintien.moteurs.colonnes.seaux import SCHEMA_SEAU, SeauOuvert, etendre
from maintien.moteurs.colonnes.tableaux import decouper_comptes, un_bloc

_ORDRE = [("reference_compte", "ascending"), ("reference_ecriture", "ascending"), ("ordre", "ascending")]


def preparer_table(ecritures: Any) -> Any:
    """Rows of SCHEMA_SEAU from the whole entries of some accounts, in any order."""
    return preparer_triee(ecritures.sort_by(_ORDRE))


def preparer_triee(ecritures: Any) -> Any:
    """The same from entries sorted by account, reference and order of delivery."""
    uniques = sans_doublons(ecritures.combine_chunks())
    return etendre(uniques, preparer(uniques))


def sans_doublons(triees: Any) -> Any:
    """The first delivered of each reference of an account."""
    if len(triees) < 2:
        return triees
    memes = pa.array([False])
    colonnes = [un_bloc(triees.column(nom)) for nom in ("reference_compte", "reference_ecriture")]
    suivantes = pc.and_(*(pc.equal(colonne[1:], colonne[:-1]) for colonne in colonnes))
    if not pc.any(suivantes).as_py():
        return triees
    return triees.filter(pc.invert(pa.concat_arrays([memes, suivantes])))


def fusionner(seau: SeauOuvert, nouvelles: Any, numero: int) -> Iterator[tuple[Any, I64]]:
    """The rows of a bucket once the new entries are in, some whole accounts at a time, with their last deliveries.

    `nouvelles` (SCHEMA_ECRITURES) belong to this bucket and are sorted by account.
    """
    bornes = seau.bornes_des_groupes()
    comptes_neufs = un_bloc(nouvelles.column("reference_compte"))
    debut_neuf = 0
    for groupe in range(len(bornes) - 1):
        du, au = (int(rang) for rang in np.searchsorted(seau.debuts, bornes[groupe : groupe + 2]))
        derniere = groupe == len(bornes) - 2
        fin_neuve = len(comptes_neufs) if derniere else _rang(comptes_neufs, seau.comptes[au].as_py())
        anciennes = seau.lire_groupe(groupe, tuple(SCHEMA_SEAU.names))
        ajout = nouvelles.slice(debut_neuf, fin_neuve - debut_neuf)
        yield _fusionner_groupe(anciennes, seau.livraisons[du:au], ajout, numero)
        debut_neuf = fin_neuve


def _rang(triees: Any, compte: str) -> int:
    """The number of texts before `compte` in a sorted column."""
    return int(pc.sum(pc.less(triees, compte)).as_py() or 0)


def _fusionner_groupe(anciennes: Any, livraisons: I64, nouvelles: Any, numero: int) -> tuple[Any, I64]:
    anciennes = anciennes.cast(SCHEMA_SEAU)
    if not len(nouvelles):
        return anciennes, livraisons
    comptes_lus = un_bloc(anciennes.column("reference_compte"))
    comptes, _, nombres = decouper_comptes(comptes_lus)
    touches = un_bloc(nouvelles.column("reference_compte")).unique()
    garde = np.isin(np.arange(len(comptes)), _places(touches, comptes), invert=True)
    lignes_gardees = pa.array(np.repeat(garde, nombres))
    a_refaire = anciennes.filter(pc.invert(lignes_gardees)).select(SCHEMA_ECRITURES.names)
    refaites = preparer_table(pa.concat_tables([a_refaire, nouvelles.select(SCHEMA_ECRITURES.names)]))
    gardes = comptes.filter(pa.array(garde))
    gardees = (anciennes.filter(lignes_gardees), gardes, livraisons[garde])
    return _intercaler([gardees, (refaites, touches, np.full(len(touches), numero, dtype=np.int64))])


def _places(cherches: Any, comptes: Any) -> I64:
    places: I64 = pc.index_in(cherches, value_set=comptes).drop_null().cast(pa.int64()).to_numpy()
    return places


def _intercaler(parts: list[tuple[Any, Any, I64]]) -> tuple[Any, I64]:
    """Put together parts sorted by account that have no account in common."""
    comptes = pa.concat_arrays([comptes for _, comptes, _ in parts])
    ordre = pc.sort_indices(comptes).to_numpy()
    rang = np.empty(len(comptes), dtype=np.int64)
    rang[ordre] = np.arange(len(comptes))
    nombres = np.concatenate([decouper_comptes(un_bloc(table.column("reference_compte")))[2] for table, _, _ in parts])
    lignes = np.argsort(np.repeat(rang, nombres), kind="stable")
    table = pa.concat_tables([table for table, _, _ in parts]).take(pa.array(lignes))
    return table.combine_chunks(), np.concatenate([livraisons for *_, livraisons in parts])[ordre]
