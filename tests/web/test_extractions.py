"""Exports and the journal, as people see them."""

import csv
import io
import re
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries
from tests import fabriques
from tests.web.conftest import Monde
from typer.testing import CliRunner

from maintien.apps.comptes.models import FichierImporte, Importation, LigneRefusee
from maintien.apps.dossiers.enums import NiveauDossier
from maintien.apps.organismes.enums import Role
from maintien.apps.socle import journal
from maintien.apps.socle.enums import NomReglage
from maintien.apps.socle.models import Evenement, Extraction, Reglage
from maintien.apps.socle.portee import organisme_scope
from maintien.cli import verifier

CODE = re.compile(r"MT-[A-Z2-9]{4}-[A-Z2-9]{4}")


@pytest.fixture
def client(monde: Monde) -> Client:
    return monde.client()


def _exporter(client: Client, format_: str = "csv", suite: str = "") -> tuple[str, bytes]:
    reponse = client.post(f"{reverse('journee_exporter')}{suite}", {"finalite": "reunion", "format": format_})
    assert reponse.status_code == 200, reponse.content.decode()
    return reponse["Content-Disposition"], reponse.content


def test_la_liste_vue_part_en_csv_avec_sa_marque(monde: Monde, client: Client) -> None:
    monde.ajouter_proposition()
    nom, contenu = _exporter(client)

    lignes = list(csv.reader(io.StringIO(contenu.decode("utf-8-sig")), delimiter=";"))
    code = CODE.search(nom)
    assert code is not None
    assert nom == f'attachment; filename="liste-de-travail-2026-11-20-{code[0]}.csv"'
    assert lignes[1][:2] == ["Mme Émilie Martinez", "Les Peupliers, Toulouse"]
    assert lignes[1][8:10] == ["450,00", "31/10/2026"]
    assert lignes[-1][0].startswith(f"Extraction {code[0]} du 20 novembre 2026 à 09:00, remise à ")
    assert "Finalité : Je prépare une réunion" in lignes[-1][0]


def test_en_xlsx_la_marque_est_aussi_dans_les_proprietes(monde: Monde, client: Client) -> None:
    dossier = monde.ajouter_dossier("=HYPERLINK(1)")
    monde.ajouter_proposition(dossier)
    nom, contenu = _exporter(client, "xlsx")

    classeur = load_workbook(io.BytesIO(contenu))
    feuille = classeur.active
    assert feuille is not None
    code = CODE.search(nom)
    assert code is not None
    assert classeur.properties.identifier == code[0]
    cellule = feuille["A2"]
    assert (cellule.value, cellule.data_type, cellule.quotePrefix) == ("=HYPERLINK(1)", "s", True)
    assert feuille["I2"].value == 450
    assert feuille["J2"].value.date() == date(2026, 10, 31)
    assert code[0] in feuille.cell(feuille.max_row, 1).value


def test_une_formule_est_neutralisee_en_csv(monde: Monde, client: Client) -> None:
    monde.ajouter_proposition(monde.ajouter_dossier("=cmd|'/C calc'!A0"))

    assert "\n'=cmd|'/C calc'!A0;" in _exporter(client)[1].decode()


def test_un_dossier_protege_ou_un_lieu_cache_ne_sortent_pas(monde: Monde, client: Client) -> None:
    monde.ajouter_proposition(monde.ajouter_dossier("Mme Cachée", niveau=NiveauDossier.PROTEGE))
    monde.ajouter_proposition(monde.ajouter_dossier("Mme Discrète", menage={"contact_restreint": True}))
    texte = _exporter(client)[1].decode()

    assert "Cachée" not in texte
    assert "Discrète" in texte
    assert "Peupliers" not in texte


def test_ce_qui_a_ete_cherche_n_est_nulle_part(monde: Monde, client: Client) -> None:
    monde.ajouter_proposition(monde.ajouter_dossier(menage={"recherche": "mme emilie martinez"}))
    adresse = client.post(reverse("journee"), {"q": "martinez"})["Location"]
    _exporter(client, suite=f"?{adresse.split('?')[1]}")

    with organisme_scope(monde.organisme):
        extraction = Extraction.objects.get()
        assert extraction.filtres == {"onglet": "a_faire", "recherche": "oui"}
        assert "martinez" not in str(list(Evenement.objects.values())).lower()


def test_sans_raison_rien_ne_part(client: Client, monde: Monde) -> None:
    monde.ajouter_proposition()
    reponse = client.post(reverse("journee_exporter"), {"format": "csv"})

    assert reponse.status_code == 422
    assert "Dites pourquoi." in reponse.content.decode()
    with organisme_scope(monde.organisme):
        assert not Extraction.objects.exists()


def test_au_dela_du_jour_le_chemin_a_deux(monde: Monde, client: Client) -> None:
    with organisme_scope(monde.organisme):
        Reglage.objects.create(nom=NomReglage.EXTRACTION_MENAGES, valeur=1, depuis=date(2026, 1, 1))
    monde.ajouter_proposition(monde.ajouter_dossier("Mme Une"))
    monde.ajouter_proposition(monde.ajouter_dossier("Mme Deux"))
    page = client.get(reverse("journee_exporter")).content.decode()
    assert "Demander l’accord" in page

    reponse = client.post(reverse("journee_exporter"), {"finalite": "reunion", "format": "csv"}, follow=True)
    assert "attend l’accord d’un responsable" in reponse.content.decode()
    chef = monde.client(Role.RESPONSABLE)
    liste = chef.get(reverse("extractions")).content.decode()
    with organisme_scope(monde.organisme):
        extraction = Extraction.objects.get()
    decider = reverse("extraction_decider", args=[extraction.pk])
    assert decider in liste
    assert "2 ménages" in chef.get(decider).content.decode().replace("\xa0", " ").replace("&nbsp;", " ")
    chef.post(decider, {"decision": "approuver"})

    prendre = reverse("extraction_prendre", args=[extraction.pk])
    assert prendre in client.get(reverse("extractions")).content.decode()
    premiere, seconde = client.post(prendre), client.post(prendre, follow=True)
    assert "Mme Deux" in premiere.content.decode()
    assert "déjà été remis" in seconde.content.decode()
    registre = chef.get(reverse("extractions_registre")).content.decode()
    assert extraction.code in registre
    assert "Je prépare une réunion" in registre


def test_les_refus_d_un_import_passent_par_le_registre(monde: Monde) -> None:
    with organisme_scope(monde.organisme):
        importation = Importation.objects.create(profil="pivot")
        fichier = FichierImporte.objects.create(importation=importation, nom="baux.csv")
        LigneRefusee.objects.create(
            fichier=fichier, ligne=3, colonne="loyer", valeur="=1+1", motif="Illisible.", remede="Corrigez."
        )
    chef = monde.client(Role.RESPONSABLE)
    adresse = reverse("import_exporter", args=[importation.pk])
    assert "1 ligne" in chef.get(adresse).content.decode().replace("\xa0", " ").replace("&nbsp;", " ")

    reponse = chef.post(adresse, {"finalite": "qualite", "format": "csv"})

    assert "baux.csv;3;loyer;'=1+1;Illisible.;Corrigez." in reponse.content.decode()
    with organisme_scope(monde.organisme):
        extraction = Extraction.objects.get()
        assert (extraction.genre, extraction.objet_id, extraction.nombre) == ("refus_import", importation.pk, 1)


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_un_fichier_retrouve_dit_qui_l_a_pris(monde: Monde, client: Client, tmp_path: Path, format_: str) -> None:
    monde.ajouter_proposition()
    _, contenu = _exporter(client, format_)
    fichier = tmp_path / f"renomme.{format_}"
    fichier.write_bytes(contenu)

    resultat = CliRunner().invoke(verifier.groupe, ["extraction", str(fichier)])

    agent = monde.membres[Role.RECOUVREMENT].utilisateur
    assert resultat.exit_code == 0
    assert f"remise le 20/11/2026 à 09:00 à {agent} ({agent.email})" in resultat.stdout
    fichier.write_bytes(contenu.replace(b"450,00", b"950,00") + b"\n")
    assert CliRunner().invoke(verifier.groupe, ["extraction", str(fichier)]).exit_code == 1
    with organisme_scope(monde.organisme):
        assert Evenement.objects.filter(acte="extraction.identifier").count() == 2


def test_un_fichier_sans_code_ou_d_ailleurs(db: None, tmp_path: Path) -> None:
    fichier = tmp_path / "liste.csv"
    for texte, dit in (("bonjour", "aucun code"), ("MT-AAAA-2222", "MT-AAAA-2222 n'est dans aucun registre")):
        fichier.write_text(texte)
        resultat = CliRunner().invoke(verifier.groupe, ["extraction", str(fichier)])
        assert (resultat.exit_code, dit in resultat.stderr) == (2, True)


# --- the journal ---


def test_le_journal_se_lit_sans_nom(monde: Monde, client: Client) -> None:
    dossier = monde.ajouter_dossier()
    client.post(reverse("dossier_note", args=[dossier.pk]), {"texte": "Paiera vendredi."})
    agent = monde.membres[Role.RECOUVREMENT].utilisateur
    admin = monde.client(Role.DPO)

    page = admin.get(reverse("journal")).content.decode()

    assert "Note écrite" in page
    assert f"Utilisateur {agent.pk}" in page
    assert f"Ménage {dossier.menage_id}" in page
    assert "127.0.0.0/24" in page
    assert "Martinez" not in page
    assert agent.email not in page


def test_les_noms_se_montrent_contre_une_raison_qui_reste(monde: Monde, client: Client) -> None:
    dossier = monde.ajouter_dossier()
    client.post(reverse("dossier_note", args=[dossier.pk]), {"texte": "Paiera vendredi."})
    admin = monde.client(Role.DPO)

    refus = admin.post(reverse("journal_noms"))
    page = admin.post(reverse("journal_noms"), {"finalite": "encadrement"}).content.decode()

    assert refus.status_code == 422
    assert "Martinez" not in refus.content.decode()
    assert "Mme Émilie Martinez" in page
    with organisme_scope(monde.organisme):
        assert Evenement.objects.get(acte="journal.nommer").finalite == "encadrement"


def test_le_journal_se_filtre_et_se_parcourt(
    monde: Monde, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with organisme_scope(monde.organisme):
        dossier, autre = fabriques.dossier(), fabriques.dossier()
        for rang in range(60):
            with journal.atomic():
                acteur = monde.membres[Role.CESF].utilisateur if rang == 7 else None
                journal.record("dossier.appel", autre if rang == 7 else dossier, acteur=acteur, rang=f"r{rang}")
    admin = monde.client(Role.DPO)
    adresse = reverse("journal")
    with django_assert_num_queries(5):
        premiere = admin.get(adresse).content.decode()

    assert premiere.count("<tr>") == 51
    suite = re.search(r'href="(\?[^"]*avant=\d+)"', premiere)
    assert suite is not None
    assert admin.get(f"{adresse}{suite[1]}").content.decode().count("<tr>") == 11
    for filtre in (f"menage={autre.menage_id}", f"acteur={monde.membres[Role.CESF].utilisateur_id}"):
        page = admin.get(f"{adresse}?{filtre}").content.decode()
        assert (page.count("<tr>"), "r7" in page) == (2, True)
    assert "Aucune ligne" in admin.get(f"{adresse}?du=2026-11-21").content.decode()
    assert admin.get(f"{adresse}?du=2026-11-20&au=2026-11-20").content.decode().count("<tr>") == 51
    assert admin.get(f"{adresse}?acteur=x&avant=9999999999999999999999").status_code == 200
