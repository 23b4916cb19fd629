"""The situations of all accounts at a date: from a table, from a whole mirror, or from what moved since."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from maintien.moteurs.colonnes.baux import Comptes, etablir_comptes
from maintien.moteurs.colonnes.calcul import Lot, calculer
from maintien.moteurs.colonnes.decoupe import couper, lire_paquets
from maintien.moteurs.colonnes.droit import jours
from maintien.moteurs.colonnes.etat import Etat, empreintes
from maintien.moteurs.colonnes.miroir import Instantane, Miroir
from maintien.moteurs.colonnes.noyau.structures import I64, JAMAIS, S_PROCHAINE, Lignes
from maintien.moteurs.colonnes.preparation import preparer
from maintien.moteurs.colonnes.resultats import etablir_table, lignes_sans_ecriture
from maintien.moteurs.colonnes.schemas import SCHEMA_BAUX, SCHEMA_ECRITURES, normaliser
from maintien.moteurs.colonnes.seaux import COLONNES_DU_NOYAU, SeauOuvert, lire_lignes

_DOUBLONS = "select count(*) - count(distinct hash(reference_ecriture)) from ecritures"
_TRI = "select * from ecritures order by reference_compte, reference_ecriture"
_TRI_SANS_DOUBLON = (
    "select * from ecritures qualify row_number() over (partition by reference_ecriture order by ordre) = 1 "
    "order by reference_compte, reference_ecriture"
)
# Beyond this share of a bucket, reading it whole costs less than reading its accounts one by one.
_PART_LUE_COMPTE_PAR_COMPTE = 0.25
_LIGNES_PAR_LOT = 250_000


@dataclass(frozen=True, slots=True)
class Passe:
    """What a pass found. Save `etat` only once `situations` are safe; until then the same pass gives the same again.

    `situations` (SCHEMA_SITUATION): all accounts after a full pass, those that changed after an incremental one.
    `disparus`: accounts that had a situation and have no lease any more. `sans_bail`: accounts of the mirror without
    lease, and their number of entries; they are not computed.
    """

    situations: Any
    etat: Etat
    nombre_de_comptes: int
    nombre_de_calculs: int
    disparus: tuple[str, ...]
    sans_bail: dict[str, int]
    is_complete: bool


def situations(ecritures: Any, baux: Any, au: date) -> Any:
    """One row of SCHEMA_SITUATION for each account of the leases, in plain character order.

    Entries (SCHEMA_ECRITURES) in any order; those of an account without lease are left out.
    """
    from maintien.moteurs.colonnes.tri import connecter  # noqa: PLC0415 - a pass on a mirror does without DuckDB

    comptes = etablir_comptes(normaliser(baux, SCHEMA_BAUX), au)
    sortie = lignes_sans_ecriture(len(comptes.references))
    with connecter() as base:
        base.register("ecritures", normaliser(ecritures, SCHEMA_ECRITURES))
        [(doublons,)] = base.execute(_DOUBLONS).fetchall()
        tri = base.sql(_TRI_SANS_DOUBLON if doublons else _TRI)
        calculer(_lots_en_memoire(couper(lire_paquets(tri)), comptes), au, sortie)
    return etablir_table(comptes.references, au, comptes.statut, sortie)


def _lots_en_memoire(tables: Iterator[Any], comptes: Comptes) -> Iterator[Callable[[], Lot]]:
    for table in tables:
        yield partial(_lot_en_memoire, table, comptes)


def _lot_en_memoire(table: Any, comptes: Comptes) -> Lot:
    preparation = preparer(table)
    places = _places(preparation.comptes, comptes.references)
    connus = np.flatnonzero(places >= 0)
    colonnes = np.arange(len(comptes.references))
    debuts, nombres = preparation.debuts[connus], preparation.nombres[connus]
    return _lot(preparation.lignes, debuts, nombres, places[connus], colonnes, comptes)


def passe_complete(miroir: Miroir, baux: Any, au: date, *, avec_impaye: bool = True) -> Passe:
    """Compute every account of the leases (SCHEMA_BAUX) from the mirror."""
    return passe_incrementale(miroir, baux, au, None, avec_impaye=avec_impaye)


def passe_incrementale(miroir: Miroir, baux: Any, au: date, etat: Etat | None, *, avec_impaye: bool = True) -> Passe:
    """Compute the accounts whose situation may differ from what it was at `etat`; all of them if it cannot be trusted.

    These are the accounts that a delivery has touched since, those whose leases say something else on that day, and
    those whose next date has come.
    """
    comptes = etablir_comptes(normaliser(baux, SCHEMA_BAUX), au)
    with miroir.ouvrir() as instantane:
        manifeste = instantane.manifeste
        if etat is not None and not etat.precede(manifeste.identite, manifeste.numero, au):
            etat = None
        references = _references(instantane)
        places = _places(references, comptes.references)
        livraisons = _par_compte(instantane, "livraisons", places, len(comptes.references))
        a_calculer, anciennes = _choisir(comptes, livraisons, etat, au)
        calculees = np.flatnonzero(a_calculer)
        sortie = lignes_sans_ecriture(len(calculees))
        colonnes = np.where(a_calculer, np.cumsum(a_calculer) - 1, -1)
        calculer(_lots_du_miroir(instantane, places, colonnes, comptes), au, sortie, avec_impaye=avec_impaye)
        sans_bail = _sans_bail(instantane, references, places)
    nouvel_etat, changees = _nouvel_etat(instantane, comptes, au, etat, sortie, calculees, anciennes)
    return Passe(
        situations=etablir_table(
            comptes.references.take(pa.array(calculees[changees])),
            au,
            comptes.statut[calculees[changees]],
            sortie if len(changees) == len(calculees) else np.take(sortie, changees, axis=1),
        ),
        etat=nouvel_etat,
        nombre_de_comptes=len(comptes.references),
        nombre_de_calculs=len(calculees),
        disparus=_disparus(etat, comptes),
        sans_bail=sans_bail,
        is_complete=etat is None,
    )


def _choisir(comptes: Comptes, livraisons: I64, etat: Etat | None, au: date) -> tuple[Any, I64]:
    """Which accounts to compute, and the place of each in the former state (-1: none)."""
    if etat is None:
        nombre = len(comptes.references)
        return np.ones(nombre, dtype=np.bool_), np.full(nombre, -1, dtype=np.int64)
    anciennes = _places(comptes.references, etat.references)
    connus = anciennes >= 0
    a_calculer = ~connus | (livraisons > etat.numero)
    places = anciennes[connus]
    a_calculer[connus] |= (
        (comptes.statut[connus] != etat.statut[places])
        | (comptes.locataire[connus] != etat.locataire[places])
        | (etat.prochaine[places] <= jours(au))
    )
    return a_calculer, anciennes


def _nouvel_etat(
    instantane: Instantane, comptes: Comptes, au: date, etat: Etat | None, sortie: I64, calculees: I64, anciennes: I64
) -> tuple[Etat, I64]:
    """The state after the pass, and the columns of `sortie` whose situation changed."""
    nouvelles = empreintes(sortie, comptes.statut[calculees])
    prochaine = np.full(len(comptes.references), JAMAIS, dtype=np.int32)
    empreinte = np.zeros(len(comptes.references), dtype=np.int64)
    changees = np.arange(len(calculees))
    if etat is not None:
        connus = anciennes >= 0
        prochaine[connus] = etat.prochaine[anciennes[connus]]
        empreinte[connus] = etat.empreinte[anciennes[connus]]
        changees = np.flatnonzero((nouvelles != empreinte[calculees]) | ~connus[calculees])
    prochaine[calculees] = sortie[S_PROCHAINE]
    empreinte[calculees] = nouvelles
    nouvel_etat = Etat(
        identite=instantane.manifeste.identite,
        numero=instantane.manifeste.numero,
        au=au,
        references=comptes.references,
        statut=comptes.statut,
        locataire=comptes.locataire,
        prochaine=prochaine,
        empreinte=empreinte,
    )
    return nouvel_etat, changees


def _references(instantane: Instantane) -> Any:
    """The accounts of the mirror in plain character order."""
    return pa.concat_arrays([pa.array([], type=pa.string()), *(seau.comptes for seau in instantane.seaux)])


def _places(cherchees: Any, references: Any) -> I64:
    """The place of each reference in a sorted list without double, or -1."""
    if cherchees.equals(references):
        return np.arange(len(references), dtype=np.int64)
    places: I64 = pc.fill_null(pc.index_in(cherchees, value_set=references), -1).cast(pa.int64()).to_numpy()
    return places


def _par_compte(instantane: Instantane, nom: str, places: I64, nombre: int) -> I64:
    """A quantity of the accounts of the mirror, laid out by account of the leases; 0 for those without entry."""
    valeurs = np.zeros(nombre, dtype=np.int64)
    toutes = np.concatenate([places[:0], *(getattr(seau, nom) for seau in instantane.seaux)])
    valeurs[places[places >= 0]] = toutes[places >= 0]
    return valeurs


def _sans_bail(instantane: Instantane, references: Any, places: I64) -> dict[str, int]:
    rangs = np.flatnonzero(places < 0)
    nombres = np.concatenate([places[:0], *(seau.nombres for seau in instantane.seaux)])[rangs]
    return dict(zip(references.take(pa.array(rangs)).to_pylist(), nombres.tolist(), strict=True))


def _disparus(etat: Etat | None, comptes: Comptes) -> tuple[str, ...]:
    if etat is None or etat.references.equals(comptes.references):
        return ()
    garde = pc.is_in(etat.references, value_set=comptes.references)
    return tuple(etat.references.filter(pc.invert(garde)).to_pylist())


def _lots_du_miroir(
    instantane: Instantane, places: I64, colonnes: I64, comptes: Comptes
) -> Iterator[Callable[[], Lot]]:
    """The accounts to compute, bucket by bucket: from whole row groups when they are many, else one by one.

    `places` tells where each account of the mirror is among those of the leases, `colonnes` where each of these goes
    in the result; -1: nowhere.
    """
    debut = 0
    for seau in instantane.seaux:
        du_seau = places[debut : debut + len(seau.debuts)]
        debut += len(seau.debuts)
        rangs = np.flatnonzero((du_seau >= 0) & (colonnes[du_seau] >= 0))
        if len(rangs) > _PART_LUE_COMPTE_PAR_COMPTE * len(du_seau):
            bornes = seau.bornes_des_groupes()
            coupes = np.searchsorted(seau.debuts[rangs], bornes)
            for groupe in range(len(bornes) - 1):
                du_groupe = rangs[coupes[groupe] : coupes[groupe + 1]]
                if len(du_groupe):
                    yield partial(_lot_d_un_groupe, seau, groupe, bornes, du_groupe, du_seau, colonnes, comptes)
        elif len(rangs):
            for tranche in np.array_split(rangs, -(-int(seau.nombres[rangs].sum()) // _LIGNES_PAR_LOT)):
                yield partial(_lot_de_comptes, seau, tranche, du_seau, colonnes, comptes)


def _lot_d_un_groupe(
    seau: SeauOuvert, groupe: int, bornes: I64, rangs: I64, du_seau: I64, colonnes: I64, comptes: Comptes
) -> Lot:
    lignes = lire_lignes(seau.lire_groupe(groupe, COLONNES_DU_NOYAU))
    return _lot(lignes, seau.debuts[rangs] - bornes[groupe], seau.nombres[rangs], du_seau[rangs], colonnes, comptes)


def _lot_de_comptes(seau: SeauOuvert, rangs: I64, du_seau: I64, colonnes: I64, comptes: Comptes) -> Lot:
    lignes, debuts = seau.lire_comptes(rangs)
    return _lot(lignes, debuts, seau.nombres[rangs], du_seau[rangs], colonnes, comptes)


def _lot(lignes: Lignes, debuts: I64, nombres: I64, places: I64, colonnes: I64, comptes: Comptes) -> Lot:
    return Lot(lignes, debuts, nombres, comptes.present[places], comptes.locataire[places], colonnes[places])
