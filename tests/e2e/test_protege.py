"""The protected household in a browser: placed, read by whoever is named, unknown to a colleague."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.web.conftest import Monde

from maintien.apps.dossiers.models import Dossier
from maintien.apps.organismes.enums import Role
from maintien.apps.socle.portee import organisme_scope

pytestmark = pytest.mark.e2e

Ouvrir = Callable[..., Any]
SUR = "07 99 99 99 99"


def _dossier(monde: Monde) -> int:
    with organisme_scope(monde.organisme):
        return Dossier.objects.get(menage__libelle="Mme Ménage 1").pk


def _placer(monde: Monde, page: Any, adresse: str) -> None:
    """Through the menu of the household, for the agent and the CESF."""
    page.click("summary >> text=Décès, protection, contact restreint")
    page.click("text=Placer sous protection")
    page.wait_for_selector("#saisie-contenu")
    page.check("#saisie-contenu input[name=motif][value=ordonnance]")
    page.check(f"#saisie-contenu input[name=nommes][value='{monde.membres[Role.CESF].utilisateur_id}']")
    page.locator("#saisie-contenu input[value=telephone]").first.check()
    page.locator("#saisie-contenu input[name^=valeur_]").first.fill(SUR)
    page.click("#saisie-contenu button[type=submit]")


@pytest.mark.parametrize("taille", ["bureau", "telephone"])
def test_vu_par_qui_est_nomme_et_par_personne_d_autre(monde: Monde, ouvrir: Ouvrir, taille: str) -> None:
    adresse = f"/dossiers/{_dossier(monde)}/"
    with ouvrir(taille, politique=False) as visite:
        page = visite.page
        visite.connecter(monde.membres[Role.RECOUVREMENT])
        visite.aller(adresse)
        _placer(monde, page, adresse)
        page.wait_for_selector("text=Pourquoi l’ouvrez-vous")
        page.check("input[value=suivi]")
        page.click("main button[type=submit]")
        page.wait_for_selector("text=Attention particulière")
        assert SUR in page.inner_text("main")
        assert page.locator("a[href^='tel:'], a[href^='mailto:']").count() == 0
        assert "iolence" not in page.content()
        assert page.title().startswith("Dossier ")
        assert not visite.deborde()
        assert visite.violations() == []
        page.click("summary >> text=Décès, protection, contact restreint")
        for acte in ("Voies de contact", "Personnes nommées", "Demander le retour au suivi habituel"):
            page.click(f"a >> text={acte}")
            page.wait_for_selector("#saisie-contenu")
            assert visite.violations() == []
            assert not visite.deborde()
        assert visite.plaintes == []
    with ouvrir(taille) as visite:
        visite.connecter(monde.membres[Role.CONTENTIEUX])
        visite.aller("/journee/?tout=1")
        assert visite.page.get_by_text("Mme Ménage 2", exact=True).count() > 0
        assert visite.page.get_by_text("Mme Ménage 1", exact=True).count() == 0
        assert adresse not in visite.page.content()
        statut = visite.page.goto(visite.serveur + adresse).status
        assert statut == 404
        assert "Ménage 1" not in visite.page.content()
