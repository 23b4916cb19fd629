"""`maintien utilisateurs`: what is printed, and the exit codes."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from tests import fabriques
from typer.testing import CliRunner

from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance, Organisme, Utilisateur
from maintien.apps.socle.models import Evenement
from maintien.apps.socle.portee import organisme_scope
from maintien.cli.utilisateurs import groupe

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisme() -> Organisme:
    return fabriques.organisme("HTR")


def _lancer(*arguments: str) -> tuple[int, str, str]:
    resultat = CliRunner().invoke(groupe, list(arguments))
    return resultat.exit_code, resultat.stdout, resultat.stderr


def test_importer_imprime_le_lien_de_chacun(organisme: Organisme, tmp_path: Path) -> None:
    fichier = tmp_path / "u.csv"
    fichier.write_text("courriel,role\nines@b.example,cesf\n", encoding="utf-8")

    a_blanc = _lancer("importer", str(fichier), "--organisme", "HTR", "--a-blanc")
    assert a_blanc == (0, "Accès à créer : 1 ; déjà connus : 0.\n", "")
    code, sortie, _ = _lancer("importer", str(fichier), "--organisme", "HTR", "--site", "https://m.example/")

    assert code == 0
    assert re.fullmatch(
        r"Accès créés : 1 ; déjà connus : 0\.\nines@b\.example : https://m\.example/compte/invitation/[\w-]{43}/\n",
        sortie,
    )
    assert _lancer("importer", str(fichier), "--organisme", "HTR")[1] == "Accès créés : 0 ; déjà connus : 1.\n"


def test_un_fichier_faux_dit_ou_et_rend_2(organisme: Organisme, tmp_path: Path) -> None:
    fichier = tmp_path / "u.csv"
    fichier.write_text("courriel,role\nines@b.example,chef\n", encoding="utf-8")

    code, sortie, erreur = _lancer("importer", str(fichier), "--organisme", "HTR")

    assert (code, sortie) == (2, "")
    assert erreur.startswith("u.csv, ligne 2, colonne role : « chef » n’existe pas")
    assert erreur.endswith("Rien n'est écrit.\n")
    assert _lancer("importer", str(tmp_path / "absent.csv"), "--organisme", "HTR")[0] == 2
    assert _lancer("importer", str(fichier), "--organisme", "XYZ")[0] == 2


def test_suspendre_les_inactifs(organisme: Organisme) -> None:
    with organisme_scope(organisme):
        fabriques.membre(Role.CESF, active_depuis=timezone.now() - timedelta(days=31))

    assert _lancer("suspendre-inactifs", "--jours", "30") == (0, "Accès suspendus : 1.\n", "")
    with organisme_scope(organisme):
        assert Appartenance.objects.get().actif is False


def test_l_exploitant_retablit_meme_un_compte_de_deux_organismes(organisme: Organisme) -> None:
    with organisme_scope(organisme):
        membre = fabriques.membre(Role.CESF, email="lea@assoc.example")
    with organisme_scope(fabriques.organisme("AUTRE")):
        fabriques.membre(Role.CESF, utilisateur=membre.utilisateur)

    code, sortie, _ = _lancer("retablir", "Lea@assoc.example", "--organisme", "HTR")

    assert code == 0
    assert re.search(r"/compte/invitation/[\w-]{43}/$", sortie.strip())
    assert not Utilisateur.objects.get(pk=membre.utilisateur_id).has_usable_password()
    with organisme_scope(organisme):
        assert Evenement.objects.get(acte="utilisateur.retablir").acteur is None
    assert _lancer("retablir", "personne@b.example", "--organisme", "HTR")[0] == 2
