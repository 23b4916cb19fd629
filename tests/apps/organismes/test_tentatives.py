"""Wrong passwords: one account is held back, its office is not; an unknown address learns nothing."""

import re

import pytest
from django.conf import settings as reglages
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from tests import fabriques
from tests.apps.organismes.courrier import relever

from maintien.apps.organismes.enums import Role
from maintien.apps.socle.portee import organisme_scope
from maintien.config.settings import base

AGENT, COLLEGUE = "agent@bailleur.example", "collegue@bailleur.example"


@pytest.fixture(autouse=True)
def comme_en_service(db: None, settings: Settings) -> None:
    """The limits and the shared cache that tests otherwise do without."""
    settings.ACCOUNT_RATE_LIMITS = base.ACCOUNT_RATE_LIMITS
    settings.CACHES = base.CACHES
    cache.clear()
    with organisme_scope(fabriques.organisme("B1")):
        for adresse in (AGENT, COLLEGUE):
            fabriques.membre(Role.RECOUVREMENT, email=adresse)


def _entrer(adresse: str, mot_de_passe: str = fabriques.MOT_DE_PASSE) -> HttpResponse:
    return Client().post(reverse("account_login"), {"login": adresse, "password": mot_de_passe})


def test_un_compte_essaye_est_retenu_et_son_bureau_travaille() -> None:
    reponses = [_entrer(AGENT, f"mauvais{n}") for n in range(20)]

    assert {r.status_code for r in reponses} == {200}
    assert "Trop de mots de passe faux" in reponses[5].content.decode()
    assert "Trop de mots de passe faux" not in reponses[4].content.decode()
    assert _entrer(AGENT).status_code == 200
    assert _entrer(COLLEGUE).status_code == 302


def test_un_bureau_entier_se_trompe_le_lundi_matin() -> None:
    for n in range(40):
        _entrer(f"inconnu{n}@bailleur.example", "mauvais")

    assert _entrer(COLLEGUE).status_code == 302


def test_une_attaque_d_une_adresse_s_arrete_en_francais(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = base.ACCOUNT_RATE_LIMITS | {"login": "3/m/ip"}

    reponses = [_entrer(f"inconnu{n}@bailleur.example", "mauvais") for n in range(4)]

    assert reponses[3].status_code == 429
    page = reponses[3].content.decode()
    assert '<html lang="fr">' in page
    assert "Trop de demandes sont arrivées de votre réseau" in page


def test_les_compteurs_sont_communs_a_tous_les_processus() -> None:
    """What is counted is in the database, whose table the migrations make."""
    assert reglages.CACHES["default"]["LOCATION"] in connection.introspection.table_names()

    _entrer(AGENT, "mauvais")

    with connection.cursor() as curseur:
        curseur.execute("SELECT count(*) FROM socle_cache WHERE cache_key LIKE '%login_failed%'")
        assert curseur.fetchone()[0] >= 2


def test_une_adresse_inconnue_n_apprend_rien_et_ne_recoit_rien() -> None:
    connue, inconnue = (
        Client().post(reverse("account_reset_password"), {"email": adresse}, follow=True)
        for adresse in (AGENT, "inconnu@ailleurs.example")
    )

    relever()
    assert [message.to for message in mail.outbox] == [[AGENT]]
    assert connue.redirect_chain == inconnue.redirect_chain
    assert connue.content == inconnue.content


def test_un_nouveau_mot_de_passe_rouvre_le_compte_aussitot() -> None:
    """As the sentence that holds the account back says."""
    for n in range(6):
        _entrer(AGENT, f"mauvais{n}")
    client, nouveau = Client(), "agrafe-cheval-correcte-pile"
    client.post(reverse("account_reset_password"), {"email": AGENT})
    relever()
    [lien] = re.findall(r"/compte/mot-de-passe/nouveau/\S+", str(mail.outbox[0].body))

    page = client.get(lien, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": nouveau, "password2": nouveau})

    assert _entrer(AGENT, nouveau).status_code == 302


def test_qui_s_est_deja_connecte_ici_n_est_pas_retenu_par_un_inconnu() -> None:
    """A stranger who knows the address can hold back other strangers, not the owner on the usual computer."""
    poste = Client()
    identifiants = {"login": AGENT, "password": fabriques.MOT_DE_PASSE}
    poste.post(reverse("account_login"), identifiants)
    poste.post(reverse("account_logout"))

    for n in range(20):
        _entrer(AGENT, f"mauvais{n}")

    assert _entrer(AGENT).status_code == 200
    assert poste.post(reverse("account_login"), identifiants).status_code == 302


def test_un_poste_connu_n_essaie_pas_sans_fin_lui_non_plus() -> None:
    poste = Client()
    poste.post(reverse("account_login"), {"login": AGENT, "password": fabriques.MOT_DE_PASSE})
    poste.post(reverse("account_logout"))

    pages = [poste.post(reverse("account_login"), {"login": AGENT, "password": f"mauvais{n}"}) for n in range(6)]

    assert "Trop de mots de passe faux" in pages[5].content.decode()


def test_le_poste_connu_d_un_collegue_ou_un_cookie_fabrique_ne_valent_rien() -> None:
    d_un_collegue, faussaire = Client(), Client()
    d_un_collegue.post(reverse("account_login"), {"login": COLLEGUE, "password": fabriques.MOT_DE_PASSE})
    d_un_collegue.post(reverse("account_logout"))
    faussaire.cookies["maintien_appareil"] = "agent:x:signature"
    for n in range(6):
        _entrer(AGENT, f"mauvais{n}")

    for client in (d_un_collegue, faussaire):
        page = client.post(reverse("account_login"), {"login": AGENT, "password": fabriques.MOT_DE_PASSE})
        assert "Trop de mots de passe faux" in page.content.decode()


def test_le_cookie_du_poste_ne_dit_pas_de_qui_il_est() -> None:
    poste = Client()
    reponse = poste.post(reverse("account_login"), {"login": AGENT, "password": fabriques.MOT_DE_PASSE})

    cookie = reponse.cookies["maintien_appareil"]
    assert "agent" not in cookie.value
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
