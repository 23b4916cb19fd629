"""Deposits: seen before anything is written, imported once confirmed, followed, reported."""

import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as reglages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoAssertNumQueries
from tests import fabriques
from tests.web.conftest import Monde
from tests.web.pages import texte

from maintien.apps.comptes.enums import EtatFichier, EtatImportation
from maintien.apps.comptes.models import Compte, FichierImporte, Importation, LigneRefusee
from maintien.apps.organismes.enums import Role
from maintien.apps.socle.executions import open_execution
from maintien.apps.socle.models import Execution
from maintien.apps.socle.portee import organisme_scope
from maintien.travaux.imports import purge, run
from maintien.web.imports import depot

NOUVEAU = "/imports/nouveau/"
REQUETES_LISTE = 6
REQUETES_DETAIL = 7

BAUX = """\
reference_bail,reference_compte,reference_logement,residence,voie,code_postal,commune,code_insee,departement,\
type_logement,surface,date_signature,date_entree,date_sortie,motif_sortie,terme,jour_exigibilite,mode_paiement,rum,\
iban,apl_mode,numero_allocataire,depot_garantie,bail_annexe_de
B1,C1,L1,Les Peupliers,1 rue des Oies,31100,Toulouse,31555,31,T3,62,2018-06-20,2018-07-01,,,echu,31,virement,,,sans,,,
"""
ECRITURES = """\
reference_ecriture,reference_compte,date_comptable,date_valeur,date_exigibilite,periode,code,libelle,debit,credit,mode,\
reference_annulee,affectation
E1,C1,2026-10-20,,2026-10-31,2026-10,LOY,LOYER OCTOBRE,450.00,,,,
E2,C1,2026-10-32,,2026-10-31,2026-10,CHG,PROVISIONS,50.00,,,,
"""


@pytest.fixture
def client(monde: Monde) -> Client:
    return monde.client(Role.RESPONSABLE)


def _fichiers() -> list[SimpleUploadedFile]:
    return [
        SimpleUploadedFile("ecritures.csv", ECRITURES.encode(), "text/csv"),
        SimpleUploadedFile("baux.csv", BAUX.encode(), "text/csv"),
    ]


def _deposer(client: Client, profil: str = "pivot") -> str:
    reponse = client.post(NOUVEAU, {"etape": "deposer", "profil": profil, "fichiers": _fichiers()}, follow=True)
    assert reponse.redirect_chain == [(NOUVEAU, 302)]
    return texte(reponse)


def test_l_apercu_montre_ce_qui_est_compris_et_n_ecrit_rien(monde: Monde, client: Client) -> None:
    page = _deposer(client)

    assert "Ce que le profil « pivot » a compris" in page
    assert "E1 C1 20 octobre 2026 31 octobre 2026 2026-10 LOY LOYER OCTOBRE 450,00 €" in page
    assert "B1 C1 Les Peupliers Toulouse T3 1er juillet 2018" in page
    assert "ecritures.csv, premières lignes lues comme écritures" in page
    assert "1 ligne serait mise de côté" in page
    assert "ligne 3, date_comptable" in page
    with organisme_scope(monde.organisme):
        assert not Importation.objects.exists()
        assert not Compte.objects.exists()


def test_un_fichier_inconnu_le_dit_sans_empecher_les_autres(client: Client) -> None:
    inconnu = SimpleUploadedFile("photo.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "text/csv")
    saisie = {"etape": "deposer", "profil": "pivot", "fichiers": [inconnu, *_fichiers()]}

    page = texte(client.post(NOUVEAU, saisie, follow=True))

    assert "photo.csv non reconnu" in page
    assert "Importer 3 fichiers" in page


def test_confirmer_depose_et_sonne_une_seule_fois(monde: Monde, client: Client) -> None:
    _deposer(client)

    premiere = client.post(NOUVEAU, {"etape": "importer"})
    seconde = client.post(NOUVEAU, {"etape": "importer"}, follow=True)

    with organisme_scope(monde.organisme):
        importation = Importation.objects.get()
        assert premiere["Location"] == f"/imports/{importation.pk}/"
        assert importation.demandee_par == monde.membres[Role.RESPONSABLE].utilisateur
        assert Execution.objects.get().pk == importation.execution_id
    assert "Ce dépôt n’est plus là" in texte(seconde)


def test_l_import_fini_dit_ce_qui_est_pris_refuse_et_connu(monde: Monde, client: Client) -> None:
    _deposer(client)
    client.post(NOUVEAU, {"etape": "importer"})
    with organisme_scope(monde.organisme):
        importation = Importation.objects.get()
    run(importation.execution_id)

    page = texte(client.get(f"/imports/{importation.pk}/"))

    assert "Terminé, des lignes à corriger" in page
    assert "lignes prises 2 ligne refusée 1 ligne déjà connue 0" in page
    assert "1 ligne mise de côté" in page
    assert "ligne 3 ecritures.csv date_comptable 2026-10-32" in page


def test_abandonner_efface_les_fichiers(client: Client, tmp_path: Path) -> None:
    _deposer(client)
    assert list((tmp_path / "apercus").iterdir())

    page = texte(client.post(NOUVEAU, {"etape": "abandonner"}, follow=True))

    assert "rien n’a été écrit et les fichiers sont effacés" in page
    assert not list((tmp_path / "apercus").iterdir())


def test_un_depot_oublie_ne_reste_pas(client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _deposer(client)
    oublie = next((tmp_path / "apercus").iterdir())
    monkeypatch.setattr(purge, "DUREE_APERCU", timedelta(seconds=-1))

    _deposer(client)

    assert not oublie.exists()


def test_le_depot_d_un_autre_ne_s_importe_pas(monde: Monde, client: Client) -> None:
    _deposer(client)

    reponse = monde.client(Role.ADMINISTRATEUR).post(NOUVEAU, {"etape": "importer"}, follow=True)

    assert "Ce dépôt n’est plus là" in texte(reponse)


@pytest.mark.parametrize("jeton", ["../../etc", "", "0" * 31, "g" * 32])
def test_un_jeton_fabrique_ne_mene_nulle_part(monde: Monde, jeton: str) -> None:
    assert depot.fichiers_deposes(jeton) == []


def test_sans_fichier_la_page_le_demande(client: Client) -> None:
    reponse = client.post(NOUVEAU, {"etape": "deposer", "profil": "pivot"})

    assert reponse.status_code == 422
    assert "Choisissez au moins un fichier." in texte(reponse)


def test_deux_fichiers_de_meme_nom_sont_refuses(client: Client) -> None:
    saisie = {"etape": "deposer", "profil": "pivot", "fichiers": [_fichiers()[0], _fichiers()[0]]}

    reponse = client.post(NOUVEAU, saisie)

    assert reponse.status_code == 422
    assert "deux fichiers portent ce nom" in texte(reponse)


@pytest.mark.parametrize(
    ("contenu", "phrase"),
    [
        (Path(sys.executable).read_bytes()[:70_000], "c’est un programme ; donnez l’extraction CSV du progiciel."),
        (b"PK\x03\x04\x14\x00\x06\x00", "c’est un classeur Excel ou une archive zip"),
        (b"<html><script>alert(1)</script></html>", "c’est une page web ; enregistrez-le au format CSV."),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "c’est une image ; donnez l’extraction CSV du progiciel."),
    ],
)
def test_ce_qui_n_est_pas_un_texte_ne_passe_pas_la_porte(
    client: Client, tmp_path: Path, contenu: bytes, phrase: str
) -> None:
    """Neither the name nor the declared type is believed; of the content, only what tells it for what it is stays."""
    faux = SimpleUploadedFile("ecritures.csv", contenu, content_type="text/csv")
    saisie = {"etape": "deposer", "profil": "pivot", "fichiers": [_fichiers()[1], faux]}

    page = texte(client.post(NOUVEAU, saisie, follow=True))

    assert f"ecritures.csv : {phrase}" in page
    assert "baux.csv, premières lignes lues comme baux" in page
    [garde] = tmp_path.glob("apercus/*/ecritures.csv")
    assert garde.read_bytes() == contenu[:512]


def test_un_profil_illisible_n_empeche_pas_de_deposer(monde: Monde, client: Client, tmp_path: Path) -> None:
    dossier = tmp_path / "profils" / "DEMO"
    dossier.mkdir(parents=True)
    (dossier / "Le mien.yaml").write_text("profil: x", encoding="utf-8")
    (dossier / "casse.yaml").write_bytes(b"\xff")

    page = texte(client.get(NOUVEAU))

    assert "Profil Le mien.yaml : ce nom ne convient pas" in page
    assert "Profil casse.yaml, début du fichier : le fichier n’est pas en UTF-8" in page
    assert "Ce que le profil « pivot » a compris" in _deposer(client)


def test_le_profil_d_un_autre_bailleur_ne_se_voit_ni_ne_sert(monde: Monde, client: Client, tmp_path: Path) -> None:
    dossier = tmp_path / "profils" / "AUTRE"
    dossier.mkdir(parents=True)
    (dossier / "confrere.yaml").write_text("profil: confrere", encoding="utf-8")

    saisie = {"etape": "deposer", "profil": "confrere", "fichiers": _fichiers()}

    assert "confrere" not in texte(client.get(NOUVEAU))
    assert client.post(NOUVEAU, saisie).status_code == 422


def test_un_profil_retire_depuis_le_depot_est_une_phrase(monde: Monde, client: Client, tmp_path: Path) -> None:
    _deposer(client)
    session = client.session
    session["depot"] = session["depot"] | {"profil": "parti"}
    session.save()

    reponse = client.get(NOUVEAU)

    assert reponse.status_code == 200
    assert "Le profil « parti » n’existe pas" in texte(reponse)


def test_un_nom_long_et_accentue_se_depose(client: Client, tmp_path: Path) -> None:
    """Two hundred letters, four hundred bytes: no file system takes them as they are."""
    long = SimpleUploadedFile("é" * 200 + ".csv", BAUX.encode(), "text/csv")

    client.post(NOUVEAU, {"etape": "deposer", "profil": "pivot", "fichiers": [long]}, follow=True)

    [garde] = next((tmp_path / "apercus").iterdir()).iterdir()
    assert garde.name == "é" * 98 + ".csv"


def test_un_disque_plein_est_une_phrase(client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def plein(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(depot, "_ecrire", plein)
    reponse = client.post(NOUVEAU, {"etape": "deposer", "profil": "pivot", "fichiers": _fichiers()})

    assert reponse.status_code == 422
    assert "dont la place est sans doute épuisée ; prévenez votre administrateur" in texte(reponse)
    assert list((tmp_path / "apercus").iterdir()) == []


@pytest.mark.parametrize("quand", ["new_file", "receive_data_chunk"])
def test_un_disque_plein_pendant_l_envoi_est_une_phrase(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, quand: str
) -> None:
    """Before the view: what is sent goes to a temporary file of the server."""

    def plein(*_: object) -> None:
        raise OSError(28, "No space left on device")

    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    monkeypatch.setattr(TemporaryFileUploadHandler, quand, plein)
    reponse = client.post(NOUVEAU, {"etape": "deposer", "profil": "pivot", "fichiers": _fichiers()})

    assert reponse.status_code == 422
    assert "dont la place est sans doute épuisée ; prévenez votre administrateur" in texte(reponse)


def test_un_fichier_de_trop_est_une_phrase(client: Client) -> None:
    def envoyer(nombre: int) -> Any:
        fichiers = [SimpleUploadedFile(f"f{rang}.csv", b"x") for rang in range(nombre)]
        return client.post(NOUVEAU, {"etape": "deposer", "profil": "pivot", "fichiers": fichiers})

    assert envoyer(500).status_code == 302
    trop = envoyer(501)
    assert trop.status_code == 422
    assert "501 fichiers à la fois, 500 permis ; faites plusieurs dépôts." in texte(trop)
    assert reglages.DATA_UPLOAD_MAX_NUMBER_FILES > 501


def test_un_apercu_dont_un_fichier_a_disparu_le_dit(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _deposer(client)
    absent = tmp_path / "absent.csv"
    monkeypatch.setattr(depot, "fichiers_deposes", lambda _: [absent])

    assert "Ce fichier n’est plus là : choisissez-le de nouveau." in texte(client.get(NOUVEAU))


def test_un_contenu_efface_se_dit(monde: Monde, client: Client) -> None:
    importation = _importation(monde)
    with organisme_scope(monde.organisme):
        FichierImporte.objects.update(efface_le=datetime(2026, 11, 20, 12, tzinfo=UTC))

    page = texte(client.get(f"/imports/{importation.pk}/"))

    assert "Contenu effacé le 20 novembre 2026, comme prévu après l’import" in page


def test_on_ne_sonne_qu_une_fois(client: Client) -> None:
    _deposer(client)
    client.post(NOUVEAU, {"etape": "importer"})

    assert DBTaskResult.objects.count() == 1


def _importation(monde: Monde, refus: int = 0, **champs: object) -> Importation:
    with organisme_scope(monde.organisme):
        importation = Importation.objects.create(
            **{"profil": "pivot", "etat": EtatImportation.TERMINEE, **champs},
        )
        fichier = FichierImporte.objects.create(
            importation=importation,
            nom="e.csv",
            chemin="x",
            empreinte="0",
            etat=EtatFichier.IMPORTE,
            lignes=refus + 1,
            prises=1,
            refusees=refus,
        )
        LigneRefusee.objects.bulk_create(
            LigneRefusee(
                organisme=monde.organisme,
                fichier=fichier,
                ligne=i + 2,
                colonne="debit",
                valeur="=1+1",
                motif="montant illisible",
                remede="écrire 450.00",
            )
            for i in range(refus)
        )
    return importation


def test_l_avancement_se_rafraichit_puis_recharge_la_page(monde: Monde, client: Client) -> None:
    with organisme_scope(monde.organisme):
        execution = open_execution("import", "1")
        Execution.objects.filter(pk=execution.pk).update(etape="ecritures.csv", fait=250, total=1000)
    importation = _importation(monde, etat=EtatImportation.EN_COURS, execution=execution)
    adresse = f"/imports/{importation.pk}/progression/"

    en_cours = client.get(adresse)
    with organisme_scope(monde.organisme):
        Importation.objects.update(etat=EtatImportation.TERMINEE)
    finie = client.get(adresse)

    assert "Lecture de ecritures.csv 250 sur 1 000 lignes (25 %)" in texte(en_cours)
    assert b'hx-trigger="every 1s"' in en_cours.content
    assert b"every 1s" not in finie.content
    assert finie["HX-Refresh"] == "true"


def test_les_refus_se_lisent_par_motif(monde: Monde, client: Client) -> None:
    importation = _importation(monde, refus=120)
    with organisme_scope(monde.organisme):
        LigneRefusee.objects.filter(ligne__gt=100).update(
            motif="ligne tronquée : 7 colonnes au lieu de 13", remede="faire extraire de nouveau"
        )

    page = texte(client.get(f"/imports/{importation.pk}/"))

    assert "120 lignes mises de côté" in page
    assert "Montant illisible 99 lignes, 99 manquent encore Écrire 450.00." in page
    assert "Ligne tronquée 21 lignes, 21 manquent encore Faire extraire de nouveau." in page
    assert page.index("Montant illisible") < page.index("Ligne tronquée")
    assert "Et 79 autres lignes, dans la liste à télécharger." in page
    assert "ligne 2 e.csv" in page


def test_le_rapport_dit_ce_qui_manque_vraiment(monde: Monde, client: Client) -> None:
    """Of three refused entries, one came back under its number, one has no readable amount."""
    importation = _importation(monde, refus=3)
    with organisme_scope(monde.organisme):
        FichierImporte.objects.update(genre="ecritures")
        compte = fabriques.compte(secteur=monde.nord)
        fabriques.loyer(compte, "2026-10", date(2026, 10, 31), reference="E1")
        for ligne, reference, montant in ((2, "E1", 450_00), (3, "E2", 120_00), (4, "E3", None)):
            LigneRefusee.objects.filter(ligne=ligne).update(reference=reference, montant_centimes=montant)

    page = texte(client.get(f"/imports/{importation.pk}/"))

    assert "1 ligne prise en 1 fichier ; 2 lignes manquent encore dans les comptes." in page
    assert (
        "2 écritures manquent : prises, elles ajouteraient 120,00 € à ce qui est dû ; "
        "1 autre est sans montant lisible."
    ) in page
    assert "1 ligne refusée est arrivée depuis sous le même numéro : plus rien à faire pour elle." in page
    assert "Montant illisible 3 lignes, 2 manquent encore" in page
    assert "ligne 2 e.csv arrivée depuis" in page


def test_un_import_sans_refus_le_dit_en_une_phrase(monde: Monde, client: Client) -> None:
    page = texte(client.get(f"/imports/{_importation(monde).pk}/"))

    assert "1 ligne prise en 1 fichier : il ne manque rien." in page
    assert "lignes mises de côté" not in page


def test_apres_un_import_la_passe_de_nuit_se_demande_une_fois(monde: Monde, client: Client) -> None:
    importation = _importation(monde)
    adresse = f"/imports/{importation.pk}/"
    avant = texte(client.get(adresse))

    hier = client.post(f"{adresse}nuit/", {"jour": "2026-11-19"})
    page = texte(client.post(f"{adresse}nuit/", {"jour": "2026-11-20"}, follow=True))
    encore = texte(client.post(f"{adresse}nuit/", {"jour": "2026-11-20"}, follow=True))

    assert "ou la commande maintien nuit --bailleur DEMO . Lancer la passe de nuit" in avant
    assert hier.status_code == 422
    assert "Cette page datait d’un autre jour" in texte(hier)
    assert "La passe de nuit est demandée" in page
    assert "La passe de nuit est déjà en route." in encore
    assert "Lancer la passe de nuit" not in page
    assert DBTaskResult.objects.count() == 1
    with organisme_scope(monde.organisme):
        [nuit] = Execution.objects.filter(genre="nuit")
        assert (nuit.cle, nuit.etat) == ("2026-11-20", "en_attente")


def test_une_passe_finie_depuis_l_import_le_dit(monde: Monde, client: Client) -> None:
    with organisme_scope(monde.organisme):
        importee, passee = open_execution("import", "1"), open_execution("nuit", "2026-11-20")
        for execution, heure in ((importee, 8), (passee, 9)):
            fin = datetime(2026, 11, 20, heure, tzinfo=UTC)
            Execution.objects.filter(pk=execution.pk).update(etat="terminee", finished_at=fin)
    importation = _importation(monde, execution=importee)

    page = texte(client.get(f"/imports/{importation.pk}/"))

    assert "Une passe a fini depuis cet import" in page
    assert "Lancer la passe de nuit" not in page


def test_pendant_la_lecture_l_import_n_est_plus_en_attente(monde: Monde, client: Client) -> None:
    with organisme_scope(monde.organisme):
        execution = open_execution("import", "1")
        Execution.objects.filter(pk=execution.pk).update(etat="en_cours")
    importation = _importation(monde, etat=EtatImportation.EN_ATTENTE, execution=execution)

    assert "En attente" not in texte(client.get(f"/imports/{importation.pk}/")).split("En attente d’un traitement")[0]
    morceau = client.get(f"/imports/{importation.pk}/progression/").content.decode()
    assert 'id="etat-import"' in morceau
    assert "En cours" in morceau


@pytest.mark.parametrize(
    ("champs", "attendu"),
    [
        ({"total_lu_centimes": 100_00}, "les totaux concordent"),
        ({"total_lu_centimes": 90_00, "message": "Les lignes refusées l'expliquent."}, "écart de 10,00 € expliqué"),
        ({"total_lu_centimes": 90_00, "totaux_expliques": False}, "écart de 10,00 € à comprendre"),
        ({"total_lu_centimes": 100_00, "nb_annonce": 7}, "nombre de lignes à comprendre"),
    ],
)
def test_les_totaux_concordent_ou_l_ecart_se_dit(
    monde: Monde, client: Client, champs: dict[str, object], attendu: str
) -> None:
    importation = _importation(monde)
    with organisme_scope(monde.organisme):
        FichierImporte.objects.update(total_annonce_centimes=100_00, **champs)

    page = texte(client.get(f"/imports/{importation.pk}/"))

    assert attendu in page
    assert "total annoncé 100,00 €" in page


def test_la_liste_est_vide_et_le_dit(client: Client) -> None:
    assert "Aucun fichier n’a encore été déposé" in texte(client.get("/imports/"))


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_d_imports(
    monde: Monde, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    utilisateur = monde.membres[Role.RESPONSABLE].utilisateur
    for nombre in (5, 20):
        for _ in range(nombre):
            importation = _importation(monde, refus=nombre, demandee_par=utilisateur)
        client.get("/imports/")
        with django_assert_num_queries(REQUETES_LISTE):
            client.get("/imports/")
        with django_assert_num_queries(REQUETES_DETAIL):
            client.get(f"/imports/{importation.pk}/")
