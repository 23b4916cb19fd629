"""Every page at both sizes, in light and in dark: no axe violation, nothing wider than the screen, no complaint."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.web.conftest import Monde

from maintien.apps.comptes.enums import EtatFichier, EtatImportation
from maintien.apps.comptes.models import FichierImporte, Importation, LigneRefusee
from maintien.apps.dossiers.models import Dossier, Proposition
from maintien.apps.organismes.enums import Role
from maintien.apps.socle.portee import organisme_scope

pytestmark = pytest.mark.e2e

PAGES = {
    "journee": "/journee/",
    "journee-vide": "/journee/?q=introuvable",
    "sans-activite": "/journee/?onglet=sans_activite",
    "decision": "/propositions/{proposition}/faire/",
    "dossier": "/dossiers/{dossier}/",
    "dossier-protege": "/dossiers/{protege}/",
    "dossier-appel": "/dossiers/{dossier}/appel/",
    "dossier-pause": "/dossiers/{dossier}/pause/",
    "dossier-cause": "/dossiers/{dossier}/cause/",
    "dossier-duo": "/dossiers/{dossier}/reattribuer/",
    "journal": "/dossiers/{dossier}/?onglet=journal",
    "compte": "/dossiers/{dossier}/compte/?mois=2026-10&expliquer=1",
    "versements": "/dossiers/{dossier}/compte/?vue=versements",
    "ecritures": "/dossiers/{dossier}/compte/?vue=ecritures",
    "imports": "/imports/",
    "import": "/imports/{importation}/",
    "import-nouveau": "/imports/nouveau/",
    "introuvable": "/dossiers/999999/",
}


def _adresses(monde: Monde) -> dict[str, str]:
    with organisme_scope(monde.organisme):
        importation = Importation.objects.create(profil="pivot", etat=EtatImportation.TERMINEE)
        fichier = FichierImporte.objects.create(
            importation=importation,
            nom="EXTRACT_GL_LOC_202611.csv",
            chemin="x",
            empreinte="0",
            etat=EtatFichier.IMPORTE,
            lignes=12_345,
            prises=12_340,
            refusees=5,
            total_annonce_centimes=123_456_78,
            total_lu_centimes=123_000_00,
        )
        for ligne in range(5):
            LigneRefusee.objects.create(
                fichier=fichier,
                ligne=ligne + 2,
                colonne="date_comptable",
                valeur="31/02/2026",
                motif="date impossible : « 31/02/2026 »",
                remede="corriger la date dans le logiciel d'origine, puis refaire l'extraction",
            )
        proposition = Proposition.objects.filter(dossier__menage__libelle="Mme Ménage 1").get()
        cles = {
            "proposition": proposition.pk,
            "dossier": proposition.dossier_id,
            "protege": Dossier.objects.get(menage__contact_restreint=True).pk,
            "importation": importation.pk,
        }
    return {nom: adresse.format(**cles) for nom, adresse in PAGES.items()}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("taille", ["bureau", "telephone"])
def test_chaque_page_est_accessible_et_tient_dans_l_ecran(
    monde: Monde, ouvrir: Callable[..., Any], taille: str, theme: str
) -> None:
    fautes: dict[str, object] = {}
    with ouvrir(taille, theme, politique=False) as visite:
        visite.aller("/compte/connexion/")
        visite.capturer(f"connexion-{taille}-{theme}")
        fautes["connexion"] = visite.violations()
        visite.connecter(monde.membres[Role.RESPONSABLE])
        for nom, adresse in _adresses(monde).items():
            visite.aller(adresse)
            visite.capturer(f"{nom}-{taille}-{theme}")
            fautes[nom] = visite.violations() + (["déborde"] if visite.deborde() else [])
        plaintes = [plainte for plainte in visite.plaintes if "404" not in plainte]

    assert {nom: faute for nom, faute in fautes.items() if faute} == {}
    assert plaintes == []


def test_douze_menages_se_voient_sans_defiler(monde: Monde, ouvrir: Callable[..., Any]) -> None:
    with ouvrir() as visite:
        visite.connecter(monde.membres[Role.RECOUVREMENT])
        bas = visite.page.evaluate(
            "[...document.querySelectorAll('.ligne')].map(l => l.getBoundingClientRect().bottom)"
        )

    assert sum(1 for y in bas if y <= 768) >= 12


def test_l_appel_tient_dans_l_ecran_avec_ce_qu_il_faut_pour_le_mener(monde: Monde, ouvrir: Callable[..., Any]) -> None:
    with organisme_scope(monde.organisme):
        dossier = Dossier.objects.get(menage__libelle="Mme Ménage 1")
    with ouvrir() as visite:
        visite.connecter(monde.membres[Role.RECOUVREMENT])
        visite.aller(f"/dossiers/{dossier.pk}/")
        visite.page.keyboard.press("a")
        visite.page.wait_for_selector("#saisie-contenu")
        bas = {
            quoi: visite.page.evaluate(f"document.querySelector('{quoi}').getBoundingClientRect().bottom")
            for quoi in (".phrase", ".etape", ".joindre", "#saisie-contenu button[type=submit]")
        }
        defile = visite.page.evaluate("scrollY")

    assert defile == 0
    assert {quoi: y for quoi, y in bas.items() if y > 768} == {}


def test_a_deux_cents_pour_cent_rien_ne_deborde(monde: Monde, ouvrir: Callable[..., Any]) -> None:
    with ouvrir() as visite:
        visite.connecter(monde.membres[Role.RESPONSABLE])
        visite.page.set_viewport_size({"width": 683, "height": 384})
        larges = []
        for nom, adresse in _adresses(monde).items():
            visite.aller(adresse)
            if visite.deborde():
                larges.append(nom)

    assert larges == []
