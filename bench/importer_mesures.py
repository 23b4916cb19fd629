# ruff: noqa: PLC0415 - each measure loads only what it measures
"""The single measures of `importer`, each in a process of its own; prints one JSON line."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

AU = date(2026, 11, 18)
DU = 2023 * 12 + 11
GRAINE = 2026
BLOC = 1024 * 1024


def engendrer(dossier: str, nombre: str) -> dict[str, Any]:
    """The landlord in the pivot format, and its ledger as the software of `erp_a` extracts it."""
    from bench.outillage.erp_a import ecrire_erp_a
    from maintien.connecteurs.fictif import ecrire_pivot
    from maintien.connecteurs.fictif import engendrer as portefeuille_de

    depart = time.perf_counter()
    portefeuille = portefeuille_de(int(nombre), GRAINE, DU, AU)
    fichiers = ecrire_pivot(portefeuille, Path(dossier))
    erp_a = ecrire_erp_a(portefeuille.ecritures, Path(dossier))
    return {
        "secondes": time.perf_counter() - depart,
        "ecritures": len(portefeuille.ecritures),
        "pivot": [str(fichier) for fichier in fichiers],
        "lus": {"pivot": str(Path(dossier) / "ecritures.csv"), "erp_a": str(erp_a)},
    }


def compter(fichier: str, fois: str) -> dict[str, Any]:
    def compte() -> int:
        lignes = 0
        with Path(fichier).open("rb", buffering=0) as flux:
            while bloc := flux.read(BLOC):
                lignes += bloc.count(b"\n")
        return lignes

    duree, lignes = _le_meilleur(compte, int(fois))
    return {"secondes": duree, "lignes": lignes}


def parcourir(fichier: str, fois: str) -> dict[str, Any]:
    def parcours() -> int:
        with Path(fichier).open("rb") as flux:
            return sum(1 for _ in flux)

    duree, lignes = _le_meilleur(parcours, int(fois))
    return {"secondes": duree, "lignes": lignes}


def lire(fichier: str, nom: str, fois: str) -> dict[str, Any]:
    """The strict reading alone: bytes to typed records, refusals and control totals; nothing is stored."""
    from maintien.connecteurs.exports.fichiers import reconnait
    from maintien.connecteurs.exports.lecture import LectureFichier
    from maintien.connecteurs.exports.profil import charge_profil

    profil = charge_profil(nom)
    declare = reconnait(profil, Path(fichier)).declare

    def lecture() -> Any:
        lue = LectureFichier(Path(fichier), profil, declare)
        for _ in lue.lots():
            pass
        return lue.bilan

    duree, bilan = _le_meilleur(lecture, int(fois))
    return {"secondes": duree, "prises": bilan.prises, "refusees": bilan.refusees}


def importer(*fichiers: str) -> dict[str, Any]:
    """Deposit and import, mirror included, as `maintien importer` does them."""
    _preparer()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    from maintien.travaux.demo.bailleurs import DEMO, open_bailleur
    from maintien.travaux.imports import deposit, run

    organisme = open_bailleur(DEMO)
    debuts: dict[str, float] = {}

    def progres(_fait: int, _total: int, nom: str) -> None:
        debuts.setdefault(nom, time.perf_counter())

    depart = time.perf_counter()
    importation = deposit(organisme, "pivot", [Path(fichier) for fichier in fichiers], sonner=False)
    debut = time.perf_counter()
    with _verrous() as verrous:
        fini = run(importation.execution_id, progres)
    fin = time.perf_counter()
    if fini is None:
        raise RuntimeError("l'import n'a pas été pris")
    # A file is heard of at its first lines: each step ends where the next is first heard of.
    bornes = [debut, *list(debuts.values())[1:], fin]
    etapes = {"dépôt": debut - depart}
    noms = [*list(debuts)[:-1], f"{list(debuts)[-1]} puis secteurs, noms et miroir"]
    etapes |= {nom: bornes[rang + 1] - bornes[rang] for rang, nom in enumerate(noms)}
    chiffres = {nom: fini.resultat[nom] for nom in ("prises", "refusees", "deja_connues")}
    return {"secondes": fin - depart, "etapes": etapes, "verrou": max(verrous), **chiffres}


@contextmanager
def _verrous() -> Iterator[list[tuple[float, float]]]:
    """Duration and processor time of each transaction: on SQLite, each one that writes holds the only write lock."""
    from django.db import connection

    durees = [(0.0, 0.0)]
    debut: list[tuple[float, float]] = []
    commettre = connection.commit

    def ecoute(executer: Any, ordre: str, *reste: Any) -> Any:
        rendu = executer(ordre, *reste)
        if ordre.startswith("BEGIN"):
            debut[:] = [(time.perf_counter(), time.process_time())]
        return rendu

    def commit() -> None:
        commettre()
        if debut:
            horloge, processeur = debut.pop()
            durees.append((time.perf_counter() - horloge, time.process_time() - processeur))

    connection.commit = commit
    with connection.execute_wrapper(ecoute):
        yield durees
    connection.commit = commettre


def miroir() -> dict[str, Any]:
    """The Parquet mirror of the whole ledger, made again from the database."""
    _preparer()
    import shutil

    from maintien.apps.organismes.models import Organisme
    from maintien.travaux.miroir import catch_up, mirror_of

    organisme = Organisme.objects.get(code="DEMO")
    shutil.rmtree(mirror_of(organisme).dossier, ignore_errors=True)
    depart = time.perf_counter()
    catch_up(organisme)
    return {"secondes": time.perf_counter() - depart}


def _preparer() -> None:
    import django

    if "DJANGO_SETTINGS_MODULE" not in os.environ:
        raise RuntimeError("les réglages de la mesure manquent")
    django.setup()


def _le_meilleur(faire: Callable[[], Any], fois: int) -> tuple[float, Any]:
    durees, resultat = [], None
    for _ in range(fois):
        depart = time.perf_counter()
        resultat = faire()
        durees.append(time.perf_counter() - depart)
    return min(durees), resultat


if __name__ == "__main__":
    mesures = {f.__name__: f for f in (engendrer, compter, parcourir, lire, importer, miroir)}
    print(json.dumps(mesures[sys.argv[1]](*sys.argv[2:])), flush=True)
