"""The Parquet mirror of the écritures of one landlord.

Buckets are ranges of accounts in plain character order: an import rewrites the buckets of its accounts only, and a
small landlord has one. The database stays the truth: the mirror carries the number of the last delivery that it
holds, is written after the commit, and can be made again at any time.
"""

import tempfile
import uuid
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from maintien.moteurs.colonnes.decoupe import couper, lire_paquets, nombre_de_fils
from maintien.moteurs.colonnes.fusion import fusionner, preparer_table, preparer_triee
from maintien.moteurs.colonnes.manifeste import (
    Manifeste,
    MiroirIllisibleError,
    Seau,
    ecrire_manifeste,
    effacer_inutiles,
    lire_manifeste,
    verrouiller,
)
from maintien.moteurs.colonnes.noyau.structures import I64
from maintien.moteurs.colonnes.schemas import SCHEMA_ECRITURES, normaliser
from maintien.moteurs.colonnes.seaux import A_DICTIONNAIRE, LIGNES_PAR_GROUPE, EcrivainSeau, SeauOuvert
from maintien.moteurs.colonnes.tableaux import decouper_comptes, un_bloc

COMPTES_PAR_SEAU = 100_000
_MEMOIRE_DU_TRI = "512MB"
_TRI = "select * from read_parquet({motif}) order by reference_compte, reference_ecriture, ordre"
_ESSAIS = 5


class MiroirEnEcartError(Exception):
    """A delivery that does not follow what the mirror holds: make the mirror again."""


@dataclass(frozen=True, slots=True)
class Instantane:
    """The mirror as it was at one instant, its files open."""

    manifeste: Manifeste
    seaux: tuple[SeauOuvert, ...]

    def __enter__(self) -> "Instantane":
        return self

    def __exit__(self, *_: object) -> None:
        for seau in self.seaux:
            seau.fermer()


class Miroir:
    """The mirror of a folder. Killed at any instant, a write leaves the old state or the new one."""

    def __init__(self, dossier: Path, comptes_par_seau: int = COMPTES_PAR_SEAU) -> None:
        self.dossier = dossier
        self.comptes_par_seau = comptes_par_seau

    @property
    def numero(self) -> int:
        """The last delivery that the mirror holds, 0 when it is empty."""
        return lire_manifeste(self.dossier).numero

    @property
    def derniere(self) -> tuple[int, str]:
        """Number and identifier of the last delivery that the mirror holds, read together."""
        manifeste = lire_manifeste(self.dossier)
        return manifeste.numero, manifeste.livraison

    def ajouter(self, numero_precedent: int, numero: int, table: Any, livraison: str = "") -> None:
        """Add the entries (SCHEMA_ECRITURES) of the deliveries after `numero_precedent` up to `numero`.

        Nothing is done when the mirror already holds them. Only the buckets of their accounts are rewritten.
        `livraison` identifies the last delivery for whoever keeps the mirror.
        """
        with verrouiller(self.dossier):
            manifeste = lire_manifeste(self.dossier)
            if numero <= manifeste.numero:
                return
            if numero_precedent != manifeste.numero:
                raise MiroirEnEcartError(
                    f"Le miroir {self.dossier} contient les livraisons jusqu'à la {manifeste.numero} : la suite ne "
                    f"peut pas partir de la {numero_precedent} ; il faut le reconstruire."
                )
            effacer_inutiles(self.dossier, manifeste)
            triees = normaliser(table, SCHEMA_ECRITURES).combine_chunks()
            triees = triees.take(pc.sort_indices(triees.column("reference_compte")))
            if not manifeste.identite:
                manifeste = Manifeste(identite=uuid.uuid4().hex)
            self._publier(manifeste.avec(numero, livraison, self._fusionner(manifeste.seaux, triees, numero)))

    def reconstruire(self, numero: int, tables: Iterable[Any], livraison: str = "") -> None:
        """Make the mirror again from all the entries up to delivery `numero`, in tables of any size and order."""
        with verrouiller(self.dossier):
            effacer_inutiles(self.dossier, self._manifeste_ou_vide())
            with tempfile.TemporaryDirectory(dir=self.dossier, prefix="tri-") as provisoire:
                triees = self._trier(Path(provisoire), tables)
                seaux = self._ecrire(((table, numero) for table in triees), self.comptes_par_seau)
            self._publier(Manifeste(numero, uuid.uuid4().hex, livraison, tuple(seaux)))

    def ouvrir(self) -> Instantane:
        """Open all the files of one state, even while a writer replaces them."""
        for essai in range(_ESSAIS):
            manifeste = lire_manifeste(self.dossier)
            ouverts: list[SeauOuvert] = []
            try:
                ouverts.extend(SeauOuvert(self.dossier, seau) for seau in manifeste.seaux)
            except (OSError, pa.ArrowInvalid) as erreur:
                Instantane(manifeste, tuple(ouverts)).__exit__()
                if essai + 1 == _ESSAIS or lire_manifeste(self.dossier) == manifeste:
                    raise MiroirIllisibleError(
                        f"Un fichier du miroir {self.dossier} manque ou est abîmé : il faut reconstruire le miroir."
                    ) from erreur
            else:
                return Instantane(manifeste, tuple(ouverts))
        raise AssertionError

    def lire(self, comptes: Iterable[str] | None = None) -> Any:
        """The entries of some accounts, or of all; duplicates are gone."""
        with self.ouvrir() as instantane:
            voulus = None if comptes is None else pa.array(sorted(set(comptes)), type=pa.string())
            tables = [SCHEMA_ECRITURES.empty_table()]
            for seau in instantane.seaux:
                tables.extend(_lire_seau(seau, voulus))
            return pa.concat_tables(tables)

    def _manifeste_ou_vide(self) -> Manifeste:
        try:
            return lire_manifeste(self.dossier)
        except MiroirIllisibleError:
            return Manifeste()

    def _publier(self, manifeste: Manifeste) -> None:
        ecrire_manifeste(self.dossier, manifeste)
        effacer_inutiles(self.dossier, manifeste)

    def _trier(self, provisoire: Path, tables: Iterable[Any]) -> Iterator[Any]:
        from maintien.moteurs.colonnes.tri import connecter  # noqa: PLC0415 - needed here only, and it is large

        for rang, table in enumerate(tables):
            normale = normaliser(table, SCHEMA_ECRITURES)
            chemin = provisoire / f"{rang:06d}.parquet"
            pyarrow.parquet.write_table(normale, chemin, compression="lz4", use_dictionary=A_DICTIONNAIRE)
        if not any(provisoire.glob("*.parquet")):
            return
        motif = "'" + str(provisoire / "*.parquet").replace("'", "''") + "'"
        with connecter(provisoire, _MEMOIRE_DU_TRI) as base:
            tri = base.sql(_TRI.format(motif=motif))
            for lot in couper(lire_paquets(tri), LIGNES_PAR_GROUPE):
                yield preparer_triee(lot.cast(SCHEMA_ECRITURES))

    def _fusionner(self, seaux: tuple[Seau, ...], nouvelles: Any, numero: int) -> tuple[Seau, ...]:
        """Rewrite the buckets that the new entries touch, several at once; keep the others."""
        if not len(nouvelles):
            return seaux
        if not seaux:
            return tuple(self._ecrire(((preparer_table(nouvelles), numero),), self.comptes_par_seau))
        comptes = nouvelles.column("reference_compte")
        bornes = [0, *(_rang(comptes, seau.premier) for seau in seaux[1:]), len(nouvelles)]
        travaux = []
        with ThreadPoolExecutor(nombre_de_fils()) as executeur:
            for seau, du, au in zip(seaux, bornes[:-1], bornes[1:], strict=True):
                travail = self._garder if du == au else self._refaire
                travaux.append(executeur.submit(travail, seau, nouvelles.slice(du, au - du), numero))
        return tuple(seau for travail in travaux for seau in travail.result())

    def _garder(self, seau: Seau, _nouvelles: Any, _numero: int) -> list[Seau]:
        return [seau]

    def _refaire(self, seau: Seau, nouvelles: Any, numero: int) -> list[Seau]:
        ouvert = SeauOuvert(self.dossier, seau)
        try:
            neufs = pc.index_in(nouvelles.column("reference_compte").unique(), value_set=ouvert.comptes)
            total = seau.comptes + neufs.null_count
            parts = -(-total // self.comptes_par_seau)
            return self._ecrire(fusionner(ouvert, nouvelles, numero), -(-total // parts))
        finally:
            ouvert.fermer()

    def _ecrire(self, morceaux: Iterable[tuple[Any, I64 | int]], comptes_par_seau: int) -> list[Seau]:
        """Write tables of whole accounts in as many buckets as needed."""
        seaux: list[Seau] = []
        ecrivain: EcrivainSeau | None = None
        try:
            for table, livraisons in _decouper(morceaux, comptes_par_seau):
                if ecrivain is not None and ecrivain.nombre_de_comptes + len(livraisons) > comptes_par_seau:
                    seaux.append(ecrivain.fermer())
                    ecrivain = None
                ecrivain = ecrivain or EcrivainSeau(self.dossier)
                ecrivain.ajouter(table, livraisons)
            if ecrivain is not None:
                seaux.append(ecrivain.fermer())
                ecrivain = None
        finally:
            if ecrivain is not None:
                ecrivain.abandonner()
        return seaux


def _decouper(morceaux: Iterable[tuple[Any, I64 | int]], comptes_par_seau: int) -> Iterator[tuple[Any, I64]]:
    """Cut tables of whole accounts into row groups: of even size, none with more accounts than a bucket has left."""
    place = comptes_par_seau
    for table, livraisons in morceaux:
        _, debuts, nombres = decouper_comptes(un_bloc(table.column("reference_compte")))
        toutes = np.broadcast_to(livraisons, len(debuts))
        lignes = -(-len(table) // max(1, round(len(table) / LIGNES_PAR_GROUPE)))
        du = 0
        while du < len(debuts):
            au = max(du + 1, int(np.searchsorted(debuts + nombres, debuts[du] + lignes, side="right")))
            au = min(au, du + place)
            yield table.slice(int(debuts[du]), int(nombres[du:au].sum())), toutes[du:au]
            place = place - (au - du) or comptes_par_seau
            du = au


def _rang(triees: Any, compte: str) -> int:
    """The number of texts before `compte` in a sorted column."""
    return int(pc.sum(pc.less(triees, compte)).as_py() or 0)


def _lire_seau(seau: SeauOuvert, voulus: Any) -> Iterator[Any]:
    """The entries of the wanted accounts, row group by row group; those without any are not read."""
    bornes = seau.bornes_des_groupes()
    garde = None if voulus is None else pc.is_in(seau.comptes, value_set=voulus).to_numpy(zero_copy_only=False)
    for groupe in range(len(bornes) - 1):
        du, au = np.searchsorted(seau.debuts, bornes[groupe : groupe + 2])
        if garde is not None and not garde[du:au].any():
            continue
        table = seau.lire_groupe(groupe, tuple(SCHEMA_ECRITURES.names)).cast(SCHEMA_ECRITURES)
        if garde is not None:
            table = table.filter(pa.array(np.repeat(garde[du:au], seau.nombres[du:au])))
        yield table
