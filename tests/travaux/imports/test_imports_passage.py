"""The run: all or nothing for each file, resumed, never two at once."""

import os
import re
import socket
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from tests.travaux.imports.aides import (
    BAUX,
    ECRITURES,
    bail,
    chiffres,
    ecrire,
    ecriture,
    etat,
    execution_de,
    fichier_de,
    importer,
    journal_des_livraisons,
    refus_de,
)

from maintien.apps.comptes.enums import EtatFichier, EtatImportation
from maintien.apps.comptes.models import Ecriture, FichierImporte, Importation, LigneRefusee
from maintien.apps.organismes.models import Organisme
from maintien.apps.socle.enums import EtatExecution
from maintien.apps.socle.executions import claim
from maintien.apps.socle.models import Execution
from maintien.connecteurs.exports.enregistrements import EnregistrementEcriture
from maintien.travaux.imports import deposit, fichier, passage, run
from maintien.travaux.imports.etabli import Etabli

MORT = 2**22 + 1  # beyond the greatest identifier that Linux gives
VIVANT = {"machine": socket.gethostname(), "processus": os.getppid()}


def deposer(organisme: Organisme, dossier: Path, *contenus: str) -> tuple[Importation, int]:
    fichiers = [
        ecrire(dossier, f"ecritures_2020-{rang + 1:02d}.csv", ECRITURES + contenu)
        for rang, contenu in enumerate(contenus)
    ]
    importation = deposit(organisme, "pivot", fichiers, sonner=False)
    assert importation.execution is not None
    return importation, importation.execution.pk


def test_un_import_dit_ou_il_en_est(bailleur: Organisme, tmp_path: Path) -> None:
    importation, execution_id = deposer(bailleur, tmp_path, ecriture("E1"), ecriture("E2"))
    vus: list[tuple[int, int, str]] = []
    execution = run(execution_id, lambda fait, total, nom: vus.append((fait, total, nom)))
    assert execution is not None
    assert vus[-1] == (4, 4, "ecritures_2020-02.csv")
    assert [fait for fait, _, _ in vus] == sorted(fait for fait, _, _ in vus)
    relue = execution_de(importation)
    assert (relue.etat, relue.fait, relue.total) == (EtatExecution.TERMINEE, 4, 4)
    assert Importation.objects.get().etat == EtatImportation.TERMINEE
    assert relue.resultat["prises"] == 2


def test_un_import_termine_ne_se_refait_pas(bailleur: Organisme, tmp_path: Path) -> None:
    _, execution_id = deposer(bailleur, tmp_path, ecriture("E1"))
    assert run(execution_id) is not None
    assert run(execution_id) is None


def test_un_fichier_illisible_n_empeche_pas_les_autres(bailleur: Organisme, tmp_path: Path) -> None:
    bon = ecrire(tmp_path, "ecritures_2020-01.csv", ECRITURES + ecriture("E1"))
    vide = ecrire(tmp_path, "ecritures_2020-02.csv", "")
    inconnu = ecrire(tmp_path, "divers.txt", "bonjour\n")
    importation = importer(bailleur, [vide, inconnu, bon])
    etats = dict(FichierImporte.objects.values_list("nom", "etat"))
    assert etats == {
        "ecritures_2020-01.csv": EtatFichier.IMPORTE,
        "ecritures_2020-02.csv": EtatFichier.REFUSE,
        "divers.txt": EtatFichier.REFUSE,
    }
    assert "le fichier est vide" in FichierImporte.objects.get(nom="ecritures_2020-02.csv").message
    assert "ni son nom ni son en-tête" in FichierImporte.objects.get(nom="divers.txt").message
    assert execution_de(importation).resultat["fichiers_refuses"] == 2


def test_un_fichier_refuse_ne_laisse_rien(bailleur: Organisme, tmp_path: Path) -> None:
    """The total is missing: the lines that were read before are not there."""
    titre = "GRAND LIVRE LOCATAIRES\r\n"
    entete = "N° Cpte;Locataire;N° Pièce;Dt écriture;Dt valeur;Dt échéance;Mois;Code;Désignation;Montant\r\n"
    ligne = "C00000001;M;000000010196;22/05/2020;;05/06/2020;05/2020;700;LOYER PRINCIPAL;628,08\r\n"
    tronque = tmp_path / "EXTRACT_GL_LOC_202005.csv"
    tronque.write_bytes((titre + entete + ligne + ligne.replace("22/05", "32/05")).encode("cp1252"))
    importation = importer(bailleur, [tronque], "erp_a")
    assert fichier_de(importation).etat == EtatFichier.REFUSE
    assert "est sans doute tronqué" in fichier_de(importation).message
    assert not Ecriture.objects.exists()
    assert not LigneRefusee.objects.exists()
    assert journal_des_livraisons() == []


def test_un_arret_au_milieu_d_un_fichier_n_en_laisse_rien_et_la_suite_reprend(
    bailleur: Organisme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, execution_id = deposer(bailleur, tmp_path, ecriture("E1"), ecriture("E2", montant="x") + ecriture("E3"))
    vrai = fichier.insert_ecritures

    def casser(etabli: Any, livraison: Any) -> int:
        vrai(etabli, livraison)
        if livraison.numero == 2:
            raise MemoryError("panne")
        return 1

    monkeypatch.setattr(fichier, "insert_ecritures", casser)
    with pytest.raises(MemoryError):
        run(execution_id)
    assert list(Ecriture.objects.values_list("reference", flat=True)) == ["E1"]
    assert journal_des_livraisons() == [1]
    assert not LigneRefusee.objects.exists()
    execution = Execution.objects.get(pk=execution_id)
    assert execution.etat == EtatExecution.ECHOUEE
    assert "rien du fichier en cours n'a été pris" in execution.message
    monkeypatch.undo()
    chemins = [tmp_path / "ecritures_2020-01.csv", tmp_path / "ecritures_2020-02.csv"]
    reprise = importer(bailleur, chemins)
    assert chiffres(reprise) == (1, 1, 1)
    assert journal_des_livraisons() == [1, 2]


def test_deux_processus_ne_font_pas_le_meme_import(bailleur: Organisme, tmp_path: Path) -> None:
    _, execution_id = deposer(bailleur, tmp_path, ecriture("E1"))
    assert claim(execution_id, holder=VIVANT) is not None
    assert run(execution_id) is None
    assert not Ecriture.objects.exists()


def test_celui_qui_a_perdu_la_main_n_ecrit_plus(
    bailleur: Organisme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    importation, execution_id = deposer(bailleur, tmp_path, ecriture("E1"))
    vrai = fichier.insert_ecritures

    def voler(etabli: Any, livraison: Any) -> int:
        Execution.objects.filter(pk=execution_id).update(jeton="voleur")
        return vrai(etabli, livraison)

    monkeypatch.setattr(fichier, "insert_ecritures", voler)
    assert run(execution_id) is None
    assert not Ecriture.objects.exists()
    assert fichier_de(importation).etat == EtatFichier.EN_COURS


def test_un_import_dont_le_processus_est_mort_est_repris_aussitot(bailleur: Organisme, tmp_path: Path) -> None:
    _, execution_id = deposer(bailleur, tmp_path, ecriture("E1"))
    assert claim(execution_id, holder={"machine": socket.gethostname(), "processus": MORT}) is not None
    assert run(execution_id) is not None
    assert Ecriture.objects.count() == 1


@pytest.mark.parametrize("machine", ["une-autre-machine", None])
def test_un_import_d_une_autre_machine_n_est_pas_repris(
    bailleur: Organisme, tmp_path: Path, machine: str | None
) -> None:
    _, execution_id = deposer(bailleur, tmp_path, ecriture("E1"))
    assert claim(execution_id, holder={"machine": machine, "processus": MORT}) is not None
    assert run(execution_id) is None


def test_un_bail_expire_se_reprend_sans_double(bailleur: Organisme, tmp_path: Path) -> None:
    importation, execution_id = deposer(bailleur, tmp_path, ecriture("E1"), ecriture("E2"))
    assert run(execution_id) is not None
    avant = etat()
    # As a run killed between its second file and its end would leave it.
    passe = timezone.now() - timedelta(minutes=1)
    Execution.objects.filter(pk=execution_id).update(etat=EtatExecution.EN_COURS, bail_jusqua=passe)
    Importation.objects.filter(pk=importation.pk).update(etat=EtatImportation.EN_COURS)
    FichierImporte.objects.filter(nom="ecritures_2020-02.csv").update(etat=EtatFichier.EN_COURS)
    assert run(execution_id) is not None
    assert etat() == avant
    assert Execution.objects.get(pk=execution_id).tentatives == 2


def test_l_echantillon_de_l_erp_deux_fois(bailleur: Organisme, donnees_reduites: Path) -> None:
    fichiers = sorted((donnees_reduites / "erp_a_reduit").glob("*.csv"))
    premier = importer(bailleur, fichiers, "erp_a")
    prises, refusees, connues = chiffres(premier)
    assert (refusees, prises + refusees + connues) == (24, _lignes_annoncees(fichiers))
    bilan = execution_de(premier).resultat
    # Seven months hold lines whose amount cannot be read. The next file delivers those of three of them, which then
    # add up; the four others are to be checked.
    assert (bilan["ecarts_inexpliques"], bilan["fichiers_refuses"], bilan["comptes_sans_bail"]) == (4, 0, 0)
    avant, refus = etat(), refus_de(premier)
    second = importer(bailleur, fichiers, "erp_a")
    assert chiffres(second) == (0, 24, prises + connues)
    assert etat() == avant
    assert refus_de(second) == refus


def _lignes_annoncees(fichiers: list[Path]) -> int:
    """What the files say of themselves: their totals, and one line a person and lease."""
    textes = [fichier.read_bytes().decode("cp1252") for fichier in fichiers]
    totaux = [int(nombre) for texte in textes for nombre in re.findall(r"TOTAL GENERAL;+([0-9]+) ECRITURES", texte)]
    assert len(totaux) == 30
    return sum(totaux) + textes[-1].count("\n") - 1


def test_les_mois_un_par_un_et_a_l_envers_donnent_le_meme_grand_livre(
    bailleur: Organisme, donnees_reduites: Path
) -> None:
    fichiers = sorted((donnees_reduites / "erp_a_reduit").glob("*.csv"))[:6]
    for un in reversed(fichiers):
        importer(bailleur, [un], "erp_a")
    a_l_envers = etat()
    assert chiffres(importer(bailleur, fichiers, "erp_a"))[0] == 0
    assert etat() == a_l_envers


def test_l_echantillon_pivot_est_pris_en_entier(bailleur: Organisme, donnees_reduites: Path) -> None:
    fichiers = [
        donnees_reduites / "pivot_reduit" / f"{nom}.csv" for nom in ("ecritures", "plans", "locataires", "baux")
    ]
    lignes = sum(len(f.read_text(encoding="utf-8").splitlines()) - 1 for f in fichiers)
    assert chiffres(importer(bailleur, fichiers)) == (lignes, 0, 0)


def test_le_bilan_cite_les_lignes_refusees_que_d_autres_fichiers_ont_livrees(
    bailleur: Organisme, tmp_path: Path
) -> None:
    importer(bailleur, [ecrire(tmp_path / "1", "ecritures.csv", ECRITURES + ecriture("E1"))])
    abime = ECRITURES + ecriture("E1", date_comptable="2020-02-31") + ecriture("E2", date_comptable="2020-02-31")
    importation = importer(bailleur, [ecrire(tmp_path / "2", "ecritures.csv", abime)])
    assert fichier_de(importation).message == "Une ligne refusée est au grand livre par une autre livraison."
    double = ECRITURES + ecriture("E7") + ecriture("E7", date_comptable="2020-02-31")
    importation = importer(bailleur, [ecrire(tmp_path / "3", "ecritures.csv", double)])
    assert fichier_de(importation).message == "Une ligne refusée est au grand livre par une autre ligne de ce fichier."


def test_les_remarques_sont_au_bilan(bailleur: Organisme, tmp_path: Path) -> None:
    texte = ECRITURES + ecriture("E1", "AID", affectation="avril") + ecriture("E2", "REJ")
    importation = importer(
        bailleur, [ecrire(tmp_path, "ecritures.csv", texte), ecrire(tmp_path, "baux.csv", BAUX + bail())]
    )
    message = FichierImporte.objects.get(importation=importation, nom="ecritures.csv").message
    assert message.startswith("À vérifier : ligne 2 : les mois désignés sont illisibles")
    assert "ligne 3 : le rejet ne dit pas quel paiement il annule" in message


@pytest.mark.parametrize(
    ("total", "inexpliques"), [("1 ECRITURES;628,08", 0), ("1 ECRITURES;628,09", 1), ("2 ECRITURES;628,08", 1)]
)
def test_un_total_qui_ne_s_explique_pas_est_compte(
    bailleur: Organisme, tmp_path: Path, total: str, inexpliques: int
) -> None:
    entete = "N° Cpte;Locataire;N° Pièce;Dt écriture;Dt valeur;Dt échéance;Mois;Code;Désignation;Montant\r\n"
    ligne = "C00000001;M;000000010196;22/05/2020;;05/06/2020;05/2020;700;LOYER PRINCIPAL;628,08\r\n"
    chemin = tmp_path / "EXTRACT_GL_LOC_202005.csv"
    chemin.write_bytes(f"{entete}{ligne}TOTAL GENERAL;;;;;;;;{total}\r\n".encode("cp1252"))
    importation = importer(bailleur, [chemin], "erp_a")
    assert execution_de(importation).resultat["ecarts_inexpliques"] == inexpliques
    fichier_lu = fichier_de(importation)
    assert (fichier_lu.total_lu_centimes, fichier_lu.lignes) == (62808, 1)


_ENTETE_GL = "N° Cpte;Locataire;N° Pièce;Dt écriture;Dt valeur;Dt échéance;Mois;Code;Désignation;Montant\r\n"


def _grand_livre(dossier: Path, montants: dict[str, str], total: str) -> Path:
    lignes = [
        f"C00000001;M;{piece};22/05/2020;;05/06/2020;05/2020;700;LOYER PRINCIPAL;{montant}\r\n"
        for piece, montant in montants.items()
    ]
    dossier.mkdir(exist_ok=True)
    chemin = dossier / "EXTRACT_GL_LOC_202005.csv"
    contenu = f"{_ENTETE_GL}{''.join(lignes)}TOTAL GENERAL;;;;;;;;{len(lignes)} ECRITURES;{total}\r\n"
    chemin.write_bytes(contenu.encode("cp1252"))
    return chemin


def test_un_montant_illisible_n_explique_l_ecart_que_livre_a_nouveau(bailleur: Organisme, tmp_path: Path) -> None:
    lu, illisible = "000000010196", "000000010197"
    abime = _grand_livre(tmp_path / "1", {lu: "100,00", illisible: "#VALEUR!"}, "728,08")
    premier = importer(bailleur, [abime], "erp_a")
    assert execution_de(premier).resultat["ecarts_inexpliques"] == 1
    assert "peut venir de montants illisibles (ligne 3) ; à vérifier." in fichier_de(premier).message
    importer(bailleur, [_grand_livre(tmp_path / "2", {illisible: "628,08"}, "628,08")], "erp_a")
    fichier = fichier_de(premier)
    assert fichier.totaux_expliques
    assert (
        "peut venir de montants illisibles (ligne 3). L'écart est celui de ces lignes, livrées par" in fichier.message
    )
    second = importer(bailleur, [abime], "erp_a")
    assert execution_de(second).resultat["ecarts_inexpliques"] == 0
    autre = _grand_livre(tmp_path / "3", {lu: "100,00", illisible: "#VALEUR!"}, "728,09")
    assert execution_de(importer(bailleur, [autre], "erp_a")).resultat["ecarts_inexpliques"] == 1


@pytest.mark.parametrize(
    ("code", "affectation", "dit"),
    [
        ("AID", "2026-13", True),
        ("AID", "0000-00", True),
        ("AID", "9999-99", True),
        ("AID", "RESTITUTION", True),
        ("DG", "RESTITUTION", False),
        ("AID", "2026-12|2027-01", False),
    ],
)
def test_un_mois_designe_impossible_est_dit(
    bailleur: Organisme, tmp_path: Path, code: str, affectation: str, *, dit: bool
) -> None:
    texte = ECRITURES + ecriture("E1", code, affectation=affectation)
    importation = importer(bailleur, [ecrire(tmp_path, "ecritures.csv", texte)])
    assert ("les mois désignés sont illisibles" in fichier_de(importation).message) is dit


@pytest.mark.django_db(transaction=True)
def test_un_texte_que_la_base_refuse_ne_laisse_pas_de_transaction_ouverte() -> None:
    jour = date(2020, 4, 1)
    empoisonnee = EnregistrementEcriture(2, "E1", "C1", jour, None, None, "", "LOY", "\ud800", 100, 0, "", "", "")
    with pytest.raises(UnicodeEncodeError), Etabli() as etabli:
        etabli.load([empoisonnee])
    with transaction.atomic(), Etabli() as etabli:
        assert etabli.read("SELECT count(*) FROM import_etabli") == [(0,)]


@pytest.mark.django_db(transaction=True)
def test_un_import_casse_est_dit_echoue_et_les_suivants_se_font(
    bailleur: Organisme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def casser(*_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
        raise RuntimeError("imprévu")

    importation, execution_id = deposer(bailleur, tmp_path, ecriture("E1"))
    with monkeypatch.context() as casse:
        casse.setattr(passage, "import_fichier", casser)
        with pytest.raises(RuntimeError, match="imprévu"):
            run(execution_id)
    assert execution_de(importation).etat == EtatExecution.ECHOUEE
    assert execution_de(importation).message.startswith("Arrêt inattendu")
    assert Importation.objects.get().etat == EtatImportation.ECHOUEE
    autre = importer(bailleur, [ecrire(tmp_path, "ecritures.csv", ECRITURES + ecriture("E2"))])
    assert chiffres(autre) == (1, 0, 0)
