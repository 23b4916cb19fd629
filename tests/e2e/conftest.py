"""A real browser on a live server: the site as a person meets it."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from tests import fabriques
from tests.web.conftest import Monde, construire_monde

from maintien.apps.dossiers.enums import Canal, GenreFait, IssueContact
from maintien.apps.dossiers.models import Fait, Menage
from maintien.apps.organismes.enums import Role
from maintien.apps.socle.portee import organisme_scope

RACINE = Path(__file__).resolve().parents[2]
AXE = RACINE / "var" / "axe" / "axe.min.js"
CAPTURES = RACINE / "var" / "captures"
TAILLES = {"bureau": (1366, 768), "telephone": (390, 844)}
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Playwright's loop runs in the thread of the test, where the database is used too.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A database in a file: the server's threads and the test each have their connection, as in real life."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("base") / "e2e.sqlite3")


@pytest.fixture(scope="session")
def axe() -> str:
    if not AXE.is_file():
        pytest.fail("axe-core manque : lancez « ./run e2e », qui l'installe dans var/axe.")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def navigateur() -> Iterator[Browser]:
    chemin = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not chemin:
        pytest.fail(
            "Chromium manque : installez-le (Debian : apt install chromium), ou donnez son chemin dans CHROMIUM."
        )
    with sync_playwright() as playwright:
        navigateur = playwright.chromium.launch(executable_path=chemin, args=OPTIONS)
        yield navigateur
        navigateur.close()


@dataclass
class Visite:
    """One window on the live server, with what its console complained of."""

    page: Page
    serveur: str
    axe: str
    plaintes: list[str] = field(default_factory=list)

    def aller(self, adresse: str) -> None:
        self.page.goto(self.serveur + adresse)

    def connecter(self, membre: Any) -> None:
        self.aller("/compte/connexion/")
        self.page.fill("[name=login]", membre.utilisateur.email)
        self.page.fill("[name=password]", fabriques.MOT_DE_PASSE)
        self.page.click("button[type=submit]")
        self.page.wait_for_selector(".bandeau-droite")

    def violations(self) -> list[str]:
        self.page.evaluate(self.axe)
        trouvees = self.page.evaluate("axe.run()")["violations"]
        return [f"{v['id']} : {[noeud['target'] for noeud in v['nodes']][:3]}" for v in trouvees]

    def deborde(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))

    def foyer(self) -> str:
        """The words of the element that has the focus."""
        return " ".join(self.page.evaluate("document.activeElement.textContent").split())[:80]

    def capturer(self, nom: str) -> None:
        CAPTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=CAPTURES / f"{nom}.png", full_page=True)


Ouvrir = Callable[..., Any]


@pytest.fixture
def ouvrir(navigateur: Browser, live_server: LiveServer, axe: str) -> Ouvrir:
    @contextmanager
    def ouvrir_une_fenetre(
        taille: str = "bureau", theme: str = "light", *, script: bool = True, politique: bool = True
    ) -> Iterator[Visite]:
        """`politique` off lets axe look into the page; every journey keeps the policy of the site."""
        largeur, hauteur = TAILLES[taille]
        fenetre = navigateur.new_context(
            viewport={"width": largeur, "height": hauteur},
            color_scheme=theme,
            locale="fr-FR",
            java_script_enabled=script,
            bypass_csp=not politique,
            reduced_motion="reduce",
        )
        page = fenetre.new_page()
        visite = Visite(page, live_server.url, axe)

        def noter(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                visite.plaintes.append(message.text)

        def suivre(demande: Request) -> None:
            """No third party, ever: what a page asks for, it asks of the site."""
            if not demande.url.startswith((live_server.url + "/", "data:", "blob:")):
                visite.plaintes.append(f"demande à un tiers : {demande.url}")

        page.on("console", noter)
        page.on("request", suivre)
        page.on("pageerror", lambda erreur: visite.plaintes.append(str(erreur)))
        yield visite
        fenetre.close()

    return ouvrir_une_fenetre


@pytest.fixture
def monde(transactional_db: None, settings: Settings, tmp_path: Path) -> Monde:
    """Fourteen households: a long name, a great amount, a protected one, one that was called twice."""
    settings.MAINTIEN_DONNEES = tmp_path
    monde = construire_monde()
    noms = {
        0: "Mme Marie-Antoinette de La Tour du Pin-Chambly de La Charce-Gouvernet",
        3: "M. Ousmane Kébé et Mme Awa Kébé",
    }
    for rang in range(14):
        dossier = monde.ajouter_dossier(
            noms.get(rang, f"Mme Ménage {rang}"),
            menage={"contact_restreint": rang == 5},
            referent=monde.membres[Role.RECOUVREMENT].utilisateur,
        )
        monde.ajouter_proposition(
            dossier,
            canal=(Canal.APPEL, Canal.APPEL, Canal.VISITE, Canal.COURRIER)[rang % 4],
            minutes=8,
            avant_le=fabriques.NUIT + timedelta(days=(rang * 3) % 11 - 1),
            imposee=rang == 2,
            echeance_legale=fabriques.NUIT + timedelta(days=6) if rang == 2 else None,
            sinon="un courrier de rappel part le 28 novembre 2026.",
            motifs=[
                {"texte": "Prélèvement de 450,00 € rejeté le 5 novembre 2026 (provision insuffisante)."},
                {"texte": "Premier retard en six ans."},
            ],
        )
    _echanges(monde)
    return monde


def _echanges(monde: Monde) -> None:
    auteur = monde.membres[Role.RECOUVREMENT].utilisateur
    with organisme_scope(monde.organisme):
        menage = Menage.objects.get(libelle="Mme Ménage 1")
        for jour, issue in ((date(2026, 11, 2), IssueContact.SANS_REPONSE), (date(2026, 11, 12), IssueContact.JOINT)):
            Fait.objects.create(
                menage=menage,
                dossier=menage.dossiers.get(),
                genre=GenreFait.APPEL,
                issue=issue,
                date=jour,
                auteur=auteur,
            )
