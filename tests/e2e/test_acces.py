"""Getting in, as a person does: second factor, access key, identity provider, sessions, administrator's pages."""

import copy
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings as reglages
from django.core import mail
from django.core.cache import cache
from pytest_django import Settings
from tests import fabriques
from tests.e2e.conftest import Visite
from tests.fournisseur_oidc import CLIENT, SECRET, fournisseur_en_marche
from tests.web.conftest import Monde

from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance
from maintien.connecteurs.oidc.reglages import ReglagesOidc

pytestmark = pytest.mark.e2e

Ouvrir = Callable[..., Any]
MOT_DE_PASSE = "girafe ardoise moulin"
REFUS = "() => { navigator.credentials.create = () => Promise.reject(new DOMException('', 'NotAllowedError')) }"


@pytest.fixture(autouse=True)
def obligatoire(settings: Settings) -> None:
    settings.MAINTIEN_SECOND_FACTEUR_OBLIGATOIRE = True
    cache.clear()


def _saisir(visite: Visite, membre: Appartenance) -> None:
    visite.aller("/compte/connexion/")
    visite.page.fill("[name=login]", membre.utilisateur.email)
    visite.page.fill("[name=password]", fabriques.MOT_DE_PASSE)
    visite.page.click("button[type=submit]")


def _code(secret: str, decalage: int = 0) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + decalage)))


def _voir(visite: Visite, nom: str) -> None:
    """The page as it is, at its width: seen, without fault, not wider than the screen."""
    visite.capturer(nom)
    assert visite.violations() == [], nom
    assert not visite.deborde(), nom


def _enroler(visite: Visite) -> str:
    page = visite.page
    page.click("text=Une application sur mon téléphone")
    secret = page.inner_text(".cle-totp").strip()
    page.fill("[name=code]", _code(secret))
    page.click("text=Activer")
    page.wait_for_selector(".codes-secours")
    return secret


@pytest.mark.parametrize("taille", ["bureau", "telephone"])
def test_prendre_une_application_puis_se_connecter_avec(monde: Monde, ouvrir: Ouvrir, taille: str) -> None:
    membre = monde.membres[Role.RECOUVREMENT]
    with ouvrir(taille, politique=False) as visite:
        page = visite.page
        _saisir(visite, membre)
        page.wait_for_url("**/second-facteur/choisir/")
        _voir(visite, f"acces-choisir-{taille}")
        page.click("text=Une application sur mon téléphone")
        page.wait_for_selector("svg.qr")
        _voir(visite, f"acces-application-{taille}")
        page.go_back()
        secret = _enroler(visite)
        assert page.locator(".codes-secours li").count() == 10
        _voir(visite, f"acces-codes-{taille}")
        page.click("text=C’est noté, continuer")
        page.wait_for_selector(".bandeau-droite")

    with ouvrir(taille, politique=False) as visite:
        page = visite.page
        _saisir(visite, membre)
        page.wait_for_url("**/second-facteur/verifier/")
        _voir(visite, f"acces-verifier-{taille}")
        page.fill("[name=code]", "000000")
        page.click("text=Se connecter")
        page.wait_for_selector("text=Ce code n’est pas le bon")
        # The one that enrolled has been used: the next.
        page.fill("[name=code]", _code(secret, 1))
        page.click("text=Se connecter")
        page.wait_for_selector(".bandeau-droite")
        visite.aller("/compte/")
        _voir(visite, f"acces-mon-compte-{taille}")
        assert visite.plaintes == []


def _cle_virtuelle(visite: Visite) -> None:
    """An authenticator of the platform that always agrees, as Chromium lends for tests."""
    session = visite.page.context.new_cdp_session(visite.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_une_cle_d_acces_sous_la_politique_du_site(monde: Monde, ouvrir: Ouvrir) -> None:
    with ouvrir() as visite:
        page = visite.page
        _cle_virtuelle(visite)
        _saisir(visite, monde.membres[Role.CESF])
        page.wait_for_url("**/second-facteur/choisir/")
        page.click("text=Une clé d’accès")
        page.fill("[name=name]", "Ordinateur du bureau")
        visite.capturer("acces-cle-bureau")
        page.click("text=Ajouter cette clé")
        page.wait_for_selector(".codes-secours")
        visite.aller("/compte/")
        assert "Ordinateur du bureau" in page.inner_text("main")
        assert page.locator("text=Retirer").count() == 0
        visite.aller("/compte/deconnexion/")
        page.click("main button[type=submit]")
        page.wait_for_url("**/connexion/**")

        _saisir(visite, monde.membres[Role.CESF])
        page.wait_for_url("**/second-facteur/verifier/")
        page.click("text=Utiliser ma clé d’accès")
        page.wait_for_selector(".bandeau-droite")
        assert visite.plaintes == []


def test_une_cle_qui_ne_repond_pas_se_dit_en_francais(monde: Monde, ouvrir: Ouvrir) -> None:
    with ouvrir() as visite:
        _saisir(visite, monde.membres[Role.CESF])
        visite.page.click("text=Une clé d’accès")
        visite.page.evaluate(REFUS)
        visite.page.click("text=Ajouter cette clé")
        visite.page.wait_for_selector("text=La clé n’a pas répondu, ou vous avez annulé.")


def test_entrer_et_sortir_par_le_fournisseur_d_identite(monde: Monde, ouvrir: Ouvrir, settings: Settings) -> None:
    agent = monde.membres[Role.RESPONSABLE].utilisateur
    with fournisseur_en_marche(sub="s-1", email=agent.email, email_verified=True) as fi, ouvrir() as visite:
        page = visite.page
        fi.acr = "https://proconnect.gouv.fr/assurance/self-asserted-2fa"
        settings.MAINTIEN_OIDC = ReglagesOidc("ProConnect", fi.emetteur, CLIENT, SECRET, acr_second_facteur=(fi.acr,))
        politique = copy.deepcopy(reglages.CONTENT_SECURITY_POLICY)
        politique["DIRECTIVES"]["form-action"].append(settings.MAINTIEN_OIDC.origine)
        settings.CONTENT_SECURITY_POLICY = politique
        visite.aller("/compte/connexion/")
        visite.capturer("acces-fournisseur-bureau")
        page.click("text=Se connecter avec ProConnect")
        page.wait_for_selector(".bandeau-droite")
        visite.aller("/compte/deconnexion/")
        page.click("main button[type=submit]")
        page.wait_for_url("**/connexion/?state=*")
        assert len(fi.sorties) == 1
        # The person is sent to the provider and comes back; nothing else is asked of anybody.
        vers_le_fournisseur = f"demande à un tiers : {fi.emetteur}/"
        assert [plainte for plainte in visite.plaintes if not plainte.startswith(vers_le_fournisseur)] == []

        fi.personne |= {"sub": "s-2", "email": "inconnue@ailleurs.example"}
        page.click("text=Se connecter avec ProConnect")
        page.wait_for_selector("text=Connexion refusée")
        visite.capturer("acces-refus-bureau")


def test_voir_ses_sessions_et_fermer_les_autres(monde: Monde, ouvrir: Ouvrir, settings: Settings) -> None:
    settings.MAINTIEN_SECOND_FACTEUR_OBLIGATOIRE = False
    membre = monde.membres[Role.RECOUVREMENT]
    with ouvrir() as ici, ouvrir("telephone", politique=False) as la:
        ici.connecter(membre)
        la.connecter(membre)
        la.aller("/compte/")
        assert la.page.locator("text=Fermer cette session").count() == 1
        _voir(la, "acces-sessions-telephone")
        la.page.click("text=Fermer toutes les autres")
        la.page.wait_for_selector("text=Toutes les autres sessions sont fermées.")
        assert la.page.locator("text=Fermer cette session").count() == 0
        ici.aller("/journee/")
        assert "/compte/connexion/" in ici.page.url


@pytest.mark.parametrize("taille", ["bureau", "telephone"])
def test_inviter_quelqu_un_qui_entre(monde: Monde, ouvrir: Ouvrir, settings: Settings, taille: str) -> None:
    settings.MAINTIEN_SECOND_FACTEUR_OBLIGATOIRE = False
    with ouvrir(taille, politique=False) as visite:
        page = visite.page
        visite.connecter(monde.membres[Role.ADMINISTRATEUR])
        visite.aller("/utilisateurs/")
        _voir(visite, f"acces-utilisateurs-{taille}")
        page.click("text=Inviter")
        page.fill("[name=courriel]", "ines.roux@bailleur.example")
        page.fill("[name=nom]", "Roux")
        page.select_option("[name=role]", "cesf")
        _voir(visite, f"acces-inviter-{taille}")
        page.click("main button[type=submit]")
        page.wait_for_selector("text=Un lien valable 7 jours est parti")
        page.click(".utilisateurs a:has-text('Roux')")
        page.wait_for_selector("text=Rétablir le compte")
        _voir(visite, f"acces-utilisateur-{taille}")
        visite.aller("/utilisateurs/importer/")
        _voir(visite, f"acces-importer-{taille}")

    settings.MAINTIEN_SECOND_FACTEUR_OBLIGATOIRE = True
    [lien] = re.findall(r"http\S+/compte/invitation/\S+/", str(mail.outbox[0].body))
    with ouvrir(taille, politique=False) as visite:
        page = visite.page
        page.goto(lien)
        _voir(visite, f"acces-invitation-{taille}")
        page.fill("[name=mot_de_passe]", MOT_DE_PASSE)
        page.fill("[name=confirmation]", MOT_DE_PASSE)
        page.click("main button[type=submit]")
        page.wait_for_url("**/second-facteur/choisir/")
        _enroler(visite)
        page.click("text=C’est noté, continuer")
        page.wait_for_selector(".bandeau-droite")
