"""One term, one meaning: every class of the core and every model has its row in the glossary."""

import ast
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]
SOURCES = RACINE / "src" / "maintien"


def _classes(fichier: Path) -> list[str]:
    arbre = ast.parse(fichier.read_text(encoding="utf-8"))
    return [noeud.name for noeud in arbre.body if isinstance(noeud, ast.ClassDef) and not noeud.name.startswith("_")]


def _attendues() -> set[str]:
    fichiers = [*SOURCES.glob("coeur/**/*.py"), *SOURCES.glob("apps/*/models.py"), *SOURCES.glob("apps/*/models/*.py")]
    noms = {nom for fichier in fichiers for nom in _classes(fichier)}
    # Tools of the framework and errors are technique, not terms of the field.
    return {nom for nom in noms if not nom.endswith(("Error", "Manager", "QuerySet"))}


def _lignes() -> dict[str, list[str]]:
    texte = (RACINE / "docs" / "GLOSSAIRE.md").read_text(encoding="utf-8")
    lignes = [[case.strip() for case in ligne.strip("| ").split("|")] for ligne in texte.splitlines() if "|" in ligne]
    return {ligne[0].strip("`"): ligne for ligne in lignes if ligne[0].startswith("`")}


def test_chaque_classe_du_coeur_et_chaque_modele_a_sa_ligne() -> None:
    assert sorted(_attendues() - _lignes().keys()) == []


def test_chaque_ligne_dit_le_terme_la_source_la_definition_et_la_glose() -> None:
    incompletes = [nom for nom, ligne in _lignes().items() if len(ligne) != 5 or not all(ligne)]

    assert incompletes == []


def test_le_glossaire_ne_garde_pas_un_terme_disparu() -> None:
    assert sorted(_lignes().keys() - _attendues()) == []
