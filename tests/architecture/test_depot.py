"""What must never enter the repository: addresses of registries, paths of a machine, third-party files."""

import re
import subprocess
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]
# Written in pieces so that this file does not contain what it forbids.
HOTES = re.compile("|".join([r"pypi\." + "org", "python" + "hosted", r"npm" + r"js\.", r"deb\." + "debian"]))
CHEMINS = re.compile(r"/(?:home|Users)/[a-z]+/")


def _textes() -> list[tuple[str, str]]:
    noms = (
        subprocess.run(["git", "ls-files", "-z"], cwd=RACINE, capture_output=True, check=True)
        .stdout.decode()
        .split("\0")
    )
    lus = []
    for nom in filter(None, noms):
        fichier = RACINE / nom
        if fichier.is_file() and fichier.suffix not in {".csv", ".parquet", ".png"} and nom != "LICENSE":
            lus.append((nom, fichier.read_text(encoding="utf-8", errors="replace")))
    return lus


def test_aucune_adresse_de_registre_ni_chemin_de_machine() -> None:
    fautifs = [nom for nom, texte in _textes() if HOTES.search(texte) or CHEMINS.search(texte)]

    assert fautifs == []


def test_aucun_fichier_de_tiers_n_est_versionne() -> None:
    assert [nom for nom, _ in _textes() if "static/tiers/" in nom or "node_modules" in nom] == []


def test_l_echantillon_reste_sous_trois_megaoctets() -> None:
    taille = sum(fichier.stat().st_size for fichier in (RACINE / "tests" / "donnees").rglob("*") if fichier.is_file())

    assert taille <= 3_000_000
