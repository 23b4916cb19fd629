"""Import: the parsing part against a count of the newlines of the same bytes, then the whole import."""

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

from bench.outillage.processus import BASES, VAR, base_neuve, dire, juger, mesurer

BUT_LECTURE = 4.0
PROFILS = ("pivot", "erp_a")
LIGNES_PAR_BAIL = 137


def main(arguments: Sequence[str]) -> None:
    """`./run bench importer [--lignes 1000000] [--bases sqlite,postgresql] [--lecture-seule | --import-seul]`."""
    analyse = argparse.ArgumentParser(prog="./run bench importer", description=__doc__)
    analyse.add_argument("--lignes", type=int, default=1_000_000, help="écritures du fichier, à peu près")
    analyse.add_argument("--bases", default=",".join(BASES))
    analyse.add_argument("--fois", type=int, default=3, help="lectures de chaque fichier, la meilleure est gardée")
    analyse.add_argument("--lecture-seule", action="store_true", help="sans l'import entier")
    analyse.add_argument("--import-seul", action="store_true", help="sans la lecture seule")
    options = analyse.parse_args(arguments)
    dossier = VAR / "importer"
    shutil.rmtree(dossier, ignore_errors=True)
    engendre = mesurer("bench.importer_mesures", "engendrer", dossier, max(options.lignes // LIGNES_PAR_BAIL, 1))
    dire(f"fichiers engendrés, {engendre.dit['ecritures']} écritures (n'est pas la mesure)", engendre)
    for profil in () if options.import_seul else PROFILS:
        _mesurer_lecture(engendre.dit["lus"][profil], profil, options.fois)
    if not options.lecture_seule:
        for genre in options.bases.split(","):
            _mesurer_import(dossier, genre, engendre.dit["pivot"])
    shutil.rmtree(dossier, ignore_errors=True)


def _mesurer_lecture(fichier: str, profil: str, fois: int) -> None:
    octets = Path(fichier).stat().st_size / 1e6
    print(f"\n{profil}, {octets:.0f} Mo", flush=True)
    compte = mesurer("bench.importer_mesures", "compter", fichier, fois)
    dire(f"compte des fins de ligne, {compte.dit['lignes']} lignes", compte)
    parcours = mesurer("bench.importer_mesures", "parcourir", fichier, fois)
    dire("les mêmes lignes, une à une, sans rien en faire", parcours)
    lecture = mesurer("bench.importer_mesures", "lire", fichier, profil, fois)
    par_seconde = lecture.dit["prises"] / lecture.secondes
    dire(f"lecture stricte : {lecture.dit['prises']} prises, {lecture.dit['refusees']} refusées", lecture,
         f"  {par_seconde:,.0f} lignes par seconde".replace(",", " "))  # fmt: skip
    juger(lecture.secondes, compte.secondes, "le compte des fins de ligne", BUT_LECTURE)
    print(f"    soit {lecture.secondes / parcours.secondes:.1f} x le parcours des lignes une à une")


def _mesurer_import(dossier: Path, genre: str, fichiers: list[str]) -> None:
    donnees = dossier / genre
    with base_neuve(genre, donnees) as environnement:
        if environnement is None:
            return
        print(f"\nimport entier, profil pivot, {genre}", flush=True)
        for texte in ("premier import", "second import des mêmes fichiers"):
            mesure = mesurer("bench.importer_mesures", "importer", *fichiers, environnement=environnement)
            prises, connues = mesure.dit["prises"], mesure.dit["deja_connues"]
            vitesse = f"{(prises + connues) / mesure.secondes:,.0f} lignes par seconde".replace(",", " ")
            dire(f"{texte} : {prises} prises, {connues} connues", mesure, f"  {vitesse}")
            print("    " + ", ".join(f"{nom} {duree:.1f} s" for nom, duree in mesure.dit["etapes"].items()))
            if genre == "sqlite":
                duree, processeur = mesure.dit["verrou"]
                print(
                    f"    plus longue écriture (les autres attendent) : {duree:.1f} s, processeur {processeur:.1f} s"
                )
        miroir = mesurer("bench.importer_mesures", "miroir", environnement=environnement)
        dire("miroir refait depuis la base", miroir)
    shutil.rmtree(donnees, ignore_errors=True)
