"""`maintien importer`: what is printed, what is kept, and the exit codes."""

import csv
import json
import os
from pathlib import Path
from typing import Any

import pytest
import typer
from tests import fabriques
from typer.testing import CliRunner

from maintien.apps.comptes.models import Ecriture, Importation
from maintien.apps.organismes.models import Organisme
from maintien.apps.socle.executions import claim
from maintien.apps.socle.portee import organisme_scope
from maintien.cli.importer import commande
from maintien.travaux.imports import deposit

ENTETE = (
    "reference_ecriture,reference_compte,date_comptable,date_valeur,date_exigibilite,periode,code,libelle,"
    "debit,credit,mode,reference_annulee,affectation\n"
)
BAUX = "reference_bail,reference_compte,date_entree,date_sortie,apl_mode\nB1,C1,2018-01-01,,bailleur\n"
LIGNE = "E1,C1,2020-04-01,,2020-04-05,2020-04,LOY,LOYER,450.00,,,,\n"
ABIMEE = "E2,C1,2020-02-31,,,,LOY,LOYER,1.00,,,,\n"
FORMULE = "=1+1,C1,2020-04-01,,,,LOY,LOYER,x,,,,\n"
PROFIL_INCONNU = (
    "Le profil « sage » n'existe pas ; profils livrés : erp_a, pivot, ou donnez le chemin d'un fichier .yaml.\n"
)
PROFIL = """
profil: mien
version: 1
encodage: utf-8
separateur: ","
fichiers:
  - nom: baux
    genre: baux
    motif: '^baux'
    enregistrements:
      bail:
        reference: {colonne: reference_bail}
        compte: {colonne: reference_compte}
        date_entree: {colonne: date_entree}
  - nom: écritures
    genre: ecritures
    motif: '^ecritures'
    enregistrements:
      ecriture:
        reference: {colonne: reference_ecriture}
        compte: {colonne: reference_compte}
        date_comptable: {colonne: date_comptable}
        code: {colonne: code}
        debit: {colonne: debit}
        credit: {colonne: credit}
"""


@pytest.fixture
def bailleur(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Organisme:
    settings.MAINTIEN_DONNEES = tmp_path / "donnees"
    monkeypatch.setattr("maintien.travaux.miroir.catch_up", lambda organisme: organisme.pk)
    return fabriques.organisme("DEMO2")


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    depose = tmp_path / "depot"
    depose.mkdir()
    (depose / "mien.yaml").write_text(PROFIL, encoding="utf-8")
    (depose / "baux.csv").write_text(BAUX, encoding="utf-8")
    (depose / "ecritures.csv").write_text(ENTETE + LIGNE, encoding="utf-8")
    return depose


def _lancer(*arguments: str | Path, bailleur: str = "DEMO2", profil: str | Path = "pivot") -> tuple[int, str, str]:
    app = typer.Typer()
    app.command()(commande)
    tous = ["--bailleur", bailleur, "--profil", str(profil), *map(str, arguments)]
    resultat = CliRunner().invoke(app, tous, catch_exceptions=False)
    return resultat.exit_code, resultat.stdout, resultat.stderr


def test_tout_est_pris(bailleur: Organisme, dossier: Path) -> None:
    code, sortie, erreur = _lancer(dossier, profil=dossier / "mien.yaml")
    assert code == 0
    assert erreur == ""
    assert sortie.splitlines()[:2] == [
        "baux.csv : 1 ligne prise, 0 refusée, 0 déjà connue",
        "ecritures.csv : 1 ligne prise, 0 refusée, 0 déjà connue",
    ]
    assert sortie.splitlines()[2].endswith(" : 2 fichiers, 2 lignes prises, 0 refusée, 0 déjà connue.")
    with organisme_scope(bailleur):
        assert Ecriture.objects.get().debit_centimes == 45000


def test_la_seconde_fois_rien_ne_change(bailleur: Organisme, dossier: Path) -> None:
    _lancer(dossier, profil=dossier / "mien.yaml")
    code, sortie, _ = _lancer(dossier, profil=dossier / "mien.yaml")
    assert code == 0
    assert "0 ligne prise, 0 refusée, 2 déjà connues." in sortie


def test_une_ligne_refusee_donne_1_et_se_lit(bailleur: Organisme, dossier: Path, tmp_path: Path) -> None:
    (dossier / "ecritures.csv").write_text(ENTETE + LIGNE + ABIMEE + FORMULE, encoding="utf-8")
    rapport = tmp_path / "rapport.csv"
    code, sortie, _ = _lancer(dossier, "--rapport", rapport, profil=dossier / "mien.yaml")
    assert code == 1
    assert "1 ligne prise, 2 refusées, 0 déjà connue" in sortie
    assert "  ecritures.csv, ligne 3, date_comptable : date impossible : « 2020-02-31 » ; corriger la date" in sortie
    lignes = list(csv.reader(rapport.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert lignes[0] == ["fichier", "ligne", "colonne", "valeur", "motif", "remede"]
    assert lignes[1][:5] == ["ecritures.csv", "3", "date_comptable", "2020-02-31", "date impossible : « 2020-02-31 »"]
    assert len(lignes) == 3


def test_un_compte_sans_bail_donne_1(bailleur: Organisme, dossier: Path) -> None:
    code, sortie, _ = _lancer(dossier / "ecritures.csv")
    assert code == 1
    assert "1 compte sans bail, dont la situation attend le fichier des baux : C1." in sortie


def test_le_compte_rendu_en_json(bailleur: Organisme, dossier: Path) -> None:
    (dossier / "ecritures.csv").write_text(ENTETE + LIGNE + ABIMEE, encoding="utf-8")
    code, sortie, _ = _lancer(dossier, "--json", profil=dossier / "mien.yaml")
    bilan = json.loads(sortie)
    assert code == 1
    assert (bilan["prises"], bilan["refusees"], bilan["deja_connues"]) == (2, 1, 0)
    assert [f["nom"] for f in bilan["fichiers"]] == ["baux.csv", "ecritures.csv"]
    assert bilan["refus"][0]["ligne"] == 3
    assert set(bilan["refus"][0]) == {"fichier", "ligne", "colonne", "valeur", "motif", "remede"}


def test_des_fichiers_tous_refuses_donnent_2(bailleur: Organisme, dossier: Path) -> None:
    (dossier / "ecritures.csv").write_bytes(b"PK\x03\x04rien")
    code, sortie, _ = _lancer(dossier / "ecritures.csv")
    assert code == 2
    assert "REFUSÉ   ecritures.csv : c'est un classeur Excel" in sortie


@pytest.mark.parametrize(
    ("arguments", "options", "phrase"),
    [
        (["absent.csv"], {}, "absent.csv : le fichier ne peut pas être lu ; vérifiez son chemin et les droits.\n"),
        (
            ["absent.csv"],
            {"bailleur": "RIEN"},
            "Le bailleur RIEN n'existe pas (bailleurs connus : DEMO2) ; voyez maintien organisme creer.\n",
        ),
        (["absent.csv"], {"profil": "sage"}, PROFIL_INCONNU),
    ],
)
def test_un_mauvais_usage_est_une_phrase_et_2(
    bailleur: Organisme, arguments: list[str], options: dict[str, str], phrase: str
) -> None:
    assert _lancer(*arguments, **options) == (2, "", phrase)
    with organisme_scope(bailleur):
        assert not Importation.objects.exists()


def test_un_import_deja_en_cours_donne_2(bailleur: Organisme, dossier: Path) -> None:
    fichier = dossier / "ecritures.csv"
    importation = deposit(bailleur, "pivot", [fichier], sonner=False)
    assert importation.execution is not None
    with organisme_scope(bailleur):
        ailleurs = {"machine": "une-autre-machine", "processus": 1}
        assert claim(importation.execution.pk, holder=ailleurs) is not None
    code, _, erreur = _lancer(fichier)
    assert code == 2
    assert "des mêmes fichiers est déjà en cours : attendez sa fin." in erreur


def test_un_rapport_impossible_a_ecrire_ne_perd_pas_l_import(
    bailleur: Organisme, dossier: Path, tmp_path: Path
) -> None:
    code, _, erreur = _lancer(dossier, "--rapport", tmp_path / "absent" / "rapport.csv", profil=dossier / "mien.yaml")
    assert code == 1
    assert "ne peut pas être écrit : vérifiez le dossier et les droits." in erreur


@pytest.mark.parametrize("quoi", ["baux.csv", "mien.yaml"])
def test_un_tube_au_lieu_d_un_fichier_n_attend_pas(
    bailleur: Organisme, dossier: Path, tmp_path: Path, quoi: str
) -> None:
    tube = tmp_path / "tube" / quoi
    tube.parent.mkdir()
    os.mkfifo(tube)
    fichier, profil = (tube, "pivot") if quoi == "baux.csv" else (dossier, tube)
    code, _, erreur = _lancer(fichier, profil=profil)
    assert code == 2
    assert "ce n'est pas un fichier ordinaire" in erreur


def test_l_echantillon_erp_a(bailleur: Organisme, donnees_reduites: Path) -> None:
    code, sortie, _ = _lancer(donnees_reduites / "erp_a_reduit", profil="erp_a")
    assert code == 1
    assert "24 refusées" in sortie
    assert "Les totaux concordent : 187 lignes, 9\u202f029,87\u00a0€." in sortie
    assert "… et 14 autres lignes refusées : --rapport FICHIER.csv les garde toutes." in sortie
