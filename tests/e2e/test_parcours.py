"""Journeys: the list by keyboard, a call, a pause, a note, the ledger, an import; and the same without script."""

from collections.abc import Callable
from typing import Any

import pytest
from tests import fabriques
from tests.web.conftest import Monde
from tests.web.test_imports import BAUX, ECRITURES

from maintien.apps.comptes.models import Importation
from maintien.apps.dossiers.enums import EtatProposition
from maintien.apps.dossiers.models import Dossier, Menage, Note, Pause, Proposition
from maintien.apps.organismes.enums import Role
from maintien.apps.socle.enums import EtatExecution
from maintien.apps.socle.models import Execution
from maintien.apps.socle.portee import organisme_scope
from maintien.travaux.imports import run

pytestmark = pytest.mark.e2e

Ouvrir = Callable[..., Any]


def _dossier(monde: Monde, nom: str = "Mme Ménage 1") -> int:
    with organisme_scope(monde.organisme):
        return Dossier.objects.get(menage__libelle=nom).pk


def test_la_journee_au_clavier(monde: Monde, ouvrir: Ouvrir) -> None:
    with ouvrir() as visite:
        page = visite.page
        visite.connecter(monde.membres[Role.RECOUVREMENT])
        page.keyboard.press("j")
        page.keyboard.press("j")
        assert visite.foyer() == "Mme Ménage 1"
        page.keyboard.press("k")
        page.keyboard.press("j")
        page.keyboard.press("a")
        page.wait_for_selector(".decision")
        page.locator(".decision input[value=joint]").check()
        page.fill(".decision textarea", "Paiera vendredi.")
        page.click(".decision button[type=submit]")
        page.wait_for_selector("text=c’est noté")
        page.wait_for_timeout(500)
        assert page.locator(".ligne").count() == 13
        assert visite.foyer() == "Mme Ménage 2"
        assert "1 sur 14 faits" in " ".join(page.inner_text("#bande").split())
        page.keyboard.press("r")
        page.wait_for_selector(".decision")
        page.keyboard.press("Escape")
        assert page.locator(".decision").count() == 0
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "recherche"
        page.keyboard.type("jjj")
        assert page.input_value("#recherche") == "jjj"
        page.keyboard.press("Tab")
        page.keyboard.press("j")
        page.keyboard.press("n")
        page.wait_for_url("**/note/")
        visite.aller(f"/dossiers/{_dossier(monde)}/")
        page.keyboard.press("/")
        page.wait_for_url("**/journee/#recherche")
        assert page.evaluate("document.activeElement.id") == "recherche"
        assert visite.plaintes == []
    with organisme_scope(monde.organisme):
        faite = Proposition.objects.get(etat=EtatProposition.FAITE)
        assert faite.dossier.menage.libelle == "Mme Ménage 1"
        assert Note.objects.get().texte == "Paiera vendredi."


def test_la_liste_jusqu_a_sa_fin(monde: Monde, ouvrir: Ouvrir) -> None:
    with organisme_scope(monde.organisme):
        garde = Proposition.objects.filter(dossier__menage__libelle="Mme Ménage 7")
        Proposition.objects.exclude(pk__in=garde).update(etat=EtatProposition.PERIMEE)
    with ouvrir() as visite:
        page = visite.page
        visite.connecter(monde.membres[Role.RECOUVREMENT])
        page.click(".ligne >> text=Fait")
        page.click(".decision button[type=submit]")
        page.wait_for_selector("text=Tout est fait pour aujourd’hui")
        page.wait_for_timeout(500)
        assert page.evaluate("document.activeElement.id") == "fin-de-liste"
        assert visite.plaintes == []


def test_chercher_puis_revenir_sans_nom_dans_l_adresse(monde: Monde, ouvrir: Ouvrir) -> None:
    for script in (True, False):
        with ouvrir(script=script) as visite:
            page = visite.page
            visite.connecter(monde.membres[Role.RECOUVREMENT])
            with organisme_scope(monde.organisme):
                Menage.objects.filter(libelle="Mme Ménage 7").update(recherche="mme menage 7")
            page.fill("#recherche", "Ménage 7")
            page.press("#recherche", "Enter")
            page.wait_for_url("**/journee/?recherche=*")
            assert page.locator(".menage").count() == 1
            cherchee = page.url
            page.click("text=Mme Ménage 7")
            page.wait_for_url("**/dossiers/**")
            page.go_back()
            assert page.url == cherchee
            assert page.input_value("#recherche") == "Ménage 7"
            page.go_back()
            page.wait_for_url("**/journee/")
            assert page.locator(".menage").count() == 14
            assert visite.plaintes == []


def test_la_premiere_etape_faite_la_seconde_dit_le_menage(monde: Monde, ouvrir: Ouvrir) -> None:
    with organisme_scope(monde.organisme):
        dossier = Dossier.objects.get(menage__libelle="Mme Ménage 7")
        premiere = Proposition.objects.get(dossier=dossier)
        seconde = fabriques.proposition(
            dossier, genre="signalement", quoi="Signaler à la CAF.", imposee=True, minutes=5
        )
    with ouvrir() as visite:
        page = visite.page
        visite.connecter(monde.membres[Role.RECOUVREMENT])
        menage = page.locator(".menage", has_text="Mme Ménage 7")
        suite = page.locator(f"#ligne-{seconde.pk}")
        assert suite.locator(".ligne-meme").is_visible()
        menage.locator("text=Fait").first.click()
        page.wait_for_selector(".decision")
        page.click(".decision button[type=submit]")
        page.wait_for_selector("text=c’est noté")
        page.wait_for_timeout(500)
        assert page.locator(f"#ligne-{premiere.pk}").count() == 0
        assert not suite.locator(".ligne-meme").is_visible()
        assert suite.locator(".ligne-nom").is_visible()
        assert "0 sur 14 faits" in " ".join(page.inner_text("#bande").split())
        suite.locator("text=Fait").click()
        page.wait_for_selector(".decision")
        page.locator(".decision input[value=joint]").check()
        page.click(".decision button[type=submit]")
        page.wait_for_selector("text=1 sur 14")
        page.wait_for_timeout(500)
        assert page.locator(".menage:visible").count() == 13
        assert visite.plaintes == []


def test_pendant_l_appel_rien_ne_se_perd(monde: Monde, ouvrir: Ouvrir) -> None:
    dossier = _dossier(monde)
    with ouvrir() as visite:
        page = visite.page
        visite.connecter(monde.membres[Role.CESF])
        visite.aller(f"/dossiers/{dossier}/")
        page.keyboard.press("n")
        page.wait_for_selector("#saisie-contenu")
        page.fill("#saisie-contenu textarea", "Elle a changé de banque")
        page.wait_for_selector("text=Brouillon gardé")
        page.reload()
        page.keyboard.press("n")
        page.wait_for_selector("#saisie-contenu")
        assert page.input_value("#saisie-contenu textarea") == "Elle a changé de banque"
        page.locator("#saisie-contenu input[value=social]").check()
        page.evaluate("window.memePage = true")
        page.click("#saisie-contenu button[type=submit]")
        page.wait_for_selector("text=La note est enregistrée.")
        assert page.evaluate("window.memePage") is True
        assert page.locator(".fil-entree", has_text="Elle a changé de banque").count() == 1
        assert page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})") == "{}"
        assert visite.plaintes == []


def test_poser_puis_lever_une_pause_sans_recharger(monde: Monde, ouvrir: Ouvrir) -> None:
    dossier = _dossier(monde)
    with ouvrir() as visite:
        page = visite.page
        visite.connecter(monde.membres[Role.RECOUVREMENT])
        visite.aller(f"/dossiers/{dossier}/")
        page.keyboard.press("p")
        page.wait_for_selector("#saisie-contenu")
        page.locator("#saisie-contenu input[value=aide]").check()
        page.click("#saisie-contenu button[type=submit]")
        page.wait_for_selector("text=En pause jusqu’au 4 décembre 2026")
        visite.capturer("parcours-pause")
        page.click("text=Lever la pause")
        page.wait_for_selector("text=La pause est levée.")
        assert visite.plaintes == []
    with organisme_scope(monde.organisme):
        assert Pause.objects.get().levee_le is not None


@pytest.mark.parametrize("taille", ["bureau", "telephone"])
def test_noter_un_deces_le_corriger_puis_restreindre_le_contact(monde: Monde, ouvrir: Ouvrir, taille: str) -> None:
    dossier = _dossier(monde)
    with ouvrir(taille, politique=False) as visite:
        page = visite.page
        visite.connecter(monde.membres[Role.RECOUVREMENT])
        visite.aller(f"/dossiers/{dossier}/")
        assert page.locator(".etape >> text=Appeler pour comprendre").count() == 1
        page.click("text=Décès, protection, contact restreint")
        page.click("text=Noter un décès")
        page.wait_for_selector("#saisie-contenu")
        assert visite.violations() == []
        page.fill("#saisie-contenu [name=deces_le]", "2026-09-01")
        page.locator("#saisie-contenu input[value=proche]").check()
        page.click("#saisie-contenu button[type=submit]")
        page.wait_for_selector("text=décès le 1er septembre 2026. Rien ne lui est adressé")
        visite.capturer(f"parcours-deces-{taille}")
        assert page.locator("text=Appeler pour comprendre").count() == 0
        page.click("text=Décès, protection, contact restreint")
        page.click(".joindre >> text=Corriger")
        page.fill("#saisie-contenu textarea", "Homonyme")
        page.click("#saisie-contenu button[type=submit]")
        page.wait_for_selector("text=La correction est faite.")
        page.click("text=Décès, protection, contact restreint")
        page.click(".joindre >> text=Restreindre le contact")
        page.locator("#saisie-contenu input[value=ordonnance]").check()
        page.click("#saisie-contenu button[type=submit]")
        page.wait_for_selector("text=Cela ne se lève qu’à deux")
        assert page.locator("text=Tilleuls").count() == 0
        assert visite.violations() == []
        assert not visite.deborde()
        visite.capturer(f"parcours-restreint-{taille}")
        visite.aller("/journee/?tout=1")
        assert page.locator(".ligne").count() == 13
        assert visite.plaintes == []


def test_le_brouillon_garde_aussi_qui_le_lira(monde: Monde, ouvrir: Ouvrir) -> None:
    dossier = _dossier(monde)
    with ouvrir() as visite:
        page = visite.page
        visite.connecter(monde.membres[Role.CESF])
        visite.aller(f"/dossiers/{dossier}/")
        page.keyboard.press("n")
        page.wait_for_selector("#saisie-contenu")
        assert page.locator("#saisie-contenu input[name=mur]:checked").count() == 0
        page.fill("#saisie-contenu textarea", "Budget serré")
        page.wait_for_selector("text=Brouillon gardé")
        with page.expect_response("**/note/"):
            page.locator("#saisie-contenu input[value=commun]").check()
        page.reload()
        page.keyboard.press("n")
        page.wait_for_selector("#saisie-contenu")
        assert page.locator("#saisie-contenu input[value=commun]").is_checked()
        assert visite.plaintes == []


def test_deux_personnes_sur_le_meme_dossier(monde: Monde, ouvrir: Ouvrir) -> None:
    dossier = _dossier(monde)
    with ouvrir() as une, ouvrir() as autre:
        for visite, role in ((une, Role.RECOUVREMENT), (autre, Role.CESF)):
            visite.connecter(monde.membres[role])
            visite.aller(f"/dossiers/{dossier}/cause/")
        autre.page.locator("#saisie-contenu input[value=durable]").check()
        autre.page.locator("#saisie-contenu input[value=agent]").check()
        autre.page.click("#saisie-contenu button[type=submit]")
        autre.page.wait_for_selector("text=La cause est notée.")
        une.page.locator("#saisie-contenu input[value=ponctuelle]").check()
        une.page.locator("#saisie-contenu input[value=locataire]").check()
        une.page.click("#saisie-contenu button[type=submit]")
        une.page.wait_for_selector("text=Le dossier a changé depuis que vous l’avez ouvert")
        assert une.page.locator("#saisie-contenu input[value=ponctuelle]").is_checked()
        une.page.click("#saisie-contenu button[type=submit]")
        une.page.wait_for_selector("text=La cause est notée.")


def test_du_mois_au_versement_et_a_l_explication(monde: Monde, ouvrir: Ouvrir) -> None:
    with ouvrir() as visite:
        page = visite.page
        visite.connecter(monde.membres[Role.RECOUVREMENT])
        visite.aller(f"/dossiers/{_dossier(monde)}/compte/")
        page.click("text=Octobre 2026")
        page.wait_for_selector("text=Le terme d’octobre 2026")
        page.click("text=Expliquer ce solde")
        page.wait_for_selector("text=À lire au locataire")
        page.click("text=Versements et aides")
        page.wait_for_selector("text=Aucun versement n’est connu sur ce compte.")
        assert visite.plaintes == []


def test_un_import_suivi_jusqu_a_son_bilan(monde: Monde, ouvrir: Ouvrir) -> None:
    fichiers = [
        {"name": "ecritures.csv", "mimeType": "text/csv", "buffer": ECRITURES.encode()},
        {"name": "baux.csv", "mimeType": "text/csv", "buffer": BAUX.encode()},
    ]
    with ouvrir() as visite:
        page = visite.page
        visite.connecter(monde.membres[Role.RESPONSABLE])
        visite.aller("/imports/")
        page.click("text=Déposer des fichiers")
        page.select_option("[name=profil]", "pivot")
        page.set_input_files("[name=fichiers]", fichiers)
        assert page.locator("#choisis li").count() == 2
        page.click("text=Lire les premières lignes")
        page.wait_for_selector("text=a compris")
        visite.capturer("parcours-apercu")
        page.click("text=Importer 2")
        page.wait_for_selector("text=En attente d’un traitement libre")
        with organisme_scope(monde.organisme):
            execution = Importation.objects.get().execution_id
            Execution.objects.filter(pk=execution).update(etape="ecritures.csv", fait=250, total=1000)
        page.wait_for_selector("text=(25 %)")
        visite.capturer("parcours-progression")
        with organisme_scope(monde.organisme):
            assert Execution.objects.get(pk=execution).etat == EtatExecution.EN_ATTENTE
        run(execution)
        page.wait_for_selector("text=1 ligne mise de côté")
        visite.capturer("parcours-bilan")
        assert visite.plaintes == []


def test_tout_l_essentiel_sans_script(monde: Monde, ouvrir: Ouvrir) -> None:
    with ouvrir(script=False) as visite:
        page = visite.page
        visite.connecter(monde.membres[Role.RECOUVREMENT])
        page.locator(".ligne").nth(3).locator("text=Fait").click()
        page.fill(".decision textarea", "Courrier parti.")
        page.click(".decision button[type=submit]")
        page.wait_for_selector("text=c’est noté")
        page.click("text=Mme Ménage 1")
        page.click(".actes >> text=Appel")
        page.locator("input[value=message_laisse]").check()
        page.click("text=Enregistrer l’appel")
        page.wait_for_selector("text=L’appel est noté.")
        visite.capturer("parcours-sans-script")
        page.click("text=Voir le compte")
        page.click("text=Octobre 2026")
        page.wait_for_selector("text=Le terme d’octobre 2026")
        page.click("text=Expliquer ce solde")
        page.wait_for_selector("text=À lire au locataire")


def test_le_serveur_coupe_la_saisie_reste(monde: Monde, ouvrir: Ouvrir) -> None:
    with ouvrir() as visite:
        page = visite.page
        visite.connecter(monde.membres[Role.RECOUVREMENT])
        visite.aller(f"/dossiers/{_dossier(monde)}/")
        page.keyboard.press("n")
        page.wait_for_selector("#saisie-contenu")
        page.context.set_offline(True)
        page.fill("#saisie-contenu textarea", "Ne pas perdre ceci")
        page.click("#saisie-contenu button[type=submit]")
        page.wait_for_selector("text=Le serveur ne répond pas.")
        assert page.input_value("#saisie-contenu textarea") == "Ne pas perdre ceci"
        page.context.set_offline(False)
        page.click("#saisie-contenu button[type=submit]")
        page.wait_for_selector("text=La note est enregistrée.")


def test_se_deconnecter_ferme_la_porte(monde: Monde, ouvrir: Ouvrir) -> None:
    dossier = _dossier(monde)
    with ouvrir() as visite:
        page = visite.page
        visite.connecter(monde.membres[Role.RECOUVREMENT])
        visite.aller(f"/dossiers/{dossier}/")
        page.click("details.menu summary")
        page.click("text=Se déconnecter")
        page.wait_for_selector("text=Se connecter")
        page.go_back()
        page.wait_for_load_state("networkidle")
        assert page.locator("text=Ménage 1").count() == 0
