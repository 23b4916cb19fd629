"""`maintien base`: the SQL of the two roles, and what a SQLite installation is told."""

import pytest
from django.db import connection
from typer.testing import CliRunner

from maintien.cli.base import groupe


def _lancer(*arguments: str) -> tuple[int, str, str]:
    resultat = CliRunner().invoke(groupe, list(arguments))
    return resultat.exit_code, resultat.stdout, resultat.stderr


def test_les_ordres_creent_deux_roles_sans_privilege() -> None:
    code, sortie, _ = _lancer("roles", "--application", "appli", "--proprietaire", "maitre", "--base", "loyers")

    assert code == 0
    assert "CREATE ROLE maitre LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;" in sortie
    assert "CREATE ROLE appli LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;" in sortie
    assert "CREATE DATABASE loyers OWNER maitre" in sortie
    assert "GRANT CONNECT, TEMPORARY ON DATABASE loyers TO appli;" in sortie
    assert "\\password maitre, puis \\password appli" in sortie


@pytest.mark.parametrize("nom", ["Maintien", "maintien; DROP TABLE x", "é", "", "1a", "a" * 64])
def test_un_nom_qui_n_en_est_pas_un_est_refuse(nom: str) -> None:
    code, sortie, erreur = _lancer("roles", "--application", nom)

    assert (code, sortie) == (2, "")
    assert "ne peut pas être un nom ici" in erreur


def test_il_faut_deux_roles() -> None:
    assert _lancer("roles", "--application", "m", "--proprietaire", "m") == (
        2,
        "",
        "Il faut deux rôles différents : celui de l'application ne doit rien posséder.\n",
    )


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="la phrase est celle de SQLite")
def test_sur_sqlite_il_n_y_a_rien_a_verifier() -> None:
    code, sortie, _ = _lancer("verifier")

    assert code == 0
    assert sortie.startswith("Base SQLite : le filtre du logiciel tient seul les organismes à part")
