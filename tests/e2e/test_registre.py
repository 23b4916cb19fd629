"""Taking households out with a second person, and the journal with and without names, in a real browser."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.web.conftest import Monde

from maintien.apps.organismes.enums import Role
from maintien.apps.socle.enums import NomReglage
from maintien.apps.socle.models import Extraction, Reglage
from maintien.apps.socle.portee import organisme_scope

pytestmark = pytest.mark.e2e
Ouvrir = Callable[..., Any]


def _voir(visite: Any, nom: str, taille: str) -> None:
    visite.capturer(f"{nom}-{taille}")
    assert (visite.violations(), visite.deborde()) == ([], False), nom


@pytest.mark.parametrize("taille", ["bureau", "telephone"])
def test_un_export_a_deux_puis_le_registre(monde: Monde, ouvrir: Ouvrir, taille: str) -> None:
    with organisme_scope(monde.organisme):
        Reglage.objects.create(nom=NomReglage.EXTRACTION_MENAGES, valeur=5, depuis=date(2026, 1, 1))
    with ouvrir(taille, politique=False) as agent, ouvrir(taille, politique=False) as chef:
        agent.connecter(monde.membres[Role.RECOUVREMENT])
        agent.aller("/journee/?tout=1")
        agent.page.click("text=Exporter cette liste")
        agent.page.wait_for_selector("text=un responsable doit donner son accord")
        _voir(agent, "export-demande", taille)
        agent.page.select_option("[name=finalite]", "reunion")
        agent.page.click("text=Demander l’accord")
        agent.page.wait_for_selector("text=attend une seconde personne")
        _voir(agent, "export-attente", taille)

        chef.connecter(monde.membres[Role.RESPONSABLE])
        chef.aller("/exports/")
        chef.page.click("a:has-text('Décider')")
        chef.page.wait_for_selector("text=14 ménages")
        _voir(chef, "export-decision", taille)
        chef.page.click("button:has-text('Accepter')")
        chef.page.wait_for_selector("text=Votre décision est notée")

        agent.aller("/exports/")
        with agent.page.expect_download() as remise:
            agent.page.click("text=Prendre le fichier")
        with organisme_scope(monde.organisme):
            extraction = Extraction.objects.get()
        assert extraction.code in remise.value.suggested_filename
        assert Path(remise.value.path()).read_bytes().startswith(b"PK")
        chef.aller("/exports/registre/")
        _voir(chef, "export-registre", taille)
        assert chef.page.locator(f"text={extraction.code}").count() == 1


@pytest.mark.parametrize("taille", ["bureau", "telephone"])
def test_le_journal_sans_puis_avec_les_noms(monde: Monde, ouvrir: Ouvrir, taille: str) -> None:
    with ouvrir("bureau") as agent:
        agent.connecter(monde.membres[Role.RECOUVREMENT])
        agent.aller("/journee/")
        agent.page.click("[data-principal] >> nth=1")
        agent.page.wait_for_selector("#dossier")
        adresse = agent.page.url.split("?")[0].removeprefix(agent.serveur)
        agent.aller(f"{adresse}note/")
        agent.page.fill("textarea", "Paiera vendredi.")
        agent.page.click("button[type=submit]:has-text('Enregistrer')")
        agent.page.wait_for_selector("text=La note est enregistrée.")
    with ouvrir(taille, politique=False) as visite:
        visite.connecter(monde.membres[Role.DPO])
        visite.aller("/journal/")
        visite.page.wait_for_selector("td >> text=Note écrite")
        assert visite.page.locator("text=Mme Ménage").count() == 0
        _voir(visite, "journal-page", taille)
        visite.page.click("text=Mettre les noms sur cette page")
        visite.page.select_option("[name=finalite]", "encadrement")
        visite.page.click("button:has-text('Mettre les noms')")
        visite.page.wait_for_selector("text=Les noms sont montrés sur cette page seulement")
        _voir(visite, "journal-noms", taille)
        visite.page.click("text=Revenir aux numéros")
        visite.page.wait_for_selector("td >> text=Noms mis sur le journal")
