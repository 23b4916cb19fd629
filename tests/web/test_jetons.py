"""The administrator's page of tokens: the secret shown once, the list, the revocation."""

import re

from django.urls import reverse
from tests import fabriques
from tests.web.conftest import Monde
from tests.web.pages import texte

from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.jetons import authenticate, jetons
from maintien.apps.organismes.models import JetonApi
from maintien.apps.socle.models import Evenement
from maintien.apps.socle.portee import organisme_scope

SAISIE = {"nom": "Progiciel <b>", "portees": ["situations:lire"], "secteur": "", "jours": "30"}


def test_le_jeton_cree_est_montre_une_fois(monde: Monde) -> None:
    client = monde.client(Role.ADMINISTRATEUR)
    page = client.post(reverse("jetons"), SAISIE)

    trouve = re.search(r"mnt_[0-9a-f]{12}_[0-9a-f]{64}", page.content.decode())
    assert page.status_code == 200
    assert trouve is not None
    jeton = authenticate(trouve[0])
    assert jeton is not None
    assert (jeton.nom, jeton.cree_par) == ("Progiciel <b>", monde.membres[Role.ADMINISTRATEUR].utilisateur)
    encore = client.get(reverse("jetons"))
    assert trouve[0] not in encore.content.decode()
    assert "Progiciel <b>" in texte(encore)
    assert "situations:lire · tous les secteurs" in texte(encore)


def test_un_secteur_se_choisit_parmi_les_siens(monde: Monde) -> None:
    with organisme_scope(fabriques.organisme("AUTRE")):
        etranger = fabriques.secteur("LOIN")
    client = monde.client(Role.ADMINISTRATEUR)

    refus = client.post(reverse("jetons"), SAISIE | {"secteur": str(etranger.pk)})
    assert refus.status_code == 422
    assert "Choisissez un secteur de la liste." in texte(refus)
    assert "LOIN" not in texte(refus)
    client.post(reverse("jetons"), SAISIE | {"secteur": str(monde.nord.pk)})

    with organisme_scope(monde.organisme):
        [jeton] = JetonApi.objects.all()
        assert jeton.secteur == monde.nord


def test_une_saisie_a_corriger_le_dit(monde: Monde) -> None:
    page = monde.client(Role.ADMINISTRATEUR).post(reverse("jetons"), {"jours": "400"})

    assert page.status_code == 422
    lu = texte(page)
    assert "Écrivez quel logiciel l’emploie." in lu
    assert "Cochez au moins une réponse de la liste." in lu
    assert "Écrivez un nombre de jours, de 1 à 365." in lu


def test_revoquer_est_immediat_et_dit_par_qui(monde: Monde) -> None:
    with organisme_scope(monde.organisme):
        cree = fabriques.jeton()
    client = monde.client(Role.ADMINISTRATEUR)
    adresse = reverse("jeton_revoquer", args=[cree.jeton.pk])

    assert "Choisissez une réponse de la liste." in texte(client.post(adresse, {}))
    assert authenticate(cree.texte) is not None
    page = client.post(adresse, {"motif": "perdu"}, follow=True)

    assert authenticate(cree.texte) is None
    assert "Le jeton « Progiciel » est révoqué" in texte(page)
    assert "Aucun jeton ne lit vos données." in texte(page)
    with organisme_scope(monde.organisme):
        ligne = Evenement.objects.get(acte="jeton.revoquer")
        assert ligne.acteur == monde.membres[Role.ADMINISTRATEUR].utilisateur
        assert [j.motif_revocation for j in jetons()] == ["perdu"]
