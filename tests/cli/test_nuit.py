"""`maintien nuit`: what is printed, the JSON, the exit codes."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer
from jsonschema import Draft202012Validator
from tests import fabriques
from tests.travaux.nuit.portefeuille import appeler, en_retard, equipe, mois
from typer.testing import CliRunner

from maintien.apps.organismes.models import Organisme
from maintien.apps.socle.portee import organisme_scope
from maintien.cli.nuit import nuit
from maintien.travaux.nuit.bilan import Bilan

pytestmark = pytest.mark.django_db
FORMATS = Path(__file__).parents[2] / "docs" / "formats"


PREMIERE = """\
HTR, passe du 12 octobre 2026
  Situations : 1 compte, dont 1 changé.
  Dossiers : 1 ouvert, 0 changé, 0 clos.
  Propositions : 1 nouvelle, 0 mise à jour, 0 périmée ; 1 proposition à faire.
"""


@pytest.fixture
def bailleur(settings: Any, tmp_path: Path) -> Organisme:
    settings.MAINTIEN_DONNEES = tmp_path / "donnees"
    organisme = fabriques.organisme("HTR", derniere_nuit=None)
    with organisme_scope(organisme):
        equipe()
        en_retard("Martinez")
    return organisme


def _lancer(*arguments: str) -> tuple[int, str, str]:
    """The landlord says that its books go far enough: these few accounts hardly pay."""
    return _lancer_seul(*arguments, "--livres-au", "2026-10-12")


def _lancer_seul(*arguments: str) -> tuple[int, str, str]:
    app = typer.Typer()
    app.command()(nuit)
    resultat = CliRunner().invoke(app, list(arguments))
    return resultat.exit_code, resultat.stdout, resultat.stderr


def test_la_passe_dit_ce_qui_a_change_puis_que_rien_n_a_change(bailleur: Organisme) -> None:
    premiere = _lancer("--bailleur", "HTR", "--au", "2026-10-12")
    seconde = _lancer("--bailleur", "HTR", "--au", "2026-10-12")

    assert premiere == (0, PREMIERE, "")
    assert seconde == (
        0,
        "HTR, passe du 12 octobre 2026\n  Rien n'a changé : 1 compte à jour, 1 proposition à faire.\n",
        "",
    )


def test_le_json_dit_cette_passe_et_toute_la_journee(bailleur: Organisme) -> None:
    _lancer("--bailleur", "HTR", "--au", "2026-10-12")

    code, sortie, _ = _lancer("--bailleur", "HTR", "--au", "2026-10-12", "--json")

    [resultat] = json.loads(sortie)
    assert code == 0
    assert (resultat["bailleur"], resultat["au"], resultat["change"]) == ("HTR", "2026-10-12", False)
    assert (resultat["bilan"]["dossiers_ouverts"], resultat["jour"]["dossiers_ouverts"]) == (0, 1)


def _schema() -> Draft202012Validator:
    lu = json.loads((FORMATS / "nuit.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(lu)
    return Draft202012Validator(lu)


def test_le_json_suit_son_schema(bailleur: Organisme) -> None:
    _, faite, _ = _lancer("--bailleur", "HTR", "--au", "2026-10-12", "--json")
    _, refusee, _ = _lancer("--bailleur", "HTR", "--au", "2026-10-11", "--json")

    assert [erreur.message for erreur in _schema().iter_errors(json.loads(faite))] == []
    assert [erreur.message for erreur in _schema().iter_errors(json.loads(refusee))] == []
    assert list(json.loads(refusee)[0]) == ["bailleur", "au", "refus"]


def test_l_exemple_suit_le_schema_et_le_produit() -> None:
    exemple = json.loads((FORMATS / "exemples" / "nuit.json").read_text(encoding="utf-8"))

    assert [erreur.message for erreur in _schema().iter_errors(exemple)] == []
    assert list(exemple[0]["bilan"]) == list(Bilan().as_json())


def test_tous_les_bailleurs_par_defaut(bailleur: Organisme) -> None:
    fabriques.organisme("AUTRE", derniere_nuit=None)

    code, sortie, _ = _lancer("--au", "2026-10-12")

    assert code == 0
    assert "AUTRE, passe du 12 octobre 2026" in sortie
    assert "HTR, passe du 12 octobre 2026" in sortie


def test_un_retour_en_arriere_est_une_phrase_et_le_code_2(bailleur: Organisme) -> None:
    _lancer("--bailleur", "HTR", "--au", "2026-10-12")

    code, sortie, erreur = _lancer("--bailleur", "HTR", "--au", "2026-10-11")

    assert (code, sortie) == (2, "")
    assert erreur == (
        "HTR a déjà une passe au 12 octobre 2026 : une passe ne revient pas en arrière, choisissez ce jour ou "
        "un jour suivant.\n"
    )


def test_un_refus_parmi_d_autres_rend_le_code_1(bailleur: Organisme) -> None:
    fabriques.organisme("AUTRE", derniere_nuit=None)
    _lancer("--bailleur", "HTR", "--au", "2026-10-12")

    code, sortie, erreur = _lancer("--au", "2026-10-11")

    assert code == 1
    assert "AUTRE, passe du 11 octobre 2026" in sortie
    assert erreur.startswith("HTR a déjà une passe")


def test_un_compte_sans_bail_rend_le_code_1(bailleur: Organisme) -> None:
    with organisme_scope(bailleur):
        appeler(fabriques.compte("SANSBAIL"), mois(date(2026, 9, 5), 2), payees=0)

    code, sortie, _ = _lancer("--bailleur", "HTR", "--au", "2026-10-12")

    assert code == 1
    assert "Comptes sans bail, non calculés : 1 (SANSBAIL). Importez leurs baux, puis relancez." in sortie


def test_un_code_inconnu_est_une_phrase_et_le_code_2(bailleur: Organisme) -> None:
    assert _lancer("--bailleur", "XXX") == (
        2,
        "",
        "Aucun bailleur n'a le code XXX ; bailleurs connus : HTR.\n",
    )


def test_sans_bailleur_on_dit_par_ou_commencer() -> None:
    assert _lancer() == (
        2,
        "",
        "Aucun bailleur n'est encore créé : commencez par maintien organisme creer.\n",
    )


def test_une_date_illisible_est_une_phrase_et_le_code_2() -> None:
    code, sortie, erreur = _lancer("--au", "12/10/2026")

    assert (code, sortie) == (2, "")
    assert erreur == "--au : date illisible : « 12/10/2026 » ; écrire AAAA-MM-JJ, par exemple 2020-04-30.\n"


def test_des_livres_arretes_se_disent_une_fois(bailleur: Organisme) -> None:
    code, sortie, _ = _lancer_seul("--bailleur", "HTR", "--au", "2026-10-12")

    # The last term that Martinez paid is that of 5 September.
    assert code == 0
    assert sortie == (
        "HTR, passe du 12 octobre 2026\n"
        "  Les écritures datent du 5 septembre 2026\u00a0: importez la suite. D’ici là, rien n’est proposé sur les "
        "jours suivants.\n"
        "  Situations : 1 compte, dont 1 changé.\n"
        "  Dossiers : 0 ouvert, 0 changé, 0 clos.\n"
        "  Propositions : 0 nouvelle, 0 mise à jour, 0 périmée ; 0 proposition à faire.\n"
    )


def test_un_essai_dit_qu_il_n_ecrit_rien(bailleur: Organisme) -> None:
    code, sortie, _ = _lancer("--bailleur", "HTR", "--au", "2026-10-12", "--essai")

    assert (code, sortie) == (
        0,
        PREMIERE.replace("HTR, passe", "HTR, essai de la passe") + "  Essai : rien n'est écrit.\n",
    )
    assert _lancer("--bailleur", "HTR", "--au", "2026-10-12") == (0, PREMIERE, "")


def test_un_jour_a_venir_est_une_phrase_et_le_code_2(bailleur: Organisme) -> None:
    code, sortie, erreur = _lancer("--bailleur", "HTR", "--au", "2099-10-12")

    assert (code, sortie) == (2, "")
    assert erreur.startswith("Le 12 octobre 2099 n'est pas encore venu")


@pytest.mark.parametrize("option", ["--au", "--livres-au"])
def test_un_jour_trop_ancien_est_une_phrase_et_le_code_2(bailleur: Organisme, option: str) -> None:
    code, sortie, erreur = _lancer_seul("--bailleur", "HTR", option, "0001-01-01")

    assert (code, sortie) == (2, "")
    assert erreur == (
        f"{option} : le 1er janvier 1 est avant le 1er janvier 2000, la première passe possible ; vérifiez l'année.\n"
    )
