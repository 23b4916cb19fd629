"""Rejects that carry a fee (conventions, C3): same figures whichever of the payment and the reject comes first."""

from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import fabriques
from tests.travaux.imports.aides import ECRITURES, chiffres, ecrire, ecriture, etat, importer, refus_de

from maintien.apps.comptes.models import Ecriture
from maintien.apps.organismes.models import Organisme
from maintien.apps.socle.portee import organisme_scope
from maintien.apps.socle.statistiques import refresh_statistics
from maintien.coeur.calendrier import parse_periode
from maintien.coeur.compte import ecritures as coeur
from maintien.coeur.compte.situation import ligne_c11, situation
from maintien.travaux.imports import rejets
from maintien.travaux.imports.etabli import Etabli

TERME = ecriture("E1", "LOY", "450.00", date_comptable="2020-03-22", date_exigibilite="2020-03-31", periode="2020-03")
SUIVANT = ecriture(
    "E4", "LOY", "450.00", date_comptable="2020-04-22", date_exigibilite="2020-04-30", periode="2020-04"
)
PAIEMENT = ecriture("E2", "PAI", "450.00", date_comptable="2020-04-05", date_valeur="2020-04-05", mode="prelevement")
REJET = ecriture("E3", "REJ", "452.00", date_comptable="2020-04-08", date_valeur="2020-04-08", reference_annulee="E2")
BAIL = coeur.BailCompte("B1", "C1", date(2018, 1, 1))


def figures(au: date) -> list[str]:
    """The line of the account, from the entries as stored."""
    lues = [
        coeur.Ecriture(
            e.reference,
            "C1",
            e.date_comptable,
            e.date_valeur,
            e.date_exigibilite,
            parse_periode(e.periode) if e.periode else None,
            e.code,
            e.libelle,
            e.debit_centimes,
            e.credit_centimes,
            e.mode,
            e.reference_annulee,
            e.affectation,
        )
        for e in Ecriture.objects.order_by("pk")
    ]
    return ligne_c11(situation(lues, [BAIL], au))


def lignes_stockees() -> list[tuple[str, str, int, str]]:
    ecritures = Ecriture.objects.order_by("reference")
    return [(e.reference, e.code, e.debit_centimes - e.credit_centimes, e.reference_annulee) for e in ecritures]


def importer_dans_l_ordre(organisme: Organisme, dossier: Path, *contenus: str) -> None:
    for rang, contenu in enumerate(contenus):
        importer(organisme, [ecrire(dossier / f"{organisme.code}{rang}", "ecritures.csv", ECRITURES + contenu)])


def test_un_rejet_qui_porte_des_frais_est_separe(bailleur: Organisme, tmp_path: Path) -> None:
    importation = importer(bailleur, [ecrire(tmp_path, "ecritures.csv", ECRITURES + REJET + TERME + PAIEMENT)])
    assert chiffres(importation) == (3, 0, 0)
    assert lignes_stockees() == [
        ("E1", "LOY", 45000, ""),
        ("E2", "PAI", -45000, ""),
        ("E3", "REJ", 45000, "E2"),
        ("E3-FRA", "FRA", 200, ""),
    ]
    assert Ecriture.objects.get(reference="E3-FRA").date_comptable == date(2020, 4, 8)


def test_un_rejet_separe_redonne_au_terme_sa_premiere_echeance(bailleur: Organisme, tmp_path: Path) -> None:
    importer_dans_l_ordre(bailleur, tmp_path, TERME + PAIEMENT, REJET)
    colonnes = figures(date(2020, 4, 20))
    # compte, date, statut, solde, exigible, locative, accessoires… plus ancien
    assert colonnes[3:7] == ["452.00", "452.00", "450.00", "2.00"]
    assert colonnes[12] == "2020-03-31"


@pytest.mark.parametrize("montant", ["452.00", "480.00", "600.00", "300.00"])
@pytest.mark.parametrize(
    "ordre",
    [
        (REJET, PAIEMENT, TERME, SUIVANT),
        (SUIVANT + REJET, TERME + PAIEMENT),
        (TERME, REJET + SUIVANT, PAIEMENT),
    ],
)
def test_les_chiffres_ne_dependent_pas_de_l_ordre(
    bailleur: Organisme, tmp_path: Path, montant: str, ordre: tuple[str, ...]
) -> None:
    """452: a fee of 2; 480: 30 is above the 20 of a direct debit; 600: no fee at all; 300: less than the payment."""
    droit = fabriques.organisme("DROIT")
    jours = [date(2020, 4, j) for j in (5, 7, 8, 20, 30)] + [date(2020, 7, 31)]
    with organisme_scope(droit):
        importer_dans_l_ordre(droit, tmp_path, (TERME + PAIEMENT + REJET + SUIVANT).replace("452.00", montant))
        attendus = [figures(jour) for jour in jours]
    importer_dans_l_ordre(bailleur, tmp_path, *(contenu.replace("452.00", montant) for contenu in ordre))
    assert [figures(jour) for jour in jours] == attendus


@pytest.mark.parametrize("montant", ["480.00", "600.00", "300.00"])
def test_un_rejet_sans_rapport_avec_son_paiement_va_en_quarantaine(
    bailleur: Organisme, tmp_path: Path, montant: str
) -> None:
    importer_dans_l_ordre(bailleur, tmp_path, TERME + PAIEMENT)
    rejet = ecrire(tmp_path, "ecritures.csv", ECRITURES + REJET.replace("452.00", montant))
    importation = importer(bailleur, [rejet])
    assert chiffres(importation) == (0, 1, 0)
    euros = montant.replace(".", ",")
    motif = (
        f"le rejet E3 de {euros}\u00a0€ ne répond pas au paiement E2 de 450,00\u00a0€, et l'écart n'est pas un frais"
    )
    assert refus_de(importation) == [("ecritures.csv", 2, "montant", f"{motif} de rejet")]
    assert not Ecriture.objects.filter(code="REJ").exists()


def test_un_rejet_separe_qui_revient_est_deja_connu(bailleur: Organisme, tmp_path: Path) -> None:
    importer_dans_l_ordre(bailleur, tmp_path, TERME + PAIEMENT, REJET)
    avant = etat()
    importation = importer(bailleur, [ecrire(tmp_path, "ecritures.csv", ECRITURES + REJET + PAIEMENT)])
    assert chiffres(importation) == (0, 0, 2)
    assert etat() == avant


def test_un_rejet_separe_qui_revient_autre_est_refuse(bailleur: Organisme, tmp_path: Path) -> None:
    importer_dans_l_ordre(bailleur, tmp_path, TERME + PAIEMENT, REJET)
    importation = importer(
        bailleur, [ecrire(tmp_path, "ecritures.csv", ECRITURES + REJET.replace("452.00", "453.00"))]
    )
    assert chiffres(importation) == (0, 1, 0)


def test_un_rejet_venu_avant_son_paiement_est_corrige_une_seule_fois(bailleur: Organisme, tmp_path: Path) -> None:
    importer_dans_l_ordre(bailleur, tmp_path, REJET, PAIEMENT, REJET + PAIEMENT, TERME)
    assert lignes_stockees() == [
        ("E1", "LOY", 45000, ""),
        ("E2", "PAI", -45000, ""),
        ("E3", "REJ", 45200, "E2"),
        ("E3-ANN", "OD", -45200, "E3"),
        ("E3-FRA", "FRA", 200, ""),
        ("E3-REJ", "REJ", 45000, "E2"),
    ]


def test_un_rejet_exact_venu_avant_son_paiement_reste_seul(bailleur: Organisme, tmp_path: Path) -> None:
    importer_dans_l_ordre(bailleur, tmp_path, REJET.replace("452.00", "450.00"), PAIEMENT)
    assert [reference for reference, *_ in lignes_stockees()] == ["E2", "E3"]


def test_un_rejet_d_un_autre_compte_n_est_pas_touche(bailleur: Organisme, tmp_path: Path) -> None:
    importer_dans_l_ordre(bailleur, tmp_path, PAIEMENT, REJET.replace(",C1,", ",C2,"))
    assert [(reference, montant) for reference, _, montant, _ in lignes_stockees()] == [("E2", -45000), ("E3", 45200)]


def test_les_rejets_en_attente_se_cherchent_dans_leur_index(bailleur: Organisme) -> None:
    """Thousands of entries cancel nothing: an import does not read them to find the few that do."""
    compte, livraison = fabriques.compte(), fabriques.livraison()
    Ecriture.objects.bulk_create(
        Ecriture(
            compte=compte,
            livraison=livraison,
            reference=f"X{rang}",
            date_comptable=date(2020, 4, 1),
            code="REJ" if rang == 7 else "LOY",
            debit_centimes=450_00,
            reference_annulee="E2" if rang == 7 else "",
        )
        for rang in range(3000)
    )
    with Etabli() as etabli, CaptureQueriesContext(connection) as requetes:
        etabli.index()
        refresh_statistics()
        rejets._rejets_en_attente(etabli, bailleur.pk)
        ordre = requetes.captured_queries[-1]["sql"]
        explique = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
        plan = " ".join(str(ligne) for ligne in etabli.read(f"{explique} {ordre}"))

    assert "ecriture_annulante" in plan
