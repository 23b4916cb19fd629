"""Two households that share a tenant: said to be one, then two again; and the banner of an old situation."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from tests import fabriques
from tests.web.conftest import Monde

from maintien.apps.comptes.models import Personne
from maintien.apps.dossiers.libelles import name_menages
from maintien.apps.dossiers.menages import attach_menages
from maintien.apps.dossiers.models import Dossier, Menage, MenageCompte
from maintien.apps.organismes.enums import Role
from maintien.apps.socle.portee import organisme_scope

pytestmark = pytest.mark.e2e

Ouvrir = Callable[..., Any]


def _paire(monde: Monde) -> int:
    """The first tenant of a household also holds another account, alone; its dossier."""
    with organisme_scope(monde.organisme):
        dossier = Dossier.objects.get(menage__libelle="Mme Ménage 1")
        personne = Personne.objects.filter(occupations__compte__rattachement__menage=dossier.menage).earliest("pk")
        compte = fabriques.compte("C0002-PARKING", secteur=monde.nord)
        fabriques.bail(compte)
        fabriques.occupation(compte, personne)
        fabriques.menage(compte)
        paul = fabriques.personne("Durand", "Paul", civilite="M.")
        fabriques.occupation(dossier.menage.rattachements.get().compte, paul)
        attach_menages()
        name_menages(Menage.objects.filter(rattachements__compte=compte).values_list("pk", flat=True))
        return dossier.pk


@pytest.mark.parametrize("taille", ["bureau", "telephone"])
def test_reunir_puis_separer(monde: Monde, ouvrir: Ouvrir, taille: str) -> None:
    pk = _paire(monde)
    with ouvrir(taille, politique=False) as visite:
        page = visite.page
        visite.connecter(monde.membres[Role.RECOUVREMENT])
        visite.aller(f"/dossiers/{pk}/")
        page.click("text=Réunir ou distinguer")
        page.wait_for_selector("#saisie-contenu")
        visite.capturer(f"rapprocher-{taille}")
        assert visite.violations() == []
        assert not visite.deborde()
        page.locator("input[value^=reunir]").check()
        page.fill("#saisie-contenu textarea", "Elle me l’a dit au téléphone.")
        page.click("#saisie-contenu button[type=submit]")
        page.wait_for_selector("text=Revenir sur cette décision")
        visite.capturer(f"rapproche-{taille}")
        assert visite.violations() == []
        page.click("text=Revenir sur cette décision")
        page.wait_for_selector("#saisie-contenu")
        page.locator("input[value^=separer]").check()
        page.fill("#saisie-contenu textarea", "C’était une autre personne.")
        page.click("#saisie-contenu button[type=submit]")
        page.wait_for_selector("text=un autre ménage, dit le")
    with organisme_scope(monde.organisme):
        menage = Dossier.objects.get(pk=pk).menage
        assert MenageCompte.objects.filter(menage=menage).count() == 1


@pytest.mark.parametrize("taille", ["bureau", "telephone"])
def test_une_situation_ancienne_se_voit(monde: Monde, ouvrir: Ouvrir, taille: str) -> None:
    monde.organisme.derniere_nuit = date(2020, 12, 31)
    monde.organisme.save(update_fields=["derniere_nuit"])
    with ouvrir(taille, politique=False) as visite:
        visite.connecter(monde.membres[Role.RECOUVREMENT])
        for nom, adresse in (("journee", "/journee/"), ("dossier", f"/dossiers/{_premier(monde)}/")):
            visite.aller(adresse)
            visite.page.wait_for_selector("text=Situation ancienne")
            visite.capturer(f"ancienne-{nom}-{taille}")
            assert visite.violations() == []
            assert not visite.deborde()


def _premier(monde: Monde) -> int:
    with organisme_scope(monde.organisme):
        return Dossier.objects.earliest("pk").pk
