"""The second factor: compulsory where settings say so, asked for at each login, never the last one taken away."""

import re
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from tests import fabriques

from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance
from maintien.apps.socle.models import Evenement
from maintien.apps.socle.portee import organisme_scope
from maintien.config.settings import base

AUTRE_CLE = "une-autre-cle-de-serveur-" + "0123456789" * 3
CODE = r"<code[^>]*>([A-Z2-7]{32})</code>"


@pytest.fixture(autouse=True)
def obligatoire(settings: Settings) -> None:
    settings.MAINTIEN_SECOND_FACTEUR_OBLIGATOIRE = True
    cache.clear()


class Temps:
    """The clock of codes, which is not that of the program."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.secondes = 1_790_000_010
        monkeypatch.setattr(totp.time, "time", lambda: self.secondes)

    def code(self, secret: str, decalage: int = 0) -> str:
        return str(totp.format_hotp_value(totp.hotp_value(secret, self.secondes // 30 + decalage)))


@pytest.fixture
def temps(monkeypatch: pytest.MonkeyPatch) -> Temps:
    return Temps(monkeypatch)


@pytest.fixture
def agent(db: None) -> Appartenance:
    with organisme_scope(fabriques.organisme("B1")):
        return fabriques.membre(Role.RESPONSABLE, email="agent@bailleur.example")


def _entrer(agent: Appartenance) -> tuple[Client, HttpResponse]:
    client = Client()
    identifiants = {"login": agent.utilisateur.email, "password": fabriques.MOT_DE_PASSE}
    return client, client.post(reverse("account_login"), identifiants)


def _enroler(client: Client, temps: Temps) -> str:
    """Take an application; returns its secret."""
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    [secret] = re.findall(CODE, page)
    reponse = client.post(reverse("mfa_activate_totp"), {"code": temps.code(secret)})
    assert reponse["Location"] == reverse("mfa_view_recovery_codes")
    temps.secondes += 90
    return str(secret)


def _actes(agent: Appartenance) -> list[str]:
    with organisme_scope(agent.organisme):
        return list(Evenement.objects.order_by("pk").values_list("acte", flat=True))


def test_sans_second_facteur_rien_d_autre_ne_s_ouvre(agent: Appartenance) -> None:
    client, _ = _entrer(agent)

    for page in ("accueil", "journee", "imports", "import_nouveau"):
        reponse = client.get(reverse(page))
        assert (reponse.status_code, reponse["Location"]) == (302, reverse("facteur_choisir")), page
    assert client.post(reverse("dossier_note", args=[1]), {"texte": "x"})["Location"] == reverse("facteur_choisir")
    assert client.get(reverse("journee"), headers={"hx-request": "true"})["HX-Redirect"] == reverse("facteur_choisir")
    for page in ("facteur_choisir", "mon_compte", "mfa_activate_totp", "mfa_add_webauthn", "account_logout"):
        assert client.get(reverse(page)).status_code == 200, page


def test_avec_une_application_le_site_s_ouvre_et_la_connexion_la_demande(agent: Appartenance, temps: Temps) -> None:
    client, _ = _entrer(agent)
    secret = _enroler(client, temps)
    assert client.get(reverse("imports")).status_code == 200

    autre, reponse = _entrer(agent)
    assert reponse["Location"] == reverse("mfa_authenticate")
    assert autre.get(reverse("imports"))["Location"].startswith(reverse("account_login"))
    assert autre.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert autre.post(reverse("mfa_authenticate"), {"code": temps.code(secret)}).status_code == 302
    assert autre.get(reverse("imports")).status_code == 200


def test_un_code_ne_sert_qu_une_fois_meme_une_minute_apres(agent: Appartenance, temps: Temps) -> None:
    client, _ = _entrer(agent)
    secret = _enroler(client, temps)
    code = temps.code(secret)

    premier, _ = _entrer(agent)
    assert premier.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    temps.secondes += 31
    second, _ = _entrer(agent)
    page = second.post(reverse("mfa_authenticate"), {"code": code})

    assert page.status_code == 200
    assert "il a déjà servi" in page.content.decode()


def test_le_code_qui_a_servi_a_activer_ne_sert_pas_a_entrer(agent: Appartenance, temps: Temps) -> None:
    client, _ = _entrer(agent)
    [secret] = re.findall(CODE, client.get(reverse("mfa_activate_totp")).content.decode())
    client.post(reverse("mfa_activate_totp"), {"code": temps.code(secret)})

    autre, _ = _entrer(agent)

    assert autre.post(reverse("mfa_authenticate"), {"code": temps.code(secret)}).status_code == 200


def test_un_code_d_il_y_a_deux_minutes_ne_vaut_plus(agent: Appartenance, temps: Temps) -> None:
    client, _ = _entrer(agent)
    secret = _enroler(client, temps)
    autre, _ = _entrer(agent)

    assert autre.post(reverse("mfa_authenticate"), {"code": temps.code(secret, -2)}).status_code == 200
    assert autre.post(reverse("mfa_authenticate"), {"code": temps.code(secret, -1)}).status_code == 302


def test_les_codes_de_secours_sont_montres_une_fois_et_servent_une_fois(agent: Appartenance, temps: Temps) -> None:
    client, _ = _entrer(agent)
    _enroler(client, temps)
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    codes = re.findall(r"<code>(\d{8})</code>", page)
    assert len(codes) == 10
    assert codes[0] not in client.get(reverse("mfa_view_recovery_codes")).content.decode()

    autre, _ = _entrer(agent)
    assert autre.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == 302
    encore, _ = _entrer(agent)
    assert encore.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == 200


def test_le_secret_n_est_pas_en_clair_dans_la_base(agent: Appartenance, temps: Temps) -> None:
    client, _ = _entrer(agent)
    secret = _enroler(client, temps)

    garde = Authenticator.objects.get(type="totp").data["secret"]
    codes = Authenticator.objects.get(type="recovery_codes").data["seed"]

    assert secret not in garde
    assert garde.startswith("gAAAA")
    assert codes.startswith("gAAAA")


def test_le_dernier_facteur_ne_se_retire_pas(agent: Appartenance, temps: Temps) -> None:
    client, _ = _entrer(agent)
    _enroler(client, temps)

    page = client.post(reverse("mfa_deactivate_totp"))

    assert "ajoutez-en d’abord un autre" in page.content.decode()
    assert Authenticator.objects.filter(type="totp").exists()


def _cle(agent: Appartenance, nom: str = "Clé du bureau") -> Authenticator:
    """A key as the library keeps it, whose content these tests do not read."""
    credential = {"response": {}, "id": "AA"}
    donnees = {"name": nom, "credential": credential}
    return Authenticator.objects.create(user=agent.utilisateur, type="webauthn", data=donnees)


def test_la_derniere_cle_ne_se_retire_pas_non_plus(agent: Appartenance) -> None:
    client, _ = _entrer(agent)
    cle = _cle(agent)
    adresse = reverse("mfa_remove_webauthn", args=[cle.pk])

    assert client.get(adresse)["Location"] == reverse("mon_compte")
    assert client.post(adresse)["Location"] == reverse("mon_compte")
    assert Authenticator.objects.filter(pk=cle.pk).exists()

    autre = _cle(agent, "Autre clé")
    assert client.post(adresse).status_code == 302
    assert list(Authenticator.objects.filter(type="webauthn")) == [autre]


def test_la_cle_d_un_autre_est_introuvable(agent: Appartenance, temps: Temps) -> None:
    with organisme_scope(agent.organisme):
        collegue = fabriques.membre(Role.CESF)
    sa_cle = _cle(collegue)
    _cle(collegue, "Seconde")
    client, _ = _entrer(agent)
    _enroler(client, temps)

    assert client.post(reverse("mfa_remove_webauthn", args=[sa_cle.pk])).status_code == 404


def test_ou_ce_n_est_pas_obligatoire_on_peut_retirer_le_dernier(
    agent: Appartenance, temps: Temps, settings: Settings
) -> None:
    settings.MAINTIEN_SECOND_FACTEUR_OBLIGATOIRE = False
    client, _ = _entrer(agent)
    assert client.get(reverse("imports")).status_code == 200
    _enroler(client, temps)

    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302

    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("page", ["mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"])
def test_changer_de_facteur_redemande_le_mot_de_passe(
    agent: Appartenance, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _ = _entrer(agent)
    session = client.session
    for releve in session["account_authentication_methods"]:
        releve["at"] -= 301
    session.save()

    assert client.get(reverse(page))["Location"].startswith(reverse("account_reauthenticate"))

    confirme = {"password": fabriques.MOT_DE_PASSE}
    client.post(reverse("account_reauthenticate"), confirme)
    assert client.get(reverse(page)).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_un_changement_de_facteur_se_dit_par_courriel_s_ecrit_et_ferme_les_autres_sessions(
    agent: Appartenance, temps: Temps
) -> None:
    ici, _ = _entrer(agent)
    ailleurs, _ = _entrer(agent)
    cle = ici.session.session_key

    _enroler(ici, temps)

    assert [(m.to, m.subject) for m in mail.outbox] == [
        (["agent@bailleur.example"], "Maintien – Votre compte a changé")
    ]
    assert "Une application d’authentification a été ajoutée" in str(mail.outbox[0].body)
    assert _actes(agent) == ["utilisateur.ajouter_facteur", "utilisateur.ajouter_facteur"]
    assert ici.session.session_key != cle
    assert ici.get(reverse("mon_compte")).status_code == 200
    assert ailleurs.get(reverse("mon_compte")).status_code == 302


def test_la_page_du_code_porte_un_dessin_sans_style(agent: Appartenance) -> None:
    client, _ = _entrer(agent)

    page: Any = client.get(reverse("mfa_activate_totp")).content.decode()

    [dessin] = re.findall(r"<svg class=\"qr\".*?</svg>", page, re.DOTALL)
    assert 'role="img"' in dessin
    assert "style" not in dessin
    assert "data:" not in dessin


def test_cinq_codes_faux_retiennent_le_second_facteur(agent: Appartenance, temps: Temps, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key"}
    client, _ = _entrer(agent)
    secret = _enroler(client, temps)
    autre, _ = _entrer(agent)

    for _ in range(5):
        autre.post(reverse("mfa_authenticate"), {"code": "000000"})
    page = autre.post(reverse("mfa_authenticate"), {"code": temps.code(secret)})

    assert page.status_code == 200
    assert "attendez cinq minutes" in page.content.decode()


def test_en_service_personne_ne_peut_s_en_passer() -> None:
    """What production runs on says it, and no variable of the environment takes it back."""
    reglages = Path(base.__file__).parent

    assert base.MAINTIEN_SECOND_FACTEUR_OBLIGATOIRE is True
    assert "SECOND_FACTEUR_OBLIGATOIRE" not in (reglages / "prod.py").read_text(encoding="utf-8")


def test_une_cle_de_serveur_changee_garde_l_ancienne_un_temps(
    agent: Appartenance, temps: Temps, settings: Settings
) -> None:
    client, _ = _entrer(agent)
    secret = _enroler(client, temps)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = AUTRE_CLE

    autre, _ = _entrer(agent)

    assert autre.post(reverse("mfa_authenticate"), {"code": temps.code(secret)}).status_code == 302


def test_une_cle_de_serveur_perdue_se_dit_et_n_ouvre_rien(
    agent: Appartenance, temps: Temps, settings: Settings
) -> None:
    client, _ = _entrer(agent)
    secret = _enroler(client, temps)
    settings.SECRET_KEY = AUTRE_CLE
    autre, _ = _entrer(agent)

    page = autre.post(reverse("mfa_authenticate"), {"code": temps.code(secret)})

    assert page.status_code == 200
    assert "demandez à votre administrateur de le rétablir" in page.content.decode()
