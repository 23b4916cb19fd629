"""`maintien organisme`: what is printed, and the exit codes."""

import re
from datetime import date

import pytest
from pytest_django import Settings
from tests import fabriques
from typer.testing import CliRunner

from maintien.apps.organismes.models import Appartenance, Organisme
from maintien.apps.socle.enums import NomReglage
from maintien.apps.socle.models import Evenement
from maintien.apps.socle.portee import organisme_scope
from maintien.apps.socle.reglages import setting
from maintien.cli.organisme import groupe

pytestmark = pytest.mark.django_db


def _lancer(*arguments: str) -> tuple[int, str, str]:
    resultat = CliRunner().invoke(groupe, list(arguments))
    return resultat.exit_code, resultat.stdout, resultat.stderr


def test_creer_imprime_le_lien_de_l_administrateur() -> None:
    code, sortie, _ = _lancer(
        "creer", "--code", "HTR", "--nom", "Habitat des Trois Rivières", "--administrateur", "a@bailleur.example",
        "--site", "https://maintien.bailleur.example/",
    )  # fmt: skip

    assert code == 0
    assert "Organisme HTR créé : Habitat des Trois Rivières." in sortie
    assert "a@bailleur.example" in sortie
    assert re.search(r"^https://maintien\.bailleur\.example/compte/invitation/[\w-]{43}/$", sortie, re.M)


def test_sans_option_le_lien_porte_l_adresse_du_site(settings: Settings) -> None:
    settings.MAINTIEN_SITE = "http://127.0.0.1:8133"

    _, sortie, _ = _lancer("creer", "--code", "HTR", "--nom", "Trois", "--administrateur", "a@bailleur.example")

    assert re.search(r"^http://127\.0\.0\.1:8133/compte/invitation/", sortie, re.M)


def test_un_code_deja_pris_est_une_phrase_et_le_code_2() -> None:
    Organisme.objects.create(code="HTR", nom="Ancien")

    code, sortie, erreur = _lancer("creer", "--code", "HTR", "--nom", "X", "--administrateur", "a@bailleur.example")

    assert (code, sortie) == (2, "")
    assert erreur == "Le code HTR est déjà celui de « Ancien » : en choisir un autre.\n"


def test_un_secteur_puis_un_utilisateur_du_secteur() -> None:
    organisme = fabriques.organisme("HTR")

    secteur = _lancer(
        "secteur", "--bailleur", "HTR", "--code", "GIV", "--nom", "Givors",
        "--rattache", "commune=Givors", "--rattache", "residence=La Forge 3",
    )  # fmt: skip
    utilisateur = _lancer(
        "utilisateur", "--bailleur", "HTR", "--courriel", "ines@bailleur.example", "--role", "cesf",
        "--secteur", "GIV", "--prenom", "Inès", "--nom", "Roux", "--minutes", "180",
    )  # fmt: skip

    assert secteur == (0, "Secteur GIV créé chez HTR : Givors (2 rattachements).\n", "")
    assert utilisateur[0] == 0
    assert "ines@bailleur.example : conseiller en économie sociale et familiale." in utilisateur[1]
    with organisme_scope(organisme):
        appartenance = Appartenance.objects.select_related("utilisateur", "secteur").get()
        assert (appartenance.secteur.code, str(appartenance.utilisateur)) == ("GIV", "Inès Roux")
        assert appartenance.minutes_par_jour == 180


def test_un_bailleur_inconnu_nomme_ceux_qui_existent() -> None:
    fabriques.organisme("HTR")

    code, _, erreur = _lancer("utilisateur", "--bailleur", "XYZ", "--courriel", "a@b.example", "--role", "cesf")

    assert code == 2
    assert erreur == "L'organisme XYZ n'existe pas (organismes connus : HTR).\n"


def test_qui_a_deja_un_mot_de_passe_le_garde() -> None:
    with organisme_scope(fabriques.organisme("AUTRE")):
        fabriques.membre(email="lea@assoc.example")
    fabriques.organisme("HTR")

    _, sortie, _ = _lancer("utilisateur", "--bailleur", "HTR", "--courriel", "lea@assoc.example", "--role", "cesf")

    assert "lea@assoc.example garde le mot de passe qu'il a déjà." in sortie
    assert "http" not in sortie


def test_un_reglage_vaut_a_partir_de_son_jour() -> None:
    organisme = fabriques.organisme("HTR")

    pose = _lancer("regler", "--bailleur", "HTR", "--reglage", "extraction_menages", "--valeur", "50",
                   "--depuis", "2026-12-01")  # fmt: skip
    trop = _lancer("regler", "--bailleur", "HTR", "--reglage", "journal_mois", "--valeur", "3")
    inconnu = _lancer("regler", "--bailleur", "HTR", "--reglage", "autre", "--valeur", "3")

    assert pose == (0, "HTR : ménages exportés par personne et par jour, 50 à partir du 1er décembre 2026.\n", "")
    assert trop == (2, "", "« mois de conservation du journal » : un nombre de 6 à 60, pas 3.\n")
    assert inconnu[0] == 2
    with organisme_scope(organisme):
        assert setting(NomReglage.EXTRACTION_MENAGES, date(2026, 11, 30)) == 200
        assert setting(NomReglage.EXTRACTION_MENAGES, date(2026, 12, 1)) == 50
        assert Evenement.objects.get().details["avant"] == 200
