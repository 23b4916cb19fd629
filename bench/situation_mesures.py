# ruff: noqa: PLC0415 - each measure loads only what it measures
"""The single measures of `situation`, each run in a process of its own by bench/situation.py; prints one JSON line."""

import json
import random
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

AU = date(2026, 11, 18)
"""A Wednesday in mid-month: few due dates fall on the next day. Thirty-six months of books end there."""
DU = 2023 * 12 + 11
GRAINE = 2026
PART_TOUCHEE = 0.05
LOT_DU_COEUR = 2_000
COLONNES_BAUX = ["reference_bail", "reference_compte", "date_entree", "date_sortie", "apl_mode"]


def construire(dossier: Path, nombre: int) -> dict[str, Any]:
    """A mirror of `nombre` leases, and their leases beside it."""
    import pyarrow as pa
    import pyarrow.parquet

    from maintien.connecteurs.fictif import engendrer_par_lots
    from maintien.moteurs.colonnes.miroir import Miroir

    baux: list[Any] = []
    produit = [0.0, 0]

    def ecritures() -> Any:
        depart = time.perf_counter()
        for lot in engendrer_par_lots(nombre, GRAINE, DU, AU):
            baux.append(lot.baux.select(COLONNES_BAUX))
            produit[0] += time.perf_counter() - depart
            produit[1] += len(lot.ecritures)
            yield lot.ecritures
            depart = time.perf_counter()

    depart = time.perf_counter()
    Miroir(dossier).reconstruire(1, ecritures())
    total = time.perf_counter() - depart
    pyarrow.parquet.write_table(pa.concat_tables(baux), dossier / "baux.parquet")
    octets = {genre: sum(f.stat().st_size for f in dossier.glob(f"*.{genre}")) for genre in ("parquet", "acces")}
    return {"lignes": produit[1], "generation": produit[0], "secondes": total - produit[0], "octets": octets}


def livrer(dossier: Path) -> dict[str, Any]:
    """Delivery 2: one payment on five accounts in a hundred, drawn at random."""
    import pyarrow as pa

    from maintien.moteurs.colonnes.miroir import Miroir
    from maintien.moteurs.colonnes.schemas import SCHEMA_ECRITURES

    comptes = sorted(set(_baux(dossier).column("reference_compte").to_pylist()))
    tires = random.Random(5).sample(comptes, int(len(comptes) * PART_TOUCHEE))  # noqa: S311 - a measure
    vide: list[Any] = [None] * len(tires)
    textes = [""] * len(tires)
    table = pa.table(
        [
            [f"{compte}-LIVRAISON2" for compte in tires],
            tires,
            [AU + timedelta(1)] * len(tires),
            *(vide, vide, vide),
            ["PAI"] * len(tires),
            [0] * len(tires),
            [123_45] * len(tires),
            *(textes, textes),
            [2**40 + rang for rang in range(len(tires))],
        ],
        schema=SCHEMA_ECRITURES,
    )
    depart = time.perf_counter()
    Miroir(dossier).ajouter(1, 2, table)
    return {"secondes": time.perf_counter() - depart, "comptes": len(tires)}


def complete(dossier: Path, jours: int, fois: int, *, avec_impaye: bool = True) -> dict[str, Any]:
    """A full pass `jours` days after AU; its state is kept for the incremental pass when `jours` is 0."""
    from maintien.moteurs.colonnes.miroir import Miroir
    from maintien.moteurs.colonnes.passe import Passe, passe_complete

    baux = _baux(dossier)

    def passer() -> Passe:
        passe = passe_complete(Miroir(dossier), baux, AU + timedelta(jours), avec_impaye=avec_impaye)
        passe.etat.enregistrer(dossier if jours == 0 and avec_impaye else _ailleurs(dossier))
        return passe

    duree, passe = _le_meilleur(passer, fois)
    return {"secondes": duree, "comptes": passe.nombre_de_comptes}


def incrementale(dossier: Path, jours: int, fois: int) -> dict[str, Any]:
    """An incremental pass from the kept state; its own state is kept elsewhere, so that it can be run again."""
    from maintien.moteurs.colonnes.etat import lire_etat
    from maintien.moteurs.colonnes.miroir import Miroir
    from maintien.moteurs.colonnes.passe import Passe, passe_incrementale

    baux = _baux(dossier)

    def passer() -> Passe:
        passe = passe_incrementale(Miroir(dossier), baux, AU + timedelta(jours), lire_etat(dossier))
        passe.etat.enregistrer(_ailleurs(dossier))
        return passe

    duree, passe = _le_meilleur(passer, fois)
    if passe.is_complete:
        raise RuntimeError("la passe devait être incrémentale")
    return {"secondes": duree, "comptes": passe.nombre_de_calculs, "changes": len(passe.situations)}


def _le_meilleur(passer: Callable[[], Any], fois: int) -> tuple[float, Any]:
    """The shortest of some runs; loading the compiled kernel is counted in the whole process, not in the pass."""
    from maintien.moteurs.colonnes.prechauffage import prechauffer

    prechauffer()
    durees, passe = [], None
    for _ in range(fois):
        passe = None
        depart = time.perf_counter()
        passe = passer()
        durees.append(time.perf_counter() - depart)
    return min(durees), passe


def identite(dossier: Path, jours: int) -> dict[str, Any]:
    """Whether the incremental pass gives what a full one gives: same states, same rows where something changed."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    from maintien.moteurs.colonnes.etat import lire_etat
    from maintien.moteurs.colonnes.miroir import Miroir
    from maintien.moteurs.colonnes.passe import passe_complete, passe_incrementale

    baux, au = _baux(dossier), AU + timedelta(jours)
    entiere = passe_complete(Miroir(dossier), baux, au)
    partielle = passe_incrementale(Miroir(dossier), baux, au, lire_etat(dossier))
    places = pc.index_in(
        partielle.situations.column("reference_compte").combine_chunks(),
        value_set=entiere.situations.column("reference_compte").combine_chunks(),
    )
    memes = bool(np.array_equal(entiere.etat.empreinte, partielle.etat.empreinte))
    return {"identique": memes and partielle.situations.equals(entiere.situations.take(pa.array(places)))}


def balayage(dossier: Path, fois: int) -> dict[str, Any]:
    """DuckDB reads the columns that the kernel reads, and does next to nothing with them."""
    from maintien.moteurs.colonnes.seaux import COLONNES_DU_NOYAU
    from maintien.moteurs.colonnes.tri import connecter

    textes = {"affectation": "max(affectation)", "date_comptable": "max(date_comptable)"}
    sommes = ", ".join(textes.get(nom, f"sum({nom})") for nom in COLONNES_DU_NOYAU)
    durees = []
    with connecter() as base:
        for _ in range(fois):
            depart = time.perf_counter()
            base.execute(f"select {sommes} from read_parquet('{dossier}/seau-*.parquet')").fetchall()  # noqa: S608
            durees.append(time.perf_counter() - depart)
    return {"secondes": min(durees), "durees": durees}


def coeur(dossier: Path) -> dict[str, Any]:
    """The reference on every account, two thousand at a time; reading and conversion are not counted."""
    from maintien.coeur.compte import portefeuille
    from maintien.moteurs.colonnes.miroir import Miroir
    from maintien.moteurs.reference import lire_baux, lire_ecritures

    baux = _baux(dossier)
    comptes = sorted(set(baux.column("reference_compte").to_pylist()))
    tous = lire_baux(baux)
    duree, lignes = 0.0, 0
    for debut in range(0, len(comptes), LOT_DU_COEUR):
        lot = set(comptes[debut : debut + LOT_DU_COEUR])
        ecritures = lire_ecritures(Miroir(dossier).lire(lot))
        siens = [bail for bail in tous if bail.compte in lot]
        depart = time.perf_counter()
        portefeuille.situations(ecritures, siens, AU)
        duree += time.perf_counter() - depart
        lignes += len(ecritures)
    return {"secondes": duree, "comptes": len(comptes), "lignes": lignes}


def postgresql(dossier: Path, adresse: str) -> dict[str, Any]:
    """The oldest-first part alone, as one window query: what remains of each debit, by bucket of age."""
    import psycopg
    import pyarrow as pa
    import pyarrow.csv

    from maintien.moteurs.colonnes.miroir import Miroir

    colonnes = ["reference_compte", "date_comptable", "n_exigible", "n_montant", "n_rang"]
    depart = time.perf_counter()
    with psycopg.connect(adresse, autocommit=True) as base:
        base.execute(
            "create unlogged table ecriture (compte text, comptable date, exigible int, montant bigint, rang int)"
        )
        with Miroir(dossier).ouvrir() as instantane:
            for seau in instantane.seaux:
                for groupe in range(len(seau.bornes_des_groupes()) - 1):
                    tampon = pa.BufferOutputStream()
                    options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="none")
                    pyarrow.csv.write_csv(seau.lire_groupe(groupe, tuple(colonnes)).select(colonnes), tampon, options)
                    with base.cursor().copy("copy ecriture from stdin (format csv)") as copie:
                        copie.write(tampon.getvalue().to_pybytes())
        base.execute("analyze ecriture")
        charge = time.perf_counter() - depart
        base.execute("set work_mem = '1GB'")
        base.execute("set max_parallel_workers_per_gather = 2")
        durees = []
        for _ in range(2):
            depart = time.perf_counter()
            base.execute(_PLUS_ANCIEN_D_ABORD).fetchall()
            durees.append(time.perf_counter() - depart)
    return {"secondes": min(durees), "chargement": charge}


# Due date in days since 1970 where there is one (-2^31 otherwise); 2026-11-18 is day 20775.
_PLUS_ANCIEN_D_ABORD = """
with recu as (select compte, -sum(montant) as recu from ecriture where montant < 0 and comptable <= '2026-11-18' group by 1),
cumul as (
    select compte, exigible, montant, sum(montant) over (
        partition by compte order by exigible, rang rows between unbounded preceding and current row) as cumul
    from ecriture where montant > 0 and comptable <= '2026-11-18' and exigible between -100000 and 20775),
reste as (
    select c.compte, c.exigible, greatest(0, least(c.montant, c.cumul - coalesce(r.recu, 0))) as reste
    from cumul c left join recu r using (compte)),
compte as (
    select compte, sum(reste) as dette, min(exigible) filter (where reste > 0) as plus_ancien,
        sum(reste) filter (where exigible > 20775 - 30) as moins_d_un_mois
    from reste group by compte)
select count(*), sum(dette), min(plus_ancien), sum(moins_d_un_mois) from compte
"""  # noqa: E501


def _baux(dossier: Path) -> Any:
    import pyarrow.parquet

    return pyarrow.parquet.ParquetFile(dossier / "baux.parquet").read()


def _ailleurs(dossier: Path) -> Path:
    ailleurs = dossier / "ailleurs"
    ailleurs.mkdir(exist_ok=True)
    return ailleurs


def executer(nom: str, dossier: str, *arguments: str) -> dict[str, Any]:
    """Run one measure by its name."""
    chemin = Path(dossier)
    match nom:
        case "construire":
            return construire(chemin, int(arguments[0]))
        case "livrer":
            return livrer(chemin)
        case "complete":
            return complete(chemin, *map(int, arguments))
        case "sans_impaye":
            return complete(chemin, *map(int, arguments), avec_impaye=False)
        case "incrementale":
            return incrementale(chemin, *map(int, arguments))
        case "identite":
            return identite(chemin, int(arguments[0]))
        case "balayage":
            return balayage(chemin, int(arguments[0]))
        case "coeur":
            return coeur(chemin)
        case _:
            return postgresql(chemin, arguments[0])


if __name__ == "__main__":
    print(json.dumps(executer(*sys.argv[1:])), flush=True)
