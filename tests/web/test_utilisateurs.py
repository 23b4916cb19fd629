"""The administrator's pages: who is there, invite, change, suspend, give back, begin again; never oneself."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from tests import fabriques
from tests.web.conftest import Monde
from tests.web.pages import texte

from maintien.apps.organismes import utilisateurs
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance, IdentiteExterne, Utilisateur
from maintien.apps.socle.models import Evenement
from maintien.apps.socle.portee import organisme_scope


@pytest.fixture
def admin(monde: Monde) -> Client:
    return monde.client(Role.ADMINISTRATEUR)


def _agir(client: Client, acte: str, membre: Appartenance, **saisi: Any) -> HttpResponse:
    return client.post(reverse(f"utilisateur_{acte}", args=[membre.pk]), saisi, follow=True)


def _relire(monde: Monde, membre: Appartenance) -> Appartenance:
    with organisme_scope(monde.organisme):
        return Appartenance.objects.select_related("utilisateur", "secteur").get(pk=membre.pk)


def _evenement(monde: Monde, acte: str) -> Evenement:
    with organisme_scope(monde.organisme):
        return Evenement.objects.get(acte=acte)


def test_la_liste_dit_role_secteur_connexion_facteur_et_suspension(monde: Monde, admin: Client) -> None:
    agent = monde.membres[Role.RECOUVREMENT]
    Authenticator.objects.create(user=agent.utilisateur, type="totp", data={"secret": "x"})
    monde.client(Role.RECOUVREMENT)
    _agir(admin, "suspendre", monde.membres[Role.CESF], motif="depart")

    lignes = texte(admin.get(reverse("utilisateurs"))).split("Importer un fichier")[1]

    assert f"{agent.utilisateur.email} Chargé de recouvrement tous les secteurs actif second facteur vu le" in lignes
    assert "suspendu : départ de l’organisme" in lignes
    assert "jamais venu" in lignes
    assert "(vous)" in lignes


def test_la_liste_coute_autant_de_requetes_pour_trente_que_pour_cinq(
    monde: Monde, admin: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    adresse = reverse("utilisateurs")
    admin.get(adresse)
    with django_assert_num_queries(7):
        admin.get(adresse)
    with organisme_scope(monde.organisme):
        for _ in range(25):
            fabriques.membre(Role.CESF, monde.nord)
    with django_assert_num_queries(7):
        admin.get(adresse)


def test_inviter_envoie_le_lien_a_la_personne_et_ne_le_montre_pas(monde: Monde, admin: Client) -> None:
    saisi = {
        "courriel": "Ines@bailleur.example",
        "prenom": "Inès",
        "nom": "Roux",
        "role": "cesf",
        "secteur": monde.nord.pk,
    }

    page = admin.post(reverse("utilisateur_inviter"), saisi, follow=True)

    [message] = mail.outbox
    assert message.to == ["ines@bailleur.example"]
    [lien] = re.findall(r"http://testserver(/compte/invitation/[\w-]{43}/)", str(message.body))
    assert Client().get(lien).status_code == 200
    assert lien not in page.content.decode()
    assert "Un lien valable 7 jours est parti à ines@bailleur.example." in texte(page)
    evenement = _evenement(monde, "utilisateur.inviter")
    assert evenement.acteur == monde.membres[Role.ADMINISTRATEUR].utilisateur
    assert "ines" not in str(evenement.details)


def test_inviter_deux_fois_la_meme_adresse_se_dit(monde: Monde, admin: Client) -> None:
    adresse = monde.membres[Role.CESF].utilisateur.email

    page = admin.post(reverse("utilisateur_inviter"), {"courriel": adresse, "role": "cesf"})

    assert page.status_code == 422
    assert f"{adresse} a déjà un rôle dans cet organisme." in texte(page)
    assert mail.outbox == []


def test_le_secteur_d_un_autre_bailleur_n_est_pas_offert(monde: Monde, admin: Client) -> None:
    with organisme_scope(fabriques.organisme("AUTRE")):
        ailleurs = fabriques.secteur("OUEST")

    page = admin.post(
        reverse("utilisateur_inviter"), {"courriel": "a@b.example", "role": "cesf", "secteur": ailleurs.pk}
    )

    assert page.status_code == 422
    assert not Utilisateur.objects.filter(email="a@b.example").exists()


def test_changer_de_role_ferme_les_sessions_et_s_ecrit(monde: Monde, admin: Client) -> None:
    agent = monde.membres[Role.RECOUVREMENT]
    chez_lui = monde.client(Role.RECOUVREMENT)

    _agir(admin, "role", agent, role="responsable", secteur=monde.nord.pk)

    relu = _relire(monde, agent)
    assert (relu.role, relu.secteur) == ("responsable", monde.nord)
    assert chez_lui.get(reverse("journee"))["Location"].startswith(reverse("account_login"))
    details = _evenement(monde, "utilisateur.changer_role").details
    assert (details["avant"], details["role"], details["secteur"]) == ("recouvrement", "responsable", monde.nord.pk)


@pytest.mark.parametrize(
    ("acte", "saisi"),
    [
        ("role", {"role": "responsable"}),
        ("suspendre", {"motif": "depart"}),
        ("reactiver", {"motif": "retour"}),
        ("lien", {"accord": "on"}),
        ("retablir", {"motif": "appareil_perdu"}),
    ],
)
def test_personne_ne_change_son_propre_acces(monde: Monde, admin: Client, acte: str, saisi: dict[str, str]) -> None:
    moi = monde.membres[Role.ADMINISTRATEUR]

    page = _agir(admin, acte, moi, **saisi)

    assert "demandez à un autre administrateur" in texte(page)
    assert (_relire(monde, moi).role, _relire(monde, moi).actif) == ("administrateur", True)
    assert moi.utilisateur.has_usable_password()


def test_le_dernier_administrateur_reste(monde: Monde) -> None:
    with organisme_scope(monde.organisme):
        second = fabriques.membre(Role.ADMINISTRATEUR)
    client = Client()
    client.force_login(second.utilisateur)
    premier = monde.membres[Role.ADMINISTRATEUR]

    _agir(client, "suspendre", premier, motif="depart")
    assert _relire(monde, premier).actif is False

    # `second` is alone now; a program that acts without being one of them meets the same wall.
    with (
        organisme_scope(monde.organisme),
        pytest.raises(utilisateurs.CompteRefuseError, match="dernier administrateur"),
    ):
        utilisateurs.change_role(monde.membres[Role.RESPONSABLE], second, "cesf", None)


def test_suspendre_ferme_tout_aussitot_et_reactiver_rouvre(monde: Monde, admin: Client) -> None:
    agent = monde.membres[Role.RECOUVREMENT]
    chez_lui = monde.client(Role.RECOUVREMENT)

    _agir(admin, "suspendre", agent, motif="incident")

    assert chez_lui.get(reverse("journee"))["Location"].startswith(reverse("account_login"))
    identifiants = {"login": agent.utilisateur.email, "password": fabriques.MOT_DE_PASSE}
    refus = Client().post(reverse("account_login"), identifiants)
    assert refus["Location"] == reverse("account_inactive")
    assert _evenement(monde, "utilisateur.suspendre").details["raison"] == "incident"

    _agir(admin, "reactiver", agent, motif="erreur")
    client = Client()
    client.post(reverse("account_login"), identifiants)
    assert client.get(reverse("journee")).status_code == 200


def test_retablir_efface_tout_et_renvoie_un_lien(monde: Monde, admin: Client) -> None:
    agent = monde.membres[Role.RECOUVREMENT]
    chez_lui = monde.client(Role.RECOUVREMENT)
    Authenticator.objects.create(user=agent.utilisateur, type="totp", data={"secret": "x"})
    IdentiteExterne.objects.create(utilisateur=agent.utilisateur, emetteur="https://fi.example", sujet="1")

    page = _agir(admin, "retablir", agent, motif="appareil_perdu")

    assert "Le compte est rétabli" in texte(page)
    assert not Authenticator.objects.exists()
    assert not IdentiteExterne.objects.exists()
    assert not _relire(monde, agent).utilisateur.has_usable_password()
    assert chez_lui.get(reverse("journee"))["Location"].startswith(reverse("account_login"))
    assert [message.to for message in mail.outbox] == [[agent.utilisateur.email]]
    details = _evenement(monde, "utilisateur.retablir").details
    assert (details["raison"], details["facteurs"], details["sessions"]) == ("appareil_perdu", 1, 1)


def test_un_administrateur_ne_prend_pas_un_compte_qui_ouvre_un_autre_bailleur(monde: Monde, admin: Client) -> None:
    """Otherwise the administrator of a small organisme could, by a reset, read the files of a large one."""
    partagee = monde.membres[Role.CESF]
    with organisme_scope(fabriques.organisme("AUTRE")):
        fabriques.membre(Role.RESPONSABLE, utilisateur=partagee.utilisateur)

    page = _agir(admin, "retablir", partagee, motif="appareil_perdu")

    assert "seul l’exploitant du site peut le rétablir" in texte(page)
    assert _relire(monde, partagee).utilisateur.has_usable_password()
    assert mail.outbox == []


def test_renvoyer_le_lien_n_est_pas_pour_qui_a_un_mot_de_passe(monde: Monde, admin: Client) -> None:
    page = _agir(admin, "lien", monde.membres[Role.CESF], accord="on")

    assert "a déjà choisi son mot de passe" in texte(page)
    assert mail.outbox == []


def test_un_motif_qui_n_est_pas_dans_la_liste_est_a_corriger(monde: Monde, admin: Client) -> None:
    agent = monde.membres[Role.RECOUVREMENT]

    page = admin.post(reverse("utilisateur_suspendre", args=[agent.pk]), {"motif": "inutilise"})

    assert page.status_code == 422
    assert _relire(monde, agent).actif is True


def _deposer(client: Client, contenu: str, *, a_blanc: bool = False) -> HttpResponse:
    fichier = SimpleUploadedFile("u.csv", contenu.encode(), content_type="text/csv")
    saisi: dict[str, Any] = {"fichier": fichier} | ({"a_blanc": "on"} if a_blanc else {})
    return client.post(reverse("utilisateurs_importer"), saisi, follow=True)


def test_importer_par_la_page_verifie_puis_ecrit(monde: Monde, admin: Client) -> None:
    contenu = "courriel,role,prenom,nom,secteur\ninès@b.example,cesf,Inès,Roux,NORD\n".replace("inès@", "ines@")

    page = _deposer(admin, contenu, a_blanc=True)
    assert "Le fichier est juste, rien n’est écrit. À créer : 1 accès, 0 déjà connu." in texte(page)
    assert not Utilisateur.objects.filter(email="ines@b.example").exists()
    assert mail.outbox == []

    page = _deposer(admin, contenu)
    assert "Comptes créés : 1 accès, 0 déjà connu." in texte(page)
    assert [message.to for message in mail.outbox] == [["ines@b.example"]]


def test_importer_par_la_page_dit_la_ligne_et_la_colonne(monde: Monde, admin: Client) -> None:
    page = _deposer(admin, "courriel,role\na@b.example,chef\n")

    assert page.status_code == 422
    assert "ligne 2, colonne role : « chef » n’existe pas" in texte(page)
    assert not Utilisateur.objects.filter(email="a@b.example").exists()


def test_mon_compte_change_mon_nom(monde: Monde) -> None:
    client = monde.client(Role.CESF)

    client.post(reverse("mon_compte"), {"prenom": "Inès", "nom": "Roux"})

    assert str(_relire(monde, monde.membres[Role.CESF]).utilisateur) == "Inès Roux"
    assert client.post(reverse("mon_compte"), {"prenom": "Inès", "nom": ""}).status_code == 422
