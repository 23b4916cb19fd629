"""What every page holds to: policy header, nothing inline, nothing kept by the browser, known icons, spaces."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoDbBlocker
from tests.web.conftest import Monde, construire_monde
from tests.web.pages import texte, texte_exact

import maintien.web
from maintien.apps.comptes.models import Importation
from maintien.apps.organismes.enums import Role
from maintien.apps.socle.portee import organisme_scope

WEB = Path(maintien.web.__file__).parent
PAGES = {
    "connexion": "/compte/connexion/",
    "oubli": "/compte/mot-de-passe/oublie/",
    "journee": "/journee/",
    "decision": "/propositions/{proposition}/faire/",
    "dossier": "/dossiers/{dossier}/",
    "journal": "/dossiers/{dossier}/?onglet=journal",
    "appel": "/dossiers/{dossier}/appel/",
    "pause": "/dossiers/{dossier}/pause/",
    "duo": "/dossiers/{dossier}/reattribuer/",
    "compte": "/dossiers/{dossier}/compte/?expliquer=1&mois=2026-10",
    "versements": "/dossiers/{dossier}/compte/?vue=versements",
    "ecritures": "/dossiers/{dossier}/compte/?vue=ecritures",
    "mon compte": "/compte/",
    "second facteur": "/compte/second-facteur/choisir/",
    "imports": "/imports/",
    "nouveau": "/imports/nouveau/",
    "import": "/imports/{importation}/",
    "introuvable": "/dossiers/999999/",
}
ANONYMES = ("connexion", "oubli")
INTERDITS = {
    "gestionnaire en ligne": r"<[^>]+\son[a-z]+\s*=",
    "style en ligne": r"<[^>]+\sstyle\s*=",
    "feuille en ligne": r"<style\b",
    "script en ligne": r"<script(?![^>]*(?:\bsrc=|type=.application/json.))",
    "adresse javascript": r"javascript:",
    "ressource d'ailleurs": r"(?:src|href)\s*=\s*[\"']?(?:https?:)?//",
    "évaluation par htmx": r"\shx-on|hx-vals=[\"']js:",
}


@pytest.fixture(scope="module")
def pages(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Mapping[str, HttpResponse]]:
    """Every page, read once by a head of service, in one transaction undone at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        monde = construire_monde()
        proposition = monde.ajouter_proposition()
        with organisme_scope(monde.organisme):
            importation = Importation.objects.create(profil="pivot")
        cles = {"proposition": proposition.pk, "dossier": proposition.dossier_id, "importation": importation.pk}
        connecte = monde.client(Role.RESPONSABLE)
        yield {
            nom: (Client() if nom in ANONYMES else connecte).get(adresse.format(**cles))
            for nom, adresse in PAGES.items()
        }
        transaction.set_rollback(True)


@pytest.mark.parametrize("nom", PAGES)
def test_une_page_n_execute_que_nos_fichiers(pages: Mapping[str, HttpResponse], nom: str) -> None:
    politique = pages[nom]["Content-Security-Policy"]
    assert "script-src 'self'" in politique
    assert "style-src 'self'" in politique
    assert "unsafe" not in politique
    page = pages[nom].content.decode()
    assert {quoi for quoi, motif in INTERDITS.items() if re.search(motif, page)} == set()


@pytest.mark.parametrize("nom", [nom for nom in PAGES if nom not in ANONYMES])
def test_une_page_ne_reste_pas_dans_le_navigateur(pages: Mapping[str, HttpResponse], nom: str) -> None:
    assert "no-store" in pages[nom]["Cache-Control"]
    assert '"historyCacheSize":0' in pages[nom].content.decode()


@pytest.mark.parametrize("nom", PAGES)
def test_une_page_a_ses_espaces_insecables(pages: Mapping[str, HttpResponse], nom: str) -> None:
    """No mark that could begin a line alone: the space before it is a non-breaking one."""
    mots = texte_exact(pages[nom])

    fautes = re.findall(r"[^\n]{0,20}\w [;:!?»€%](?:\s|$)", mots) + re.findall(r"« [^\n]{0,20}", mots)
    assert fautes == []


@pytest.mark.parametrize("nom", PAGES)
def test_une_page_a_un_titre_un_contenu_et_une_langue(pages: Mapping[str, HttpResponse], nom: str) -> None:
    page = pages[nom].content.decode()

    assert page.count("<h1") == 1
    assert '<html lang="fr">' in page
    assert page.count("<main") == 1
    assert re.search(r"<title>\s*\S", page)


def test_nos_scripts_ne_gardent_rien_de_personne() -> None:
    """Drafts stay on the server; the only thing a browser keeps is whether shortcuts are on."""
    for script in (WEB / "static" / "maintien").glob("*.js"):
        code = script.read_text(encoding="utf-8")
        assert set(re.findall(r"sessionStorage\.(\w+)", code)) <= {"clear"}
        assert "indexedDB" not in code
        assert set(re.findall(r"localStorage\.\w+\(([^,)]+)", code)) <= {"CLE_RACCOURCIS"}


def test_nos_fichiers_ne_demandent_rien_a_un_tiers() -> None:
    """Names of XML spaces and of licences are text; nothing is loaded from anywhere else."""
    hotes, chargements = set(), set()
    for fichier in sorted((WEB / "static").rglob("*.*")):
        if fichier.suffix in {".css", ".js", ".svg"}:
            code = fichier.read_text(encoding="utf-8")
            hotes |= set(re.findall(r"(?:https?:)?//((?:[\w-]+\.)+[a-z]{2,})", code))
            chargements |= set(re.findall(r"@import|importScripts|url\(\s*[\"'](?!data:)[^)]{1,40}", code))

    assert hotes <= {"www.w3.org", "www.apache.org", "github.com", "tabler.io"}
    assert chargements == set()


def _icones_nommees() -> Iterator[str]:
    for gabarit in WEB.rglob("*.html"):
        yield from re.findall(r'{% icone "([a-z0-9-]+)"', gabarit.read_text(encoding="utf-8"))
    for module in WEB.rglob("*.py"):
        yield from re.findall(
            r"(?:Signe|Repere|CanalLu|Moyen|ElementBande|Fin)\(\s*\"([a-z0-9-]+)\"", module.read_text(encoding="utf-8")
        )


def test_chaque_icone_nommee_est_dans_la_planche() -> None:
    planche = set((WEB / "static" / "icones.txt").read_text(encoding="utf-8").split())

    assert set(_icones_nommees()) - planche == set()


def test_le_menu_ne_montre_que_ce_que_le_role_peut_ouvrir(monde: Monde) -> None:
    attendus = {
        Role.RECOUVREMENT: ["Ma journée"],
        Role.CESF: ["Ma journée"],
        Role.RESPONSABLE: ["Ma journée", "Imports"],
        Role.ADMINISTRATEUR: ["Imports", "Utilisateurs"],
    }
    for role, libelles in attendus.items():
        page = texte(monde.client(role).get("/", follow=True))
        menu = page.split("Aller au contenu")[1].split("Habitat du Val")[0]
        assert [libelle for libelle in ("Ma journée", "Imports", "Utilisateurs") if libelle in menu] == libelles, role


def test_les_pages_d_erreur_disent_quoi_faire(monde: Monde) -> None:
    introuvable = monde.client().get("/nulle-part/")
    refusee = monde.client().get("/imports/")

    assert introuvable.status_code == 404
    assert "Page introuvable" in texte(introuvable)
    assert refusee.status_code == 403
    assert "Votre rôle ne permet pas d’ouvrir cette page." in texte(refusee)


def test_une_panne_dit_que_rien_n_est_perdu(monde: Monde, monkeypatch: pytest.MonkeyPatch) -> None:
    def tomber(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("maintien.web.journee.views.worklist", tomber)
    client = monde.client()
    client.raise_request_exception = False

    reponse = client.get("/journee/")

    assert reponse.status_code == 500
    assert "Ce qui était enregistré avant l’est toujours." in texte(reponse)


def test_un_formulaire_expire_le_dit(monde: Monde) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(monde.membres[Role.RECOUVREMENT].utilisateur)

    reponse = client.post("/dossiers/1/note/", {"texte": "x"})

    assert reponse.status_code == 403
    assert "Le formulaire a expiré" in texte(reponse)


@pytest.mark.parametrize(
    "adresse", ["/utilisateurs/", "/utilisateurs/inviter/", "/utilisateurs/importer/", "/utilisateurs/{pk}/"]
)
def test_les_pages_de_l_administrateur_n_executent_que_nos_fichiers(monde: Monde, adresse: str) -> None:
    reponse = monde.client(Role.ADMINISTRATEUR).get(adresse.format(pk=monde.membres[Role.CESF].pk))

    page = reponse.content.decode()
    assert reponse.status_code == 200
    assert {quoi for quoi, motif in INTERDITS.items() if re.search(motif, page)} == set()
    assert re.findall(r"[^\n]{0,20}\w [;:!?»€%](?:\s|$)", texte_exact(reponse)) == []
    assert "no-store" in reponse["Cache-Control"]
