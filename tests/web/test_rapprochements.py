"""The panel that says which accounts may be of one household, and the form by which a person decides."""

import pytest
from django.test import Client
from tests import fabriques
from tests.web.conftest import Monde
from tests.web.pages import texte

from maintien.apps.dossiers.libelles import name_menages
from maintien.apps.dossiers.menages import attach_menages
from maintien.apps.dossiers.models import Dossier, Menage, MenageCompte, Rapprochement
from maintien.apps.organismes.enums import Role
from maintien.apps.socle.portee import organisme_scope


@pytest.fixture
def dossier(monde: Monde) -> Dossier:
    """Émilie and Paul hold C1, Émilie alone holds C2; the dossier is that of C1."""
    with organisme_scope(monde.organisme):
        emilie, paul = fabriques.personne(), fabriques.personne("Durand", "Paul", civilite="M.")
        for reference, personnes in (("C1", (emilie, paul)), ("C2", (emilie,))):
            compte = fabriques.compte(reference, secteur=monde.nord)
            fabriques.bail(compte, reference=f"B{reference}", logement=fabriques.logement(voie="3 rue du Puits"))
            for personne in personnes:
                fabriques.occupation(compte, personne, bail_reference=f"B{reference}")
        attach_menages()
        name_menages()
        return fabriques.dossier(Menage.objects.get(rattachements__compte__reference="C1"), secteur=monde.nord)


def _envoyer(client: Client, dossier: Dossier, monde: Monde, choix: str, motif: str = "Dit au téléphone.") -> str:
    with organisme_scope(monde.organisme):
        paire, version = Rapprochement.objects.get(), Dossier.objects.get(pk=dossier.pk).version
    saisie = {"quoi": f"{choix}-{paire.pk}", "motif": motif, "version": version}
    return texte(client.post(f"/dossiers/{dossier.pk}/rapprocher/", saisie, follow=True))


def test_le_panneau_nomme_l_autre_compte_sans_dire_ou_il_est(monde: Monde, dossier: Dossier) -> None:
    page = texte(monde.client().get(f"/dossiers/{dossier.pk}/"))

    panneau = page[page.index("Comptes d’un même ménage") : page.index("Réunir ou distinguer")]
    assert "Mme Émilie Martinez (compte C2) en commun : Mme Émilie Martinez" in panneau
    assert "Puits" not in panneau


def test_sans_locataire_commun_il_n_y_a_pas_de_panneau(monde: Monde) -> None:
    autre = monde.ajouter_dossier()

    assert "même ménage" not in texte(monde.client().get(f"/dossiers/{autre.pk}/"))


def test_on_reunit_puis_on_separe(monde: Monde, dossier: Dossier) -> None:
    client = monde.client()

    page = _envoyer(client, dossier, monde, "reunir")
    assert "C’est noté." in page
    assert "Le compte C2 : réuni à ce ménage le 20 novembre 2026" in page
    assert "Deux ménages réunis en un" in page
    assert "Dit au téléphone." in page

    page = _envoyer(client, dossier, monde, "separer")
    assert "Mme Émilie Martinez (compte C2) : un autre ménage, dit le 20 novembre 2026" in page
    with organisme_scope(monde.organisme):
        assert set(MenageCompte.objects.values_list("menage", flat=True).distinct()) == set(
            Menage.objects.values_list("pk", flat=True)
        )


def test_un_choix_qui_n_est_plus_possible_est_a_corriger(monde: Monde, dossier: Dossier) -> None:
    client = monde.client()
    _envoyer(client, dossier, monde, "distinguer")

    assert "C’est noté" not in _envoyer(client, dossier, monde, "separer")
    assert "C’est noté" not in _envoyer(client, dossier, monde, "revoir", motif="")
    with organisme_scope(monde.organisme):
        assert Rapprochement.objects.get().etat == "distincts"


def test_un_role_sans_le_droit_ne_voit_ni_panneau_ni_formulaire(monde: Monde, dossier: Dossier) -> None:
    assert monde.client(Role.ADMINISTRATEUR).get(f"/dossiers/{dossier.pk}/rapprocher/").status_code in (403, 404)
