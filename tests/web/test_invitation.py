"""The link of an invitation: once, seven days, kept as a sum; it leads to a password, then to the second factor."""

import hashlib
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from tests import fabriques
from tests.web.conftest import Monde
from tests.web.pages import texte

from maintien.apps.organismes import invitations
from maintien.apps.organismes.enums import MotifSuspension, Role
from maintien.apps.organismes.models import InvitationCompte
from maintien.apps.organismes.utilisateurs import Invitation, invite
from maintien.apps.socle.models import Evenement
from maintien.apps.socle.portee import organisme_scope

BON = {"mot_de_passe": "girafe ardoise moulin", "confirmation": "girafe ardoise moulin"}


@pytest.fixture
def invitation(monde: Monde) -> Invitation:
    with organisme_scope(monde.organisme):
        return invite("nouvelle@bailleur.example", "cesf", monde.nord, prenom="Inès", nom="Roux")


def test_le_lien_mene_au_mot_de_passe_puis_au_second_facteur(invitation: Invitation, settings: Settings) -> None:
    settings.MAINTIEN_SECOND_FACTEUR_OBLIGATOIRE = True
    client = Client()

    assert "nouvelle@bailleur.example" in texte(client.get(invitation.chemin))
    assert client.post(invitation.chemin, BON).status_code == 302
    page = client.get("/", follow=True)

    assert page.redirect_chain[-1][0] == reverse("facteur_choisir")
    # The password has just been chosen: it is not asked for again.
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_le_lien_ne_sert_qu_une_fois(invitation: Invitation) -> None:
    assert Client().post(invitation.chemin, BON).status_code == 302

    assert Client().get(invitation.chemin).status_code == 410
    assert Client().post(invitation.chemin, BON).status_code == 410


def test_regarder_ne_consomme_rien(invitation: Invitation) -> None:
    for _ in range(3):
        assert Client().get(invitation.chemin).status_code == 200


def test_deux_personnes_a_la_fois_une_seule_passe(invitation: Invitation) -> None:
    [lien] = InvitationCompte.objects.all()

    assert invitations.spend(lien) is True
    assert invitations.spend(lien) is False


def test_sept_jours_et_pas_une_seconde_de_plus(invitation: Invitation, monkeypatch: pytest.MonkeyPatch) -> None:
    depart = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: depart + timedelta(days=7, seconds=-1))
    assert Client().get(invitation.chemin).status_code == 200
    monkeypatch.setattr(timezone, "now", lambda: depart + timedelta(days=7))

    page = Client().get(invitation.chemin)

    assert page.status_code == 410
    assert "Ce lien n’est plus valable" in texte(page)


def test_la_base_ne_garde_que_l_empreinte(invitation: Invitation) -> None:
    jeton = invitation.chemin.split("/")[-2]
    [garde] = InvitationCompte.objects.values_list("empreinte", flat=True)

    # 43 characters of 6 bits: 256 random bits.
    assert len(jeton) == 43
    assert garde == hashlib.sha256(jeton.encode()).hexdigest()


def test_un_nouveau_lien_perime_l_ancien(invitation: Invitation) -> None:
    nouveau = invitations.create_link(invitation.appartenance.utilisateur)

    assert Client().get(invitation.chemin).status_code == 410
    assert Client().get(nouveau).status_code == 200


def test_le_lien_d_une_personne_suspendue_ne_vaut_rien(monde: Monde, invitation: Invitation) -> None:
    with organisme_scope(monde.organisme):
        invitation.appartenance.suspend(MotifSuspension.DEPART)

    assert Client().get(invitation.chemin).status_code == 410


@pytest.mark.parametrize(
    ("saisi", "phrase"),
    [
        ({}, "Choisissez un mot de passe."),
        ({"mot_de_passe": "court", "confirmation": "court"}, "trop court : 15 caractères au moins, il en a 5"),
        ({"mot_de_passe": "inesrouxinesroux", "confirmation": "inesrouxinesroux"}, "qu’on essaie en premier"),
        (BON | {"confirmation": "autre chose ici"}, "Les deux mots de passe ne sont pas les mêmes."),
    ],
)
def test_ce_qui_ne_va_pas_se_dit_et_le_lien_reste(invitation: Invitation, saisi: dict[str, str], phrase: str) -> None:
    page = Client().post(invitation.chemin, saisi)

    assert page.status_code == 422
    assert phrase in texte(page)
    assert Client().get(invitation.chemin).status_code == 200


def test_qui_etait_connecte_sur_ce_poste_ne_l_est_plus(monde: Monde, invitation: Invitation) -> None:
    client = monde.client(Role.ADMINISTRATEUR)

    client.post(invitation.chemin, BON)

    assert int(client.session["_auth_user_id"]) == invitation.appartenance.utilisateur_id


def test_le_choix_est_au_journal_sans_le_mot_de_passe(monde: Monde, invitation: Invitation) -> None:
    Client().post(invitation.chemin, BON)

    with organisme_scope(monde.organisme):
        evenement = Evenement.objects.get(acte="utilisateur.choisir_mot_de_passe")
    assert evenement.acteur == invitation.appartenance.utilisateur
    assert evenement.details == {"utilisateur": invitation.appartenance.utilisateur_id}
    assert mail.outbox == []


def test_une_personne_connue_ailleurs_n_a_pas_de_lien(monde: Monde) -> None:
    with organisme_scope(fabriques.organisme("AUTRE")):
        fabriques.membre(email="lea@assoc.example")
    with organisme_scope(monde.organisme):
        assert invite("lea@assoc.example", "cesf", None).chemin == ""
