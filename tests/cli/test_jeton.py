"""`maintien jeton`: the secret once, the list, the revocation, one sentence for each error."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from tests import fabriques
from typer.testing import CliRunner

from maintien.apps.organismes.jetons import authenticate
from maintien.apps.socle.portee import organisme_scope
from maintien.cli.jeton import groupe

pytestmark = pytest.mark.django_db


def _lancer(*arguments: str) -> tuple[int, str, str]:
    resultat = CliRunner().invoke(groupe, list(arguments))
    return resultat.exit_code, resultat.stdout, resultat.stderr


def _creer(*options: str) -> tuple[int, str, str]:
    return _lancer("creer", "--bailleur", "HTR", "--nom", "Progiciel", "--portee", "situations:lire", *options)


def test_creer_imprime_le_jeton_une_fois_et_la_liste_jamais() -> None:
    fabriques.organisme("HTR")
    code, sortie, _ = _creer("--portee", "dossiers:lire")

    texte = sortie.splitlines()[-1]
    jeton = authenticate(texte)
    assert code == 0
    assert jeton is not None
    fin = (timezone.localdate() + timedelta(days=90)).isoformat()
    assert f"Jeton {jeton.prefixe} créé, valable jusqu'au {fin} compris." in sortie
    assert jeton.portees == ["dossiers:lire", "situations:lire"]
    code, liste, _ = _lancer("lister", "--bailleur", "HTR")
    assert code == 0
    assert liste == (
        f"{jeton.prefixe}  valable  dossiers:lire, situations:lire  secteur : tous  expire le {fin}  "
        "dernier usage : jamais  Progiciel\n"
    )
    assert texte.split("_")[2] not in liste


def test_revoquer_puis_le_redire() -> None:
    organisme = fabriques.organisme("HTR")
    with organisme_scope(organisme):
        cree = fabriques.jeton()
    arguments = ("revoquer", "--bailleur", "HTR", "--prefixe", cree.jeton.prefixe, "--motif", "perdu")

    assert _lancer(*arguments) == (0, f"Jeton {cree.jeton.prefixe} révoqué.\n", "")
    assert _lancer(*arguments) == (0, f"Le jeton {cree.jeton.prefixe} était déjà révoqué.\n", "")
    assert authenticate(cree.texte) is None
    assert re.match(rf"{cree.jeton.prefixe}  révoqué  ", _lancer("lister", "--bailleur", "HTR")[1])


def test_le_jeton_d_un_autre_bailleur_n_existe_pas() -> None:
    fabriques.organisme("HTR")
    with organisme_scope(fabriques.organisme("AUTRE")):
        cree = fabriques.jeton()

    code, _, erreur = _lancer("revoquer", "--bailleur", "HTR", "--prefixe", cree.jeton.prefixe)

    assert code == 2
    assert erreur == f"Le jeton {cree.jeton.prefixe} n'existe pas chez HTR : voir « maintien jeton lister ».\n"
    assert authenticate(cree.texte) is not None
    assert _lancer("lister", "--bailleur", "HTR")[1] == "Aucun jeton chez HTR.\n"


@pytest.mark.parametrize(
    ("options", "attendu"),
    [
        (("--portee", "tout"), "Une portée est à choisir parmi situations:lire, dossiers:lire.\n"),
        (("--secteur", "LUNE"), "Le secteur LUNE n'existe pas chez HTR.\n"),
    ],
)
def test_une_demande_impossible_est_une_phrase_et_le_code_2(options: tuple[str, ...], attendu: str) -> None:
    fabriques.organisme("HTR")

    assert _creer(*options) == (2, "", attendu)


def test_un_bailleur_inconnu_est_une_phrase() -> None:
    code, _, erreur = _lancer("lister", "--bailleur", "HTR")

    assert (code, erreur) == (2, "L'organisme HTR n'existe pas (organismes connus : aucun).\n")
