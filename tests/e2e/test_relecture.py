"""A note to read again before it is kept, with and without script; the pages of the DPO."""

from collections.abc import Callable
from typing import Any

import pytest
from tests import fabriques
from tests.web.conftest import Monde

from maintien.apps.dossiers.enums import GenreDroit
from maintien.apps.dossiers.models import Dossier, Note, RemarqueLexique
from maintien.apps.organismes.enums import Role
from maintien.apps.socle.portee import organisme_scope

pytestmark = pytest.mark.e2e

Ouvrir = Callable[..., Any]
TEXTE = "Mme Ménage ne paie plus depuis qu’elle est alcoolique et en dépression ; son mari est violent."


def _dossier(monde: Monde) -> int:
    with organisme_scope(monde.organisme):
        return Dossier.objects.get(menage__libelle="Mme Ménage 1").pk


@pytest.mark.parametrize(("taille", "script"), [("bureau", True), ("telephone", True), ("bureau", False)])
def test_une_note_se_relit_avant_d_etre_gardee(monde: Monde, ouvrir: Ouvrir, taille: str, script: bool) -> None:
    pk = _dossier(monde)
    with ouvrir(taille, script=script, politique=not script) as visite:
        page = visite.page
        visite.connecter(monde.membres[Role.RECOUVREMENT])
        visite.aller(f"/dossiers/{pk}/" if script else f"/dossiers/{pk}/note/")
        if script:
            page.click("text=Note >> visible=true")
        page.wait_for_selector("#saisie-contenu")
        page.fill("#saisie-contenu textarea", TEXTE)
        page.click("#saisie-contenu .btn-primary")
        page.wait_for_selector(".relecture")
        assert page.input_value("#saisie-contenu textarea") == TEXTE
        visite.capturer(f"relecture-{taille}-{'script' if script else 'sans'}")
        if script:
            assert "À relire" in visite.foyer()
            assert visite.violations() == []
            assert not visite.deborde()
        page.click(".relecture summary")
        page.select_option(".relecture select", "demande")
        page.click(".relecture button[type=submit]")
        page.wait_for_selector("text=La note est enregistrée")
    with organisme_scope(monde.organisme):
        assert Note.objects.get().texte == TEXTE
        classes = set(RemarqueLexique.objects.values_list("classe", flat=True))
    assert classes == {"addiction", "psychisme", "violences"}


@pytest.mark.parametrize("taille", ["bureau", "telephone"])
def test_les_pages_du_delegue(monde: Monde, ouvrir: Ouvrir, taille: str) -> None:
    with organisme_scope(monde.organisme):
        menage = Dossier.objects.get(menage__libelle="Mme Ménage 1").menage
        demande = fabriques.demande_droit(menage)
        fabriques.demande_droit(menage, genre=GenreDroit.LIMITATION, recue_le=fabriques.NUIT.replace(month=10, day=2))
        RemarqueLexique.objects.create(
            menage=menage,
            champ="note.texte",
            categorie="sante",
            classe="addiction",
            raison="nom",
            version="2026-11-25",
            auteur=monde.membres[Role.RECOUVREMENT].utilisateur,
            jour=fabriques.NUIT,
        )
    with ouvrir(taille, politique=False) as visite:
        visite.connecter(monde.membres[Role.DPO])
        pages = {
            "demandes": "/demandes/",
            "demande-nouvelle": "/demandes/nouvelle/",
            "demande": f"/demandes/{demande.pk}/",
            "textes-gardes": "/textes-gardes/",
        }
        for nom, adresse in pages.items():
            visite.aller(adresse)
            visite.capturer(f"{nom}-{taille}")
            assert visite.violations() == [], nom
            assert not visite.deborde(), nom
