"""What settings read from the outside, and what production refuses."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from maintien.config import environnement

RACINE = Path(__file__).resolve().parents[2]


def test_la_cle_secrete_est_faite_une_fois_et_lisible_de_son_seul_proprietaire(tmp_path: Path) -> None:
    dossier = tmp_path / "donnees"

    cle = environnement.cle_secrete(dossier)

    assert len(cle) >= 50
    assert environnement.cle_secrete(dossier) == cle
    assert stat.S_IMODE((dossier / "cle_secrete").stat().st_mode) == 0o600
    assert [fichier.name for fichier in dossier.iterdir()] == ["cle_secrete"]


def test_deux_demarrages_simultanes_gardent_la_meme_cle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other process wrote its key between our look and our write."""
    vrai_lien = os.link

    def lien_tardif(source: Path, cible: Path) -> None:
        cible.write_text("la-cle-de-l-autre", encoding="utf-8")
        vrai_lien(source, cible)

    monkeypatch.setattr(os, "link", lien_tardif)

    assert environnement.cle_secrete(tmp_path) == "la-cle-de-l-autre"


def test_sans_adresse_la_base_est_sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAINTIEN_BASE", raising=False)

    base = environnement.base_de_donnees(tmp_path)

    assert base["NAME"] == tmp_path / "maintien.sqlite3"
    assert base["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_une_adresse_postgresql_est_lue_avec_ses_caracteres_codes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAINTIEN_BASE", "postgresql://maintien:mot%20de%2Fpasse@db.interne:5433/maintien")

    base = environnement.base_de_donnees(tmp_path)

    lus = [base[champ] for champ in ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")]
    assert lus == ["maintien.apps.socle.postgresql", "maintien", "maintien", "mot de/passe", "db.interne", "5433"]


def test_le_proprietaire_des_tables_a_son_adresse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAINTIEN_BASE", "postgresql://appli:x@db:5433/maintien?sslmode=require")
    monkeypatch.delenv("MAINTIEN_BASE_PROPRIETAIRE", raising=False)
    assert environnement.base_de_donnees(tmp_path)["PROPRIETAIRE"] == {}

    monkeypatch.setenv("MAINTIEN_BASE_PROPRIETAIRE", "postgresql://maitre:y%20z@db/maintien?sslmode=verify-full")
    assert environnement.base_de_donnees(tmp_path)["PROPRIETAIRE"] == {
        "user": "maitre",
        "password": "y z",
        "host": "db",
        "sslmode": "verify-full",
    }


@pytest.mark.parametrize(
    ("adresse", "phrase"),
    [
        ("postgresql://maitre@db/autre", "MAINTIEN_BASE_PROPRIETAIRE doit mener à la même base que MAINTIEN_BASE"),
        ("maitre", "MAINTIEN_BASE_PROPRIETAIRE doit avoir la forme postgresql://"),
        ("postgresql://maitre@db/maintien?x=1", "MAINTIEN_BASE_PROPRIETAIRE : l'option « x » n'est pas connue"),
    ],
)
def test_une_adresse_de_proprietaire_illisible_est_refusee(
    adresse: str, phrase: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAINTIEN_BASE", "postgresql://appli@db/maintien")
    monkeypatch.setenv("MAINTIEN_BASE_PROPRIETAIRE", adresse)

    with pytest.raises(ImproperlyConfigured, match=f"^{phrase}"):
        environnement.base_de_donnees(tmp_path)


@pytest.mark.parametrize("adresse", ["mysql://a:b@c/d", "postgresql://a:b@c", "n'importe quoi"])
def test_une_adresse_illisible_est_refusee_en_une_phrase(
    adresse: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAINTIEN_BASE", adresse)

    with pytest.raises(ImproperlyConfigured, match="doit avoir la forme postgresql://"):
        environnement.base_de_donnees(tmp_path)


_TLS = "postgresql://m:x@db:5432/m?sslmode=verify-full&sslrootcert=/etc/ca%20interne.pem"


def test_les_options_de_connexion_sont_transmises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAINTIEN_BASE", _TLS)
    monkeypatch.delenv("MAINTIEN_BASE_PROPRIETAIRE", raising=False)

    assert environnement.base_de_donnees(tmp_path)["OPTIONS"] == {
        "options": "-c lock_timeout=20s",
        "sslmode": "verify-full",
        "sslrootcert": "/etc/ca interne.pem",
    }


@pytest.mark.parametrize(
    ("adresse", "phrase"),
    [
        ("postgresql://m:x@db/m?sslmod=require", "l'option « sslmod » n'est pas connue"),
        ("postgresql://m:x@db/m?options=-c%20role%3Dx", "l'option « options » n'est pas connue"),
        ("postgresql://m:x@db/m?sslmode=", "l'option « sslmode » est vide ou donnée deux fois"),
        ("postgresql://m:x@db/m?sslmode=require&sslmode=disable", "l'option « sslmode » est vide ou donnée deux fois"),
        ("postgresql://m:x@db/m?sslmode", r"port/base\?option=valeur&option=valeur"),
        ("postgresql://m:x@db:abc/m", "le port est un nombre de 1 à 65535"),
        ("postgresql://m:x@db:99999/m", "le port est un nombre de 1 à 65535"),
        ("postgresql://m:x@db/m#x", "doit avoir la forme"),
    ],
)
def test_ce_qui_ne_se_comprend_pas_dans_l_adresse_est_refuse(
    adresse: str, phrase: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAINTIEN_BASE", adresse)

    with pytest.raises(ImproperlyConfigured, match=phrase):
        environnement.base_de_donnees(tmp_path)


def test_un_reglage_illisible_est_une_phrase_en_ligne_de_commande(tmp_path: Path) -> None:
    propres = {nom: valeur for nom, valeur in os.environ.items() if not nom.startswith(("MAINTIEN_", "DJANGO_"))}
    resultat = subprocess.run(
        [sys.executable, "-m", "maintien.cli", "nuit"],
        env={**propres, "PYTHONPATH": str(RACINE / "src"), "MAINTIEN_DONNEES": str(tmp_path), "MAINTIEN_BASE": "x"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert resultat.returncode == 2
    assert resultat.stderr.startswith("MAINTIEN_BASE doit avoir la forme postgresql://")
    assert len(resultat.stderr.splitlines()) == 1


def test_le_dossier_des_donnees_est_ferme_aux_autres(tmp_path: Path) -> None:
    ouvert = tmp_path / "ouvert"
    ouvert.mkdir(mode=0o755)
    neuf = tmp_path / "a" / "neuf"

    for dossier in (ouvert, neuf):
        environnement.protect_folder(dossier)
        assert stat.S_IMODE(dossier.stat().st_mode) == 0o700

    (tmp_path / "fichier").touch()
    with pytest.raises(ImproperlyConfigured, match="ne peut pas être réservé à l'utilisateur du service"):
        environnement.protect_folder(tmp_path / "fichier" / "donnees")


_ENTREES = [
    "import runpy, sys; sys.argv = ['maintien', 'bidule']; runpy.run_module('maintien.cli', run_name='__main__')",
    "import maintien.config.wsgi",
    "import maintien.config.asgi",
]


@pytest.mark.parametrize("entree", _ENTREES)
def test_ce_qu_un_processus_ecrit_est_pour_lui_seul(entree: str, tmp_path: Path) -> None:
    programme = (
        f"import atexit, os; os.umask(0o022); atexit.register(lambda: print('umask', oct(os.umask(0)))); {entree}"
    )
    resultat = subprocess.run(
        [sys.executable, "-c", programme],
        env={
            **os.environ,
            "PYTHONPATH": str(RACINE / "src"),
            "MAINTIEN_DONNEES": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "maintien.config.settings.demo",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert resultat.stdout.splitlines()[-1] == "umask 0o77"


def test_les_donnees_vont_ou_on_le_demande(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAINTIEN_DONNEES", "/srv/maintien")
    assert environnement.dossier_donnees() == Path("/srv/maintien")

    monkeypatch.delenv("MAINTIEN_DONNEES")
    assert environnement.dossier_donnees() == RACINE / "var"


def _django(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    propres = {nom: valeur for nom, valeur in os.environ.items() if not nom.startswith(("MAINTIEN_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "django", *arguments],
        cwd=RACINE,
        env={**propres, "PYTHONPATH": "src", **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_la_production_passe_l_examen_de_django(tmp_path: Path) -> None:
    resultat = _production("check", "--deploy", "--fail-level", "WARNING", donnees=tmp_path)

    assert resultat.returncode == 0, resultat.stderr


def test_l_examen_de_django_dit_que_le_site_ne_doit_pas_connaitre_le_proprietaire(tmp_path: Path) -> None:
    adresse = "postgresql://maitre:x@127.0.0.1:1/maintien"
    examen = ("check", "--deploy", "--fail-level", "WARNING")
    resultat = _production(*examen, donnees=tmp_path, MAINTIEN_BASE_PROPRIETAIRE=adresse)

    assert resultat.returncode == 1
    assert "(maintien.W001) MAINTIEN_BASE_PROPRIETAIRE est dans l'environnement" in resultat.stderr


def test_une_base_qui_ne_repond_pas_encore_n_empeche_pas_le_site_de_demarrer(tmp_path: Path) -> None:
    """It is looked at again with the first connection; a site that gave up would wait for somebody to come."""
    resultat = _production("shell", "--no-imports", "-c", "import maintien.config.wsgi", donnees=tmp_path)

    assert resultat.returncode == 0, resultat.stderr
    assert "La base de données ne répond pas encore" in resultat.stderr


def test_la_production_ne_parle_qu_en_chiffre(tmp_path: Path) -> None:
    noms = (
        *("SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD"),
        *("SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE"),
        *("CSRF_COOKIE_SECURE", "CSRF_COOKIE_HTTPONLY", "CSRF_COOKIE_SAMESITE"),
    )
    lecture = f"from django.conf import settings as s; print(*(getattr(s, nom) for nom in {noms!r}))"
    resultat = _production("shell", "--no-imports", "-c", lecture, donnees=tmp_path)

    attendus = ["True", "31536000", "True", "True", "True", "True", "Lax", "True", "True", "Lax"]
    assert resultat.stdout.split() == attendus, resultat.stderr


def test_la_production_ne_demarre_pas_sans_ses_secrets(tmp_path: Path) -> None:
    resultat = _django("check", DJANGO_SETTINGS_MODULE="maintien.config.settings.prod", MAINTIEN_DONNEES=str(tmp_path))

    assert resultat.returncode != 0
    assert "La variable d'environnement MAINTIEN_CLE_SECRETE manque" in resultat.stderr


@pytest.mark.parametrize(
    ("port", "chiffre", "monte"),
    [("", False, False), ("25", False, False), ("465", True, False), ("587", False, True), ("2525", False, True)],
)
def test_le_courrier_se_chiffre_comme_son_port_le_veut(port: str, chiffre: bool, monte: bool, tmp_path: Path) -> None:
    """465 is encrypted from the first byte: STARTTLS there waits for an answer that never comes."""
    lecture = "from django.conf import settings as s; print(s.EMAIL_PORT, s.EMAIL_USE_SSL, s.EMAIL_USE_TLS)"
    resultat = _production("shell", "--no-imports", "-c", lecture, donnees=tmp_path, MAINTIEN_SMTP_PORT=port)

    assert resultat.stdout.split() == [port or "25", str(chiffre), str(monte)], resultat.stderr


@pytest.mark.parametrize("variable", ["MAINTIEN_SMTP_PORT", "MAINTIEN_DEPOTS_JOURS"])
@pytest.mark.parametrize("valeur", ["smtps", "-1", "70000000000", "2 5", "1_0", "٣"])
def test_un_nombre_illisible_est_une_phrase(variable: str, valeur: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, valeur)

    with pytest.raises(
        ImproperlyConfigured, match=f"^La variable d'environnement {variable} doit être un nombre de 0 à"
    ):
        environnement.entier(variable, 30, 0, 65_535)


@pytest.mark.parametrize(
    ("variables", "attendu"),
    [
        ({}, "https://maintien.bailleur.example"),
        ({"MAINTIEN_ORIGINES": "https://aide.example:8443"}, "https://aide.example:8443"),
        ({"MAINTIEN_SITE": "https://loyers.example/"}, "https://loyers.example"),
    ],
)
def test_la_production_connait_l_adresse_de_son_site(variables: dict[str, str], attendu: str, tmp_path: Path) -> None:
    lecture = "from django.conf import settings as s; print(s.MAINTIEN_SITE)"

    resultat = _production("shell", "--no-imports", "-c", lecture, donnees=tmp_path, **variables)

    assert resultat.stdout.strip() == attendu, resultat.stderr


def test_sans_rien_dire_l_adresse_est_celle_ou_la_demonstration_a_servi(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAINTIEN_SITE", raising=False)
    servi = tmp_path / "adresse_du_site"
    assert environnement.adresse_du_site(servi) == "http://127.0.0.1:8000"

    servi.write_text("http://127.0.0.1:8133", encoding="utf-8")

    assert environnement.adresse_du_site(servi) == "http://127.0.0.1:8133"


@pytest.mark.parametrize("valeur", ["loyers.example", "ftp://a", "https://a b", "https://a/chemin"])
def test_une_adresse_de_site_illisible_est_une_phrase(
    valeur: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAINTIEN_SITE", valeur)

    with pytest.raises(ImproperlyConfigured, match=r"^La variable d'environnement MAINTIEN_SITE doit être l'adresse"):
        environnement.adresse_du_site(tmp_path)


def _production(*arguments: str, donnees: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return _django(
        *arguments,
        DJANGO_SETTINGS_MODULE="maintien.config.settings.prod",
        MAINTIEN_DONNEES=str(donnees),
        MAINTIEN_CLE_SECRETE="".join(chr(33 + i) for i in range(60)),
        MAINTIEN_CLE_JOURNAL=f"2026:{'j' * 43}",
        MAINTIEN_BASE="postgresql://maintien:x@127.0.0.1:1/maintien",
        MAINTIEN_HOTES="maintien.bailleur.example",
        **variables,
    )


_LUS = ("DEBUG", "ALLOWED_HOSTS", "X_FRAME_OPTIONS", "SESSION_COOKIE_AGE", "SESSION_COOKIE_SAMESITE")


@pytest.mark.parametrize(("reglages", "debogage"), [("dev", True), ("demo", False)])
def test_developpement_et_demonstration_restent_sur_la_machine(reglages: str, debogage: bool, tmp_path: Path) -> None:
    lecture = (
        "import json; from django.conf import settings; "
        f"print(json.dumps({{nom: getattr(settings, nom) for nom in {_LUS!r}}}))"
    )
    resultat = _django(
        "shell",
        "--no-imports",
        "-c",
        lecture,
        DJANGO_SETTINGS_MODULE=f"maintien.config.settings.{reglages}",
        MAINTIEN_DONNEES=str(tmp_path),
    )

    assert json.loads(resultat.stdout) == {
        "DEBUG": debogage,
        "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"],
        "X_FRAME_OPTIONS": "DENY",
        "SESSION_COOKIE_AGE": 43200,
        "SESSION_COOKIE_SAMESITE": "Lax",
    }


def test_la_cle_du_journal_a_son_nom_et_les_anciennes_restent() -> None:
    cles = environnement.cles_journal(f"2027:{'n' * 43}, 2026:{'a' * 43}")

    assert list(cles.items()) == [("2027", b"n" * 43), ("2026", b"a" * 43)]


@pytest.mark.parametrize(
    "texte", ["", "secret", f"2026:{'a' * 31}", f"20 26:{'a' * 43}", f"a:{'a' * 43},a:{'b' * 43}"]
)
def test_une_cle_du_journal_mal_ecrite_est_une_phrase(texte: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="MAINTIEN_CLE_JOURNAL doit avoir la forme nom:secret"):
        environnement.cles_journal(texte)


def test_sans_variable_la_cle_du_journal_est_dans_le_dossier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAINTIEN_CLE_JOURNAL", raising=False)

    cles = environnement.cle_journal(tmp_path)

    assert list(cles) == ["locale"]
    assert cles == environnement.cle_journal(tmp_path)
    assert (tmp_path / "cle_journal").stat().st_mode & 0o777 == 0o600
