"""Situations of all accounts: full and incremental passes against a scan, the core, PostgreSQL."""

import argparse
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from outils.postgres import PostgresAbsentError, cluster

from bench.outillage.processus import VAR, Mesure, dire, juger
from bench.outillage.processus import mesurer as mesurer_processus


def mesurer(nom: str, dossier: Path, *arguments: object) -> Mesure:
    return mesurer_processus("bench.situation_mesures", nom, dossier, *arguments)


def main(arguments: Sequence[str]) -> None:
    """`./run bench situation [--tailles 20000,200000,1000000] [--dossier D] [--garder]`."""
    analyse = argparse.ArgumentParser(prog="./run bench situation", description=__doc__)
    analyse.add_argument("--tailles", default="20000,200000,1000000", help="nombres de baux")
    analyse.add_argument("--dossier", type=Path, default=VAR / "situation")
    analyse.add_argument("--fois", type=int, default=3, help="passages de chaque mesure, le meilleur est gardé")
    analyse.add_argument("--garder", action="store_true", help="garder les miroirs pour une autre fois")
    options = analyse.parse_args(arguments)
    for taille in (int(texte) for texte in options.tailles.split(",")):
        dossier = options.dossier / str(taille)
        _mesurer_taille(dossier, taille, options.fois)
        if not options.garder:
            shutil.rmtree(dossier)


def _mesurer_taille(dossier: Path, taille: int, fois: int) -> None:
    if not (dossier / "ailleurs").is_dir():
        shutil.rmtree(dossier, ignore_errors=True)
        construit = mesurer("construire", dossier, taille)
        _dire_construction(construit)
    print(f"\n{taille} baux, charge {os.getloadavg()[0]:.1f}", flush=True)
    balayage = mesurer("balayage", dossier, fois)
    _ligne("balayage DuckDB des mêmes colonnes", balayage)
    sans = mesurer("sans_impaye", dossier, 0, fois)
    _ligne("passe complète, C3 à C9", sans, (balayage.secondes, sans.secondes, "le balayage", 3.0))
    complete = mesurer("complete", dossier, 0, fois)
    _ligne("passe complète, C3 à C10", complete, (balayage.secondes, complete.secondes, "le balayage", 5.0))
    if not (dossier / "ailleurs" / "livree").exists():
        livraison = mesurer("livrer", dossier)
        _ligne(f"import au miroir de {livraison.dit['comptes']} comptes", livraison)
        (dossier / "ailleurs").mkdir(exist_ok=True)
        (dossier / "ailleurs" / "livree").touch()
    _mesurer_incrementale(dossier, fois)
    if taille <= 20_000:
        _mesurer_coeur(dossier, complete)
    if taille == 200_000:
        _mesurer_postgresql(dossier, complete)


def _mesurer_incrementale(dossier: Path, fois: int) -> None:
    """Whole processes that do one pass each, the best of some; then passes alone."""
    entiere = min((mesurer("complete", dossier, 1, 1) for _ in range(fois)), key=lambda m: m.processus)
    partielle = min((mesurer("incrementale", dossier, 1, 1) for _ in range(fois)), key=lambda m: m.processus)
    _ligne("passe complète du lendemain", entiere)
    _ligne(
        f"passe incrémentale, {partielle.dit['comptes']} comptes calculés, {partielle.dit['changes']} changés",
        partielle,
        (entiere.processus, partielle.processus, "le processus de la passe complète", 0.2),
    )
    print(f"    sans le démarrage : {partielle.secondes / entiere.secondes:.3f} x la passe complète")
    identique = mesurer("identite", dossier, 1).dit["identique"]
    print(f"    même résultat que la passe complète : {'oui' if identique else 'NON'}")


def _mesurer_coeur(dossier: Path, complete: Mesure) -> None:
    coeur = mesurer("coeur", dossier)
    par_compte = coeur.secondes / coeur.dit["comptes"]
    _ligne(f"coeur, les {coeur.dit['comptes']} comptes", coeur)
    rapport = par_compte / (complete.secondes / complete.dit["comptes"])
    print(f"    par compte, coeur : {par_compte * 1e6:.0f} µs, soit {rapport:.0f} x la passe complète (but >= 20)")


def _mesurer_postgresql(dossier: Path, complete: Mesure) -> None:
    try:
        with cluster() as variables:
            mesure = mesurer("postgresql", dossier, variables["MAINTIEN_BASE_PROPRIETAIRE"])
    except PostgresAbsentError as absence:
        print(f"  {absence}")
        return
    _ligne("PostgreSQL, la plus ancienne d'abord", mesure)
    rapport = mesure.secondes / complete.secondes
    print(f"    soit {rapport:.1f} x la passe complète (but >= 10) ; chargement {mesure.dit['chargement']:.0f} s")


def _dire_construction(mesure: Mesure) -> None:
    dit = mesure.dit
    octets = ", ".join(f"{genre} {taille / 1e6:.0f} Mo" for genre, taille in dit["octets"].items())
    print(
        f"\n{dit['lignes'] / 1e6:.1f} M écritures : générées en {dit['generation']:.0f} s, miroir écrit en "
        f"{dit['secondes']:.0f} s ({octets}), {mesure.memoire_mo:.0f} Mo de mémoire",
        flush=True,
    )


def _ligne(texte: str, mesure: Mesure, but: tuple[float, float, str, float] | None = None) -> None:
    dire(texte, mesure)
    if but is not None:
        reference, valeur, nom, attendu = but
        juger(valeur, reference, nom, attendu)
