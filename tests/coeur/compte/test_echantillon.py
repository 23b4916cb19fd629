"""Les échantillons : chaque colonne de chaque compte, telle qu'attendue."""

from functools import cache
from pathlib import Path

import pytest
from tests.lecture_pivot import lire_baux, lire_ecritures

from maintien.coeur.calendrier import parse_jour
from maintien.coeur.compte.ecritures import BailCompte, Ecriture
from maintien.coeur.compte.portefeuille import situations
from maintien.coeur.compte.situation import COLONNES_C11, ligne_c11


@cache
def _lire(dossier: Path) -> tuple[list[BailCompte], list[Ecriture]]:
    baux = [bail for liste in lire_baux(dossier / "baux.csv").values() for bail in liste]
    return baux, [e for liste in lire_ecritures(dossier / "ecritures.csv").values() for e in liste]


def _csv(dossier: Path, au: str) -> str:
    """Écrit la situation de tous les comptes au format de C11."""
    baux, ecritures = _lire(dossier)
    obtenues = situations(ecritures, baux, parse_jour(au))
    assert obtenues.refusees == ()
    lignes = [COLONNES_C11, *(ligne_c11(situation) for situation in obtenues.situations)]
    return "".join(",".join(ligne) + "\n" for ligne in lignes)


@pytest.mark.parametrize(
    ("dossier", "au", "comptes"),
    [
        ("pivot_reduit", "2020-04-30", 60),
        ("pivot_reduit", "2020-10-31", 60),
        ("2027_reduit", "2026-12-31", 30),
        ("2027_reduit", "2027-04-30", 30),
    ],
)
def test_l_echantillon_reduit_est_reproduit(donnees_reduites: Path, dossier: str, au: str, comptes: int) -> None:
    attendu = (donnees_reduites / dossier / f"attendu_{au}.csv").read_bytes().decode()
    assert attendu.count("\n") == comptes + 1

    assert _csv(donnees_reduites / dossier, au) == attendu


@pytest.mark.parametrize(
    ("dossier", "nom", "au"),
    [
        ("bailleur_pivot", "pivot", "2020-04-30"),
        ("bailleur_pivot", "pivot", "2020-10-31"),
        ("bailleur_2027", "2027", "2026-12-31"),
        ("bailleur_2027", "2027", "2027-04-30"),
    ],
)
def test_l_echantillon_complet_est_reproduit(donnees_completes: Path, dossier: str, nom: str, au: str) -> None:
    attendu = (donnees_completes / f"attendu_{nom}_{au}.csv").read_bytes().decode()

    assert _csv(donnees_completes / dossier, au) == attendu
