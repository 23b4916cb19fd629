"""The nightly pass: time by step and memory, then a second pass of the same day, which changes nothing."""

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

from bench.outillage.processus import BASES, VAR, Mesure, base_neuve, dire, mesurer

ETAPES = {"miroir": "miroir", "situations": "situations", "menages": "dossiers et propositions"}
PASSES = (("première passe", 0), ("seconde passe du même jour", 0), ("passe du lendemain, sans livraison", 1))


def main(arguments: Sequence[str]) -> None:
    """`./run bench nuit [--tailles 20000] [--bases sqlite,postgresql] [--garder]`."""
    analyse = argparse.ArgumentParser(prog="./run bench nuit", description=__doc__)
    analyse.add_argument("--tailles", default="20000", help="nombres de baux, par exemple 20000,200000")
    analyse.add_argument("--bases", default=",".join(BASES))
    analyse.add_argument("--garder", action="store_true", help="garder les données (SQLite seulement)")
    options = analyse.parse_args(arguments)
    for taille in (int(texte) for texte in options.tailles.split(",")):
        for genre in options.bases.split(","):
            dossier = VAR / "nuit" / f"{taille}-{genre}"
            shutil.rmtree(dossier, ignore_errors=True)
            _mesurer(dossier, taille, genre)
            if not options.garder or genre != "sqlite":
                shutil.rmtree(dossier, ignore_errors=True)


def _mesurer(dossier: Path, taille: int, genre: str) -> None:
    with base_neuve(genre, dossier) as environnement:
        if environnement is None:
            return
        print(f"\n{taille} baux, {genre}", flush=True)
        charge = mesurer("bench.nuit_mesures", "charger", taille, environnement=environnement)
        dire("bailleur fictif, versé en bloc (n'est pas la mesure)", charge)
        for nom, nombre in charge.dit["ecarts"].items():
            print(f"    attention : {nom} y changerait encore {nombre} lignes, comme après un import")
        for texte, jours in PASSES:
            _dire_passe(texte, mesurer("bench.nuit_mesures", "passer", jours, environnement=environnement))


def _dire_passe(texte: str, passe: Mesure) -> None:
    dire(texte, passe)
    etapes = ", ".join(f"{ETAPES[nom]} {duree:.1f} s" for nom, duree in passe.dit["etapes"].items())
    bilan = passe.dit["bilan"]
    print(
        f"    {etapes}\n    {bilan['comptes']} comptes, {bilan['situations']} situations écrites, "
        f"{bilan['dossiers_ouverts']} dossiers ouverts, {bilan['propositions_nouvelles']} propositions nouvelles, "
        f"{bilan['propositions_mises_a_jour']} mises à jour, {bilan['propositions_a_faire']} à faire"
    )
    if passe.dit["change"] is False:
        print("    rien n'a changé")
