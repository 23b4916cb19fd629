"""What is really missing: refused, and delivered right under its number by no other line."""

from pathlib import Path

import pytest
from tests.travaux.imports.aides import ECRITURES, ecrire, ecriture, importer

from maintien.apps.organismes.models import Organisme
from maintien.apps.socle.portee import organisme_scope
from maintien.travaux.imports.manque import Manque, refused_lines, what_is_missing

pytestmark = pytest.mark.django_db

SANS_DATE = {"date_comptable": "2020-04-31"}


def _fichier(dossier: Path, mois: str, *lignes: str) -> Path:
    return ecrire(dossier, f"ecritures_{mois}.csv", ECRITURES + "".join(lignes))


def test_une_ligne_refusee_manque_jusqu_a_sa_livraison_lisible(bailleur: Organisme, tmp_path: Path) -> None:
    avril = _fichier(
        tmp_path,
        "2020-04",
        ecriture("E1"),
        ecriture("E2", montant="300.00", **SANS_DATE),
        ecriture("E3", "PAI", montant="120.00", **SANS_DATE),
        ecriture("E4", montant="abc"),
    )
    importation = importer(bailleur, [avril])
    with organisme_scope(bailleur):
        avant = what_is_missing(refused_lines(importation))

    importer(bailleur, [_fichier(tmp_path, "2020-05", ecriture("E2", montant="300.00"))])
    with organisme_scope(bailleur):
        lignes = refused_lines(importation)

    assert avant == Manque(ecritures=3, montant_centimes=180_00, sans_montant=1)
    assert [(ligne.reference, ligne.montant_centimes, ligne.manque) for ligne in lignes] == [
        ("E2", 300_00, False),
        ("E3", -120_00, True),
        ("E4", None, True),
    ]
    assert what_is_missing(lignes) == Manque(reglees=1, ecritures=2, montant_centimes=-120_00, sans_montant=1)


def test_la_meme_ligne_refusee_deux_fois_manque_une_fois(bailleur: Organisme, tmp_path: Path) -> None:
    refusee = ecriture("E2", montant="300.00", **SANS_DATE)
    importation = importer(
        bailleur, [_fichier(tmp_path, "2020-04", refusee), _fichier(tmp_path, "2020-05", refusee, ecriture("E1"))]
    )

    with organisme_scope(bailleur):
        manque = what_is_missing(refused_lines(importation))

    assert (manque.lignes, manque.montant_centimes, manque.sans_numero) == (1, 300_00, 0)


def test_une_ligne_sans_numero_reste_a_verifier(bailleur: Organisme, tmp_path: Path) -> None:
    importation = importer(bailleur, [_fichier(tmp_path, "2020-04", ecriture("E1"), ",C1,tronquée\n")])

    with organisme_scope(bailleur):
        [ligne] = refused_lines(importation)

    assert (ligne.reference, ligne.montant_centimes, ligne.manque) == ("", None, True)
    assert what_is_missing([ligne]) == Manque(ecritures=1, sans_montant=1, sans_numero=1)
