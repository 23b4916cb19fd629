"""Headers that every page bears, and the door that stays shut without login."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests import fabriques

from maintien.apps.organismes.enums import Role
from maintien.apps.socle.portee import organisme_scope


def test_la_politique_de_contenu_n_admet_rien_en_ligne() -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]

    assert "unsafe" not in str(directives)
    assert directives["img-src"] == ["'self'", "data:"]
    assert {nom: valeur for nom, valeur in directives.items() if valeur == ["'none'"]}.keys() == {
        "object-src",
        "base-uri",
        "frame-ancestors",
    }


@pytest.mark.django_db
def test_la_page_de_connexion_porte_ses_entetes(client: Client) -> None:
    reponse = client.get(reverse("account_login"))

    assert reponse.status_code == 200
    assert "default-src 'self'" in reponse["Content-Security-Policy"]
    assert (reponse["X-Frame-Options"], reponse["X-Content-Type-Options"]) == ("DENY", "nosniff")
    assert reponse["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
def test_ce_qu_une_personne_a_lu_ne_reste_pas_dans_le_navigateur(client: Client) -> None:
    with organisme_scope(fabriques.organisme()):
        membre = fabriques.membre(Role.RECOUVREMENT)
    client.force_login(membre.utilisateur)

    assert "no-store" in client.get(reverse("journee"))["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("adresse", ["/compte/mot-de-passe/changer/", "/imports/", "/dossiers/1/", "/nulle-part/"])
@pytest.mark.parametrize("organisme", [True, False], ids=["membre", "sans organisme"])
def test_rien_de_ce_que_voit_une_personne_ne_se_garde(client: Client, adresse: str, organisme: bool) -> None:
    """The pages of the account, refusals and absences too; and whoever belongs to no organisme."""
    personne = fabriques.utilisateur()
    if organisme:
        with organisme_scope(fabriques.organisme()):
            fabriques.membre(Role.CESF, utilisateur=personne)
    client.force_login(personne)

    assert "no-store" in client.get(adresse)["Cache-Control"]


@pytest.mark.django_db
def test_se_connecter_et_sortir_ne_se_gardent_pas_non_plus(client: Client) -> None:
    saisie = {"login": fabriques.utilisateur("a@b.example").email, "password": fabriques.MOT_DE_PASSE}
    entree = client.post(reverse("account_login"), saisie)
    sortie = client.post(reverse("account_logout"))

    assert (entree.status_code, sortie.status_code) == (302, 302)
    assert "no-store" in entree["Cache-Control"]
    assert "no-store" in sortie["Cache-Control"]


@pytest.mark.django_db
def test_les_fichiers_du_site_se_gardent(client: Client) -> None:
    reponse = client.get("/static/maintien/maintien.css")

    assert b"".join(reponse.streaming_content)
    assert "no-store" not in reponse.headers.get("Cache-Control", "")
    reponse.close()


@pytest.mark.django_db
def test_sans_connexion_on_va_se_connecter(client: Client) -> None:
    reponse = client.get(reverse("journee"))

    assert (reponse.status_code, reponse.url) == (302, f"{reverse('account_login')}?next={reverse('journee')}")


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="réglages de SQLite")
def test_sqlite_garde_ses_cles_etrangeres_et_attend_son_tour() -> None:
    with connection.cursor() as curseur:
        curseur.execute("PRAGMA foreign_keys")
        assert curseur.fetchone()[0] == 1
        curseur.execute("PRAGMA busy_timeout")
        assert curseur.fetchone()[0] == 20_000
    assert connection.settings_dict["ATOMIC_REQUESTS"] is False
