"""Deposits: kept once, bounded, found again after a kill; profiles of the landlord."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests import fabriques
from tests.travaux.imports.aides import ECRITURES, chiffres, ecrire, ecriture, fichier_de, importer

from maintien.apps.comptes.models import FichierImporte, Importation
from maintien.apps.organismes.models import Organisme
from maintien.apps.socle.models import Evenement, Execution
from maintien.connecteurs.exports.erreurs import ExportError
from maintien.travaux.imports import deposit
from maintien.travaux.imports.depot import path_of
from maintien.travaux.imports.profils import available_profils, load_profil

PROFIL = """
profil: mien
version: 1
encodage: utf-8
separateur: ";"
limites: {octets: 200}
fichiers:
  - nom: journal
    genre: ecritures
    motif: '^journal'
    enregistrements:
      ecriture:
        reference: {colonne: piece}
        compte: {colonne: compte}
        date_comptable: {colonne: jour}
        code: {colonne: code}
        montant: {colonne: montant}
"""
JOURNAL = "piece;compte;jour;code;montant\nP1;C1;2020-04-01;LOY;12.00\n"


def test_un_fichier_est_conserve_une_fois_sous_son_empreinte(
    bailleur: Organisme, tmp_path: Path, settings: Any
) -> None:
    chemins = [ecrire(tmp_path / nom, "ecritures.csv", ECRITURES) for nom in ("un", "deux")]
    importation = deposit(bailleur, "pivot", chemins, sonner=False)
    fichiers = list(FichierImporte.objects.filter(importation=importation))
    assert len({f.chemin for f in fichiers}) == 1
    assert path_of(fichiers[0]).read_text(encoding="utf-8") == ECRITURES
    assert (fichiers[0].taille, len(fichiers[0].empreinte)) == (len(ECRITURES), 64)
    depots = Path(settings.MAINTIEN_DONNEES) / "depots"
    assert len([f for f in depots.rglob("*") if f.is_file()]) == 1


def test_un_televersement_garde_le_dernier_morceau_de_son_nom(bailleur: Organisme) -> None:
    envoye = SimpleUploadedFile("x.csv", ECRITURES.encode())
    envoye.name = "C:\\Export\\..\\ecritures\x07.csv"
    responsable = fabriques.utilisateur()
    importation = deposit(bailleur, "pivot", [envoye], responsable, sonner=False)
    assert fichier_de(importation).nom == "ecritures.csv"
    assert importation.demandee_par == responsable
    evenement = Evenement.objects.get(acte="import.deposer")
    assert (evenement.acteur_id, evenement.details) == (responsable.pk, {"profil": "pivot", "fichiers": 1})


def test_le_meme_depot_inacheve_est_repris(bailleur: Organisme, tmp_path: Path) -> None:
    chemin = ecrire(tmp_path, "ecritures.csv", ECRITURES + ecriture("E1"))
    premier = deposit(bailleur, "pivot", [chemin], sonner=False)
    assert deposit(bailleur, "pivot", [chemin], sonner=False).pk == premier.pk
    autre = ecrire(tmp_path, "ecritures.csv", ECRITURES + ecriture("E2"))
    assert deposit(bailleur, "pivot", [autre], sonner=False).pk != premier.pk
    importer(bailleur, [autre])
    assert deposit(bailleur, "pivot", [autre], sonner=False).pk > premier.pk + 1


def test_un_depot_sonne_pour_le_travailleur(
    bailleur: Organisme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sonnes: list[int] = []
    monkeypatch.setattr("maintien.travaux.imports.depot.ring", sonnes.append)
    importation = deposit(bailleur, "pivot", [ecrire(tmp_path, "ecritures.csv", ECRITURES)])
    assert sonnes == [Execution.objects.get(importation=importation).pk]


@pytest.mark.parametrize(
    ("profil", "fichiers", "phrase"),
    [
        ("sage", ["ecritures.csv"], "Le profil « sage » n'existe pas"),
        ("pivot", [], "aucun fichier n'est donné"),
        ("pivot", ["absent.csv"], "absent.csv : le fichier ne peut pas être lu"),
        ("absent.yaml", ["ecritures.csv"], "absent.yaml, début du fichier : le fichier ne peut pas être lu"),
    ],
)
def test_un_depot_impossible_est_une_phrase_et_n_ecrit_rien(
    bailleur: Organisme, tmp_path: Path, profil: str, fichiers: list[str], phrase: str
) -> None:
    ecrire(tmp_path, "ecritures.csv", ECRITURES)
    with pytest.raises(ExportError, match=phrase):
        deposit(bailleur, profil, [tmp_path / nom for nom in fichiers], sonner=False)
    assert not Importation.objects.exists()
    assert not Execution.objects.exists()


def test_un_profil_du_bailleur_est_conserve_avec_son_contenu(bailleur: Organisme, tmp_path: Path) -> None:
    profil = ecrire(tmp_path, "mien.yaml", PROFIL)
    importation = importer(bailleur, [ecrire(tmp_path, "journal.csv", JOURNAL)], str(profil))
    assert chiffres(importation) == (1, 0, 0)
    profil.write_text("abîmé depuis", encoding="utf-8")
    assert importation.profil.startswith("mien-")
    assert load_profil(importation.profil, bailleur).nom == "mien"
    assert [propose.nom for propose in available_profils(bailleur)[0]] == ["erp_a", "pivot", importation.profil]


def test_le_profil_d_un_bailleur_n_est_pas_propose_a_un_autre(
    bailleur: Organisme, autre_bailleur: Organisme, tmp_path: Path
) -> None:
    importation = importer(
        bailleur, [ecrire(tmp_path, "journal.csv", JOURNAL)], str(ecrire(tmp_path, "mien.yaml", PROFIL))
    )

    assert [propose.nom for propose in available_profils(autre_bailleur)[0]] == ["erp_a", "pivot"]
    with pytest.raises(ExportError, match="n'existe pas ; profils livrés : erp_a, pivot"):
        load_profil(importation.profil, autre_bailleur)


def test_un_profil_illisible_est_une_phrase_et_n_empeche_pas_les_autres(bailleur: Organisme, settings: Any) -> None:
    dossier = Path(settings.MAINTIEN_DONNEES) / "profils" / "BAILLEUR"
    ecrire(dossier, "bon.yaml", PROFIL)
    ecrire(dossier, "Mon profil.yaml", PROFIL)
    ecrire(dossier, "pivot.yaml", PROFIL)
    ecrire(dossier, "casse.yaml", "profil: [")
    (dossier / "dossier.yaml").mkdir()

    proposes, phrases = available_profils(bailleur)

    assert [propose.nom for propose in proposes] == ["erp_a", "pivot", "bon"]
    assert [phrase.split(" : ")[0].split(",")[0] for phrase in phrases] == [
        "Profil Mon profil.yaml",
        "Profil pivot.yaml",
        "Profil casse.yaml",
    ]


def test_un_profil_du_bailleur_ne_prend_pas_le_nom_d_un_profil_livre(bailleur: Organisme, tmp_path: Path) -> None:
    profil = ecrire(tmp_path, "mien.yaml", PROFIL.replace("profil: mien", "profil: pivot"))
    with pytest.raises(ExportError, match="est le nom d'un profil livré"):
        deposit(bailleur, str(profil), [ecrire(tmp_path, "journal.csv", JOURNAL)], sonner=False)


def test_un_fichier_trop_gros_est_refuse_sans_laisser_de_trace(
    bailleur: Organisme, tmp_path: Path, settings: Any
) -> None:
    profil = ecrire(tmp_path, "mien.yaml", PROFIL)
    gros = ecrire(tmp_path, "journal.csv", JOURNAL + "x" * 300)
    with pytest.raises(ExportError, match=r"journal\.csv : il pèse plus que"):
        deposit(bailleur, str(profil), [gros], sonner=False)
    assert [f for f in (Path(settings.MAINTIEN_DONNEES) / "depots").rglob("*") if f.is_file()] == []


@pytest.mark.parametrize("nom", ["../../etc/passwd", "mien/../x", "", "x\0"])
def test_un_nom_de_profil_ne_sort_pas_de_son_dossier(bailleur: Organisme, nom: str) -> None:
    with pytest.raises(ExportError):
        load_profil(nom, bailleur)
