"""Every page at both sizes, in light and in dark: no axe violation, nothing wider than the screen, no complaint."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests import fabriques
from tests.web.conftest import Monde
from tests.web.test_imports import BAUX, ECRITURES

from maintien.apps.comptes.enums import EtatFichier, EtatImportation
from maintien.apps.comptes.models import FichierImporte, Importation, LigneRefusee
from maintien.apps.dossiers.enums import Canal, MotifPause
from maintien.apps.dossiers.models import Dossier, Pause, Proposition
from maintien.apps.organismes.enums import Role
from maintien.apps.socle.executions import open_execution
from maintien.apps.socle.models import Execution
from maintien.apps.socle.portee import organisme_scope

pytestmark = pytest.mark.e2e

PAGES = {
    "journee": "/journee/",
    "en-pause": "/journee/?onglet=en_pause",
    "sans-reponse": "/journee/?onglet=sans_reponse",
    "sans-activite": "/journee/?onglet=sans_activite",
    "sans-referent": "/journee/?onglet=sans_referent",
    "decision": "/propositions/{proposition}/faire/",
    "reporter": "/propositions/{proposition}/reporter/",
    "refuser": "/propositions/{proposition}/refuser/",
    "dossier": "/dossiers/{dossier}/",
    "dossier-protege": "/dossiers/{protege}/",
    "dossier-appel": "/dossiers/{dossier}/appel/",
    "dossier-visite": "/dossiers/{dossier}/visite/",
    "dossier-note": "/dossiers/{dossier}/note/",
    "dossier-pause": "/dossiers/{dossier}/pause/",
    "dossier-cause": "/dossiers/{dossier}/cause/",
    "dossier-duo": "/dossiers/{dossier}/reattribuer/",
    "journal": "/dossiers/{dossier}/?onglet=journal",
    "compte": "/dossiers/{dossier}/compte/?mois=2026-10&expliquer=1",
    "versements": "/dossiers/{dossier}/compte/?vue=versements",
    "ecritures": "/dossiers/{dossier}/compte/?vue=ecritures",
    "equipe": "/equipe/",
    "imports": "/imports/",
    "import": "/imports/{importation}/",
    "import-progression": "/imports/{en_cours}/",
    "import-nouveau": "/imports/nouveau/",
    "mot-de-passe": "/compte/mot-de-passe/changer/",
    "mon-compte": "/compte/",
    "facteur-choisir": "/compte/second-facteur/choisir/",
    "introuvable": "/dossiers/999999/",
}
AVANT_CONNEXION = {
    "connexion": "/compte/connexion/",
    "oublie": "/compte/mot-de-passe/oublie/",
    "oublie-envoye": "/compte/mot-de-passe/oublie/envoye/",
    "oublie-perime": "/compte/mot-de-passe/nouveau/1-abc/",
}
# The colours of each theme, the two widths: what a page of one pair shows, the fourth pair only says again.
ALLURES = [("bureau", "light"), ("telephone", "light"), ("bureau", "dark")]


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
        execution = open_execution("import", "1")
        Execution.objects.filter(pk=execution.pk).update(etape="EXTRACT_GL.csv", fait=4_200, total=12_345)
        en_cours = Importation.objects.create(profil="pivot", etat=EtatImportation.EN_COURS, execution=execution)
        _varier()
        proposition = Proposition.objects.filter(dossier__menage__libelle="Mme Ménage 1").get()
        cles = {
            "proposition": proposition.pk,
            "dossier": proposition.dossier_id,
            "protege": Dossier.objects.get(menage__contact_restreint=True).pk,
            "importation": importation.pk,
            "en_cours": en_cours.pk,
        }
    return {nom: adresse.format(**cles) for nom, adresse in PAGES.items()}


def _varier() -> None:
    """Something in each tab, and a household for which the law asks a second step."""
    quatre, cinq, six = (Dossier.objects.get(menage__libelle=f"Mme Ménage {rang}") for rang in (4, 6, 7))
    fabriques.proposition(
        quatre,
        genre="signalement",
        quoi="Signaler l’impayé à la CAF avant le 30 novembre 2026.",
        canal=Canal.INTERNE,
        minutes=15,
        imposee=True,
        avant_le=fabriques.NUIT + timedelta(days=10),
    )
    Pause.objects.create(
        dossier=cinq, motif=MotifPause.AIDE, du=fabriques.NUIT, au=fabriques.NUIT + timedelta(days=14)
    )
    Dossier.objects.filter(pk=six.pk).update(sans_reponse_depuis=fabriques.NUIT - timedelta(days=12), referent=None)


def _voir(visite: Any, nom: str, allure: str, fautes: dict[str, object]) -> None:
    visite.capturer(f"{nom}-{allure}")
    fautes[nom] = visite.violations() + (["déborde"] if visite.deborde() else [])


@pytest.mark.parametrize(("taille", "theme"), ALLURES)
def test_chaque_page_est_accessible_et_tient_dans_l_ecran(
    monde: Monde, ouvrir: Callable[..., Any], taille: str, theme: str
) -> None:
    fautes: dict[str, object] = {}
    allure = f"{taille}-{theme}"
    with ouvrir(taille, theme, politique=False) as visite:
        for nom, adresse in AVANT_CONNEXION.items():
            visite.aller(adresse)
            _voir(visite, nom, allure, fautes)
        visite.connecter(monde.membres[Role.RESPONSABLE])
        for nom, adresse in _adresses(monde).items():
            visite.aller(adresse)
            _voir(visite, nom, allure, fautes)
        _chercher(visite, "introuvable")
        _voir(visite, "journee-vide", allure, fautes)
        _deposer(visite)
        _voir(visite, "import-apercu", allure, fautes)
        plaintes = [plainte for plainte in visite.plaintes if "404" not in plainte]

    assert {nom: faute for nom, faute in fautes.items() if faute} == {}
    assert plaintes == []


def _chercher(visite: Any, mots: str) -> None:
    visite.aller("/journee/")
    volet = visite.page.locator(".volet > summary")
    if volet.is_visible():
        volet.click()
    visite.page.fill("#recherche", mots)
    visite.page.press("#recherche", "Enter")
    visite.page.wait_for_url("**/journee/?recherche=*")


def _deposer(visite: Any) -> None:
    visite.aller("/imports/nouveau/")
    envoyes = [("ecritures.csv", ECRITURES.encode()), ("baux.csv", BAUX.encode()), ("photo.csv", b"\x89PNG\x00\x00")]
    visite.page.set_input_files(
        "#fichiers", [{"name": nom, "mimeType": "text/csv", "buffer": contenu} for nom, contenu in envoyes]
    )
    visite.page.select_option("[name=profil]", "pivot")
    visite.page.click("text=Lire les premières lignes")
    visite.page.wait_for_selector("text=a compris")


@pytest.mark.parametrize(("taille", "theme"), ALLURES)
def test_une_page_d_erreur_est_une_page(
    monde: Monde, ouvrir: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, taille: str, theme: str
) -> None:
    fautes: dict[str, object] = {}
    with ouvrir(taille, theme, politique=False) as visite:
        visite.connecter(monde.membres[Role.ADMINISTRATEUR])
        visite.aller("/journee/")
        assert "Accès refusé" in visite.page.inner_text("h1")
        _voir(visite, "erreur-403", f"{taille}-{theme}", fautes)
        monkeypatch.setattr("maintien.web.imports.views.import_lu", _panne)
        with organisme_scope(monde.organisme):
            importation = Importation.objects.create(profil="pivot")
        visite.aller(f"/imports/{importation.pk}/")
        assert "Une panne de notre côté" in visite.page.inner_text("h1")
        _voir(visite, "erreur-500", f"{taille}-{theme}", fautes)

    assert {nom: faute for nom, faute in fautes.items() if faute} == {}


def _panne(*_: object) -> None:
    raise RuntimeError("panne voulue par l'essai")


def test_douze_menages_se_voient_sans_defiler(monde: Monde, ouvrir: Callable[..., Any]) -> None:
    with ouvrir() as visite:
        visite.connecter(monde.membres[Role.RECOUVREMENT])
        bas = visite.page.evaluate(
            "[...document.querySelectorAll('.ligne')].map(l => l.getBoundingClientRect().bottom)"
        )

        coupees = visite.page.evaluate(
            "[...document.querySelectorAll('.ligne')].filter(l => l.querySelector('.ligne-raison')"
            ".getBoundingClientRect().bottom > l.querySelector('summary').getBoundingClientRect().bottom + 1).length"
        )

    assert sum(1 for y in bas if y <= 768) >= 12
    assert coupees == 0


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


@pytest.mark.parametrize("taille", ["bureau", "telephone"])
def test_l_appel_refuse_laisse_voir_la_situation_et_le_numero(
    monde: Monde, ouvrir: Callable[..., Any], taille: str
) -> None:
    with organisme_scope(monde.organisme):
        dossier = Dossier.objects.get(menage__libelle="Mme Ménage 1")
    with ouvrir(taille) as visite:
        visite.connecter(monde.membres[Role.RECOUVREMENT])
        visite.aller(f"/dossiers/{dossier.pk}/")
        visite.page.click("[data-touche=a]")
        visite.page.wait_for_selector("#saisie-contenu")
        visite.page.evaluate("document.querySelector('#saisie-contenu').noValidate = true")
        visite.page.click("#saisie-contenu button[type=submit]")
        visite.page.wait_for_selector("text=Choisissez une réponse de la liste.")
        visite.page.evaluate("scrollTo(0, document.body.scrollHeight)")
        vus = visite.page.evaluate(
            "['.phrase', '.tete-telephones a'].map(quoi => document.querySelector(quoi).getBoundingClientRect())"
            ".map(place => place.height > 0 && place.top >= 0 && place.bottom <= innerHeight)"
        )

    assert vus == [True, True]


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
