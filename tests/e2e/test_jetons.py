"""A token of the API made, shown once and revoked, in a real browser."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from tests import fabriques
from tests.web.conftest import Monde

from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.jetons import authenticate, revoke_jeton
from maintien.apps.socle.portee import organisme_scope

pytestmark = pytest.mark.e2e
Ouvrir = Callable[..., Any]


def _voir(visite: Any, nom: str, taille: str) -> None:
    visite.capturer(f"{nom}-{taille}")
    assert (visite.violations(), visite.deborde()) == ([], False), nom


@pytest.mark.parametrize("taille", ["bureau", "telephone"])
def test_un_jeton_se_cree_se_montre_une_fois_et_se_revoque(monde: Monde, ouvrir: Ouvrir, taille: str) -> None:
    with organisme_scope(monde.organisme):
        ancien = fabriques.jeton(nom="Progiciel de l’an passé", secteur=monde.nord)
        revoke_jeton(ancien.jeton, "remplace")
    with ouvrir(taille, politique=False) as visite:
        visite.connecter(monde.membres[Role.ADMINISTRATEUR])
        visite.aller("/administration/jetons/")
        _voir(visite, "jetons-vide", taille)
        visite.page.fill("[name=nom]", "Progiciel ERP-A")
        visite.page.check("text=lire les situations des comptes")
        visite.page.click("text=Créer le jeton")
        visite.page.wait_for_selector("#jeton-cree")
        texte = visite.page.input_value("#jeton-cree")
        assert re.fullmatch(r"mnt_[0-9a-f]{12}_[0-9a-f]{64}", texte)
        _voir(visite, "jetons-cree", taille)

        visite.aller("/administration/jetons/")
        assert texte not in visite.page.content()
        visite.page.click("summary:has-text('Révoquer')")
        visite.page.check("text=il est perdu")
        _voir(visite, "jetons-revoquer", taille)
        visite.page.click("text=Révoquer ce jeton")
        visite.page.wait_for_selector("text=Aucun jeton ne lit vos données")
        assert visite.plaintes == []
    assert authenticate(texte) is None
