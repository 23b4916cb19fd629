"""The page that asks why: before anything of a colleague's dossier is shown, once a session, and written down."""

import pytest
from django.test import Client
from tests.web.conftest import Monde
from tests.web.pages import texte

from maintien.apps.dossiers.enums import NiveauDossier
from maintien.apps.dossiers.models import Dossier, PersonneNommee
from maintien.apps.organismes.enums import Role
from maintien.apps.socle.models import Evenement
from maintien.apps.socle.portee import organisme_scope

NOM = "Mme Zoé Témoin-Unique"


@pytest.fixture
def d_un_collegue(monde: Monde) -> Dossier:
    return monde.ajouter_dossier(NOM, referent=monde.membres[Role.CONTENTIEUX].utilisateur)


def _lectures(monde: Monde) -> list[tuple[int | None, str]]:
    with organisme_scope(monde.organisme):
        lignes = Evenement.objects.filter(acte="dossier.lecture").order_by("pk")
        return [(ligne.acteur_id, ligne.finalite) for ligne in lignes]


def test_rien_du_dossier_n_est_montre_avant(monde: Monde, d_un_collegue: Dossier) -> None:
    client = monde.client(Role.RECOUVREMENT)

    reponse = client.get(f"/dossiers/{d_un_collegue.pk}/", follow=True)

    assert reponse.redirect_chain == [
        (f"/dossiers/{d_un_collegue.pk}/ouvrir/?suite=%2Fdossiers%2F{d_un_collegue.pk}%2F", 302)
    ]
    assert "Ce dossier n’est pas dans votre portefeuille" in texte(reponse)
    assert "Témoin-Unique" not in texte(reponse)
    assert _lectures(monde) == []


def test_la_raison_dite_ouvre_ce_dossier_la_et_s_ecrit_a_chaque_lecture(monde: Monde, d_un_collegue: Dossier) -> None:
    client = monde.client(Role.RECOUVREMENT)
    autre = monde.ajouter_dossier(referent=monde.membres[Role.CONTENTIEUX].utilisateur)
    compte = f"/dossiers/{d_un_collegue.pk}/compte/"

    dite = client.post(f"/dossiers/{d_un_collegue.pk}/ouvrir/", {"finalite": "remplacement", "suite": compte})

    assert (dite.status_code, dite["Location"]) == (302, compte)
    assert client.get(compte).status_code == 200
    assert NOM in texte(client.get(f"/dossiers/{d_un_collegue.pk}/"))
    assert client.get(f"/dossiers/{autre.pk}/").status_code == 302
    agent = monde.membres[Role.RECOUVREMENT].utilisateur_id
    assert _lectures(monde) == [(agent, "remplacement"), (agent, "remplacement")]


def test_la_raison_ne_survit_pas_a_la_session(monde: Monde, d_un_collegue: Dossier) -> None:
    monde.client(Role.RECOUVREMENT).post(f"/dossiers/{d_un_collegue.pk}/ouvrir/", {"finalite": "appel"})

    assert monde.client(Role.RECOUVREMENT).get(f"/dossiers/{d_un_collegue.pk}/").status_code == 302


@pytest.mark.parametrize("finalite", ["", "curiosite", "suivi"])
def test_une_raison_absente_ou_qui_n_est_pas_la_sienne_est_refusee(
    monde: Monde, d_un_collegue: Dossier, finalite: str
) -> None:
    client = monde.client(Role.RECOUVREMENT)

    assert client.post(f"/dossiers/{d_un_collegue.pk}/ouvrir/", {"finalite": finalite}).status_code == 422
    assert client.get(f"/dossiers/{d_un_collegue.pk}/").status_code == 302


@pytest.mark.parametrize("suite", ["https://ailleurs.example/", "//ailleurs.example", "/\\ailleurs.example"])
def test_la_suite_ne_mene_pas_hors_du_site(monde: Monde, d_un_collegue: Dossier, suite: str) -> None:
    reponse = monde.client(Role.RECOUVREMENT).post(
        f"/dossiers/{d_un_collegue.pk}/ouvrir/", {"finalite": "appel", "suite": suite}
    )

    assert reponse["Location"] == f"/dossiers/{d_un_collegue.pk}/"


def test_un_fragment_conduit_a_la_page_entiere(monde: Monde, d_un_collegue: Dossier) -> None:
    reponse = monde.client(Role.RECOUVREMENT).get(
        f"/dossiers/{d_un_collegue.pk}/deces/", headers={"HX-Request": "true"}
    )

    assert reponse["HX-Redirect"].startswith(f"/dossiers/{d_un_collegue.pk}/ouvrir/")


def test_qui_est_nomme_sur_un_dossier_protege_le_dit_a_chaque_session(monde: Monde) -> None:
    dossier = monde.ajouter_dossier(niveau=NiveauDossier.PROTEGE)
    nommee = monde.membres[Role.CESF].utilisateur
    with organisme_scope(monde.organisme):
        PersonneNommee.objects.create(menage=dossier.menage, utilisateur=nommee, nommee_par=nommee)
    client: Client = monde.client(Role.CESF)

    assert "Ce dossier demande une attention particulière" in texte(
        client.get(f"/dossiers/{dossier.pk}/", follow=True)
    )
    client.post(f"/dossiers/{dossier.pk}/ouvrir/", {"finalite": "suivi"})

    assert client.get(f"/dossiers/{dossier.pk}/").status_code == 200
    assert _lectures(monde) == [(nommee.pk, "suivi")]
    for role in (Role.RECOUVREMENT, Role.CONTENTIEUX, Role.RESPONSABLE):
        assert monde.client(role).get(f"/dossiers/{dossier.pk}/").status_code == 404
        assert monde.client(role).get(f"/dossiers/{dossier.pk}/ouvrir/").status_code == 404


def test_la_table_se_lit_en_mots(monde: Monde) -> None:
    page = texte(monde.client(Role.DPO).get("/habilitations/"))

    assert "Chargé de recouvrement" in page
    assert "En disant pourquoi" in page
    assert "Le portefeuille d’un collègue de son secteur" in page
    assert "Locataire (lien public)" in page


def test_chaque_role_a_son_paragraphe(monde: Monde) -> None:
    reponse = monde.client(Role.ADMINISTRATEUR).get("/habilitations/")

    assert reponse.content.decode().count('class="card habilitations-role"') == 13
