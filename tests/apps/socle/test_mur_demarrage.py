"""A start as it happens: real processes, with the address that the settings read, on roles that must not serve."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from typer.testing import CliRunner

from maintien.apps.socle import controles
from maintien.apps.socle.postgresql.roles import refuse_role
from maintien.cli.base import groupe

RACINE = Path(__file__).resolve().parents[3]
SECRET = "".join(chr(33 + i) for i in range(60))
pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="les rôles sont ceux de PostgreSQL"),
    pytest.mark.django_db(transaction=True),
]


def _adresse(role: str, base: str = "") -> str:
    lue = urlsplit(os.environ["MAINTIEN_BASE"])
    ou = lue.netloc.rpartition("@")[2]
    return urlunsplit(lue._replace(netloc=f"{role}@{ou}", path=f"/{base or connection.settings_dict['NAME']}"))


PROPRIETAIRE = urlsplit(os.environ.get("MAINTIEN_BASE_PROPRIETAIRE", "")).username or ""
APPLICATION = urlsplit(os.environ.get("MAINTIEN_BASE", "")).username or ""


def _python(
    tmp_path: Path, *arguments: str, role: str = APPLICATION, base: str = "", reglages: str = "demo", **variables: str
) -> subprocess.CompletedProcess[str]:
    propres = {nom: valeur for nom, valeur in os.environ.items() if not nom.startswith(("MAINTIEN_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, *arguments],
        env={
            **propres,
            "PYTHONPATH": str(RACINE / "src"),
            "MAINTIEN_DONNEES": str(tmp_path),
            "MAINTIEN_BASE": _adresse(role, base),
            "DJANGO_SETTINGS_MODULE": f"maintien.config.settings.{reglages}",
            **variables,
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def superutilisateur() -> Iterator[psycopg.Connection]:
    """That of the private server of the tests."""
    try:
        connexion = psycopg.connect(_adresse("postgres", "postgres"), autocommit=True)
    except psycopg.OperationalError:
        pytest.skip("le serveur des tests n'a pas de superutilisateur « postgres » ouvert")
    with connexion:
        yield connexion


COMMANDES = {
    "site": ("-c", "import maintien.config.wsgi"),
    "travailleur": ("-m", "maintien.cli", "travailleur", "--une-fois"),
}


def test_l_examen_de_django_le_dit_aussi(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuser(_: object) -> list[str]:
        raise ImproperlyConfigured("Démarrage refusé : le rôle « x »")

    monkeypatch.setattr(controles, "faults", refuser)

    [erreur] = controles.check_mur(["default"])
    assert (erreur.id, erreur.msg) == ("maintien.E002", "Démarrage refusé : le rôle « x »")


@pytest.mark.parametrize("quoi", COMMANDES)
def test_rien_ne_demarre_avec_le_proprietaire(quoi: str, tmp_path: Path) -> None:
    fait = _python(tmp_path, *COMMANDES[quoi], role=PROPRIETAIRE)

    assert fait.returncode != 0
    assert f"Démarrage refusé : le rôle « {PROPRIETAIRE} » de MAINTIEN_BASE possède des tables (« " in fait.stderr


@pytest.mark.parametrize(
    ("droit", "raison"),
    [
        ("SUPERUSER", "est superutilisateur, et la base"),
        ("BYPASSRLS", "passe outre les politiques (BYPASSRLS), et la base"),
        ("IN ROLE postgres", "est superutilisateur, par le rôle « postgres » dont il est membre, et la base"),
        (f"IN ROLE {PROPRIETAIRE}", "possède des tables (« "),
    ],
)
def test_un_role_au_dessus_des_politiques_est_refuse(
    droit: str, raison: str, superutilisateur: psycopg.Connection
) -> None:
    nom = f"essai_{os.getpid()}"
    superutilisateur.execute(f"CREATE ROLE {nom} LOGIN {droit}")
    try:
        with psycopg.connect(_adresse(nom), autocommit=True) as connexion:
            refus = refuse_role(connexion)
    finally:
        superutilisateur.execute(f"DROP ROLE {nom}")

    assert refus.startswith(f"Démarrage refusé : le rôle « {nom} » de MAINTIEN_BASE {raison}")


def test_l_application_demarre_et_la_base_se_dit_saine(tmp_path: Path) -> None:
    site = _python(tmp_path, *COMMANDES["site"])
    verifiee = _python(tmp_path, "-m", "maintien.cli", "base", "verifier")

    assert (site.returncode, site.stderr) == (0, "")
    assert verifiee.returncode == 0
    assert verifiee.stdout.startswith("La base tient chaque organisme à part : ")


def test_la_production_passe_l_examen_de_django_base_comprise(tmp_path: Path) -> None:
    fait = _python(
        tmp_path,
        *("-m", "django", "check", "--deploy", "--fail-level", "WARNING", "--database", "default"),
        reglages="prod",
        MAINTIEN_CLE_SECRETE=SECRET,
        MAINTIEN_CLE_JOURNAL=f"2026:{'j' * 43}",
        MAINTIEN_HOTES="maintien.bailleur.example",
    )

    assert (fait.returncode, fait.stdout) == (0, "System check identified no issues (0 silenced).\n"), fait.stderr


def test_sans_le_proprietaire_les_tables_ne_changent_pas(tmp_path: Path) -> None:
    fait = _python(tmp_path, "-m", "maintien.cli", "base", "migrer")

    assert (fait.returncode, fait.stdout) == (2, "")
    assert "donnez son adresse de connexion dans MAINTIEN_BASE_PROPRIETAIRE" in fait.stderr


def test_une_base_faite_par_nos_ordres_se_migre_et_sert(tmp_path: Path, superutilisateur: psycopg.Connection) -> None:
    """The SQL of `maintien base roles`, passed to the server, then the commands that follow it in the guide."""
    application, proprietaire, base = (f"{nom}_{os.getpid()}" for nom in ("app", "prop", "base"))
    noms = ("--application", application, "--proprietaire", proprietaire, "--base", base)
    ordres = CliRunner().invoke(groupe, ["roles", *noms]).stdout
    avant, apres = ordres.split(f"\\connect {base}")
    try:
        for ordre in _sans_commentaire(avant):
            superutilisateur.execute(ordre)
        with psycopg.connect(_adresse("postgres", base), autocommit=True) as dedans:
            for ordre in _sans_commentaire(apres):
                dedans.execute(ordre)
        acces = {"role": application, "base": base}
        migree = _python(
            tmp_path,
            *("-m", "maintien.cli", "base", "migrer"),
            **acces,
            MAINTIEN_BASE_PROPRIETAIRE=_adresse(proprietaire, base),
        )
        creer = ("organisme", "creer", "--code", "HTR", "--nom", "Trois Rivières", "--administrateur", "a@b.example")
        creee = _python(tmp_path, "-m", "maintien.cli", *creer, **acces)
    finally:
        superutilisateur.execute(f"DROP DATABASE IF EXISTS {base} WITH (FORCE)")
        superutilisateur.execute(f"DROP ROLE IF EXISTS {application}")
        superutilisateur.execute(f"DROP ROLE IF EXISTS {proprietaire}")

    assert (migree.returncode, migree.stdout) == (0, "La base est à jour.\n"), migree.stderr
    assert creee.stdout.startswith("Organisme HTR créé"), creee.stderr


def _sans_commentaire(texte: str) -> list[str]:
    lignes = [ligne for ligne in texte.splitlines() if not ligne.startswith("--")]
    return [ordre.strip() for ordre in "\n".join(lignes).split(";") if ordre.strip()]
