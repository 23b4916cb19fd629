"""Proving that a mirror is what it should be: its files unaltered, its entries those of the database."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from maintien.moteurs.colonnes.manifeste import Fichier, lire_manifeste
from maintien.moteurs.colonnes.miroir import Miroir
from maintien.moteurs.colonnes.schemas import SCHEMA_ECRITURES, normaliser
from maintien.moteurs.colonnes.tri import connecter

# What an entry is, apart from its rank of delivery; sums of hashes do not depend on the order of rows.
_CHAMPS = ", ".join(nom for nom in SCHEMA_ECRITURES.names if nom not in ("reference_compte", "ordre"))
_COLONNES = "(reference_compte varchar, lignes bigint, solde hugeint, empreinte hugeint)"
_EMPREINTES = (
    "insert into {table} select reference_compte, count(*), sum(debit - credit), sum(hash({champs})::hugeint) "
    "from {source} group by reference_compte"
)
_CUMUL = (
    "create table attendu as select reference_compte, sum(lignes) as lignes, sum(solde) as solde, "
    "sum(empreinte) as empreinte from morceaux group by reference_compte"
)
_ECARTS = (
    "select coalesce(a.reference_compte, m.reference_compte), coalesce(a.lignes, 0)::bigint, "
    "coalesce(m.lignes, 0)::bigint, coalesce(a.solde, 0)::bigint, coalesce(m.solde, 0)::bigint "
    "from attendu a full join miroir m using (reference_compte) "
    "where a.empreinte is distinct from m.empreinte or a.lignes is distinct from m.lignes order by 1"
)


@dataclass(frozen=True, slots=True)
class Ecart:
    """An account that differs: entries and balance in the database, then in the mirror."""

    compte: str
    lignes_attendues: int
    lignes_miroir: int
    solde_attendu_centimes: int
    solde_miroir_centimes: int


def verifier_fichiers(dossier: Path) -> list[str]:
    """One French sentence for each file of the mirror that is missing or altered."""
    seaux = lire_manifeste(dossier).seaux
    return [defaut for seau in seaux for fichier in seau.fichiers if (defaut := _defaut(dossier, fichier))]


def _defaut(dossier: Path, fichier: Fichier) -> str:
    try:
        with (dossier / fichier.nom).open("rb") as flux:
            somme = hashlib.file_digest(flux, "sha256").hexdigest()
            taille = flux.tell()
    except FileNotFoundError:
        return f"Le fichier {fichier.nom} du miroir manque."
    if (taille, somme) != (fichier.taille, fichier.sha256):
        return f"Le fichier {fichier.nom} du miroir a été modifié depuis son écriture."
    return ""


def comparer(miroir: Miroir, tables: Iterable[Any]) -> list[Ecart]:
    """The accounts whose entries in the mirror are not those of `tables` (any size and order, no duplicate)."""
    with connecter() as base, miroir.ouvrir() as instantane:
        base.execute(f"create table morceaux {_COLONNES}")
        for table in tables:
            base.register("lot", normaliser(table, SCHEMA_ECRITURES))
            base.execute(_EMPREINTES.format(table="morceaux", champs=_CHAMPS, source="lot"))
            base.unregister("lot")
        base.execute(_CUMUL)
        base.execute(f"create table miroir {_COLONNES}")
        for seau in instantane.seaux:
            chemin = str(miroir.dossier / seau.seau.ecritures.nom).replace("'", "''")
            base.execute(_EMPREINTES.format(table="miroir", champs=_CHAMPS, source=f"read_parquet('{chemin}')"))
        return [Ecart(*ligne) for ligne in base.execute(_ECARTS).fetchall()]
