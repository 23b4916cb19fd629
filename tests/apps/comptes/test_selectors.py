"""The ledger shown to people: what each payment paid, each month, the debt by age."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import fabriques

from maintien.apps.comptes.enums import CodeEcriture
from maintien.apps.comptes.models import Compte
from maintien.apps.comptes.selectors import debt_history, ecritures_par_compte, ledger
from maintien.apps.organismes.models import Organisme
from maintien.coeur.compte.ecritures import Ecriture


@pytest.fixture
def compte(bailleur: Organisme) -> Compte:
    """Three terms of 450.00; July paid by 300.00 of APL of July and 150.00; 200.00 more on 12 October."""
    compte = fabriques.compte("C1")
    fabriques.bail(compte)
    for echeance in (date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30)):
        mois = f"{echeance:%Y-%m}"
        fabriques.loyer(compte, mois, echeance, reference=f"L{mois}")
    fabriques.ecriture(
        compte, CodeEcriture.APL, date(2026, 7, 25), credit=300_00, periode="2026-07", reference="A1", mode="caf"
    )
    fabriques.paiement(compte, date(2026, 8, 3), 150_00, reference="P1")
    fabriques.paiement(compte, date(2026, 10, 12), 500_00, reference="P2")
    return compte


def test_chaque_mois_dit_appele_aide_paye_reste(compte: Compte) -> None:
    livre = ledger(compte, date(2026, 11, 20))

    lignes = [m.ligne for m in livre.mois]
    assert [
        (ligne.mois, ligne.appele_centimes, ligne.aide_centimes, ligne.paye_centimes, ligne.reste_centimes)
        for ligne in lignes
    ] == [
        (2026 * 12 + 8, 450_00, 0, 50_00, 400_00),
        (2026 * 12 + 7, 450_00, 0, 450_00, 0),
        (2026 * 12 + 6, 450_00, 300_00, 150_00, 0),
    ]


def test_un_mois_ouvert_montre_ce_qui_l_a_paye(compte: Compte) -> None:
    juillet = ledger(compte, date(2026, 11, 20)).mois[-1]

    [poste] = juillet.postes
    assert [(a.reference_credit, a.montant_centimes) for a in poste.affectations] == [("A1", 300_00), ("P1", 150_00)]
    assert poste.poste.references == ("L2026-07",)


def test_un_paiement_ouvert_montre_les_termes_payes(compte: Compte) -> None:
    livre = ledger(compte, date(2026, 11, 20))

    paiement = next(ligne for ligne in livre.lignes if ligne.ecriture.reference == "P2")
    assert [(a.poste.reference, a.montant_centimes, a.regle) for a in paiement.affectations] == [
        ("L2026-08", 450_00, "C6 d"),
        ("L2026-09", 50_00, "C6 d"),
    ]
    assert paiement.code_libelle == "paiement du locataire"


def test_les_lignes_suivent_les_livres_avec_le_solde(compte: Compte) -> None:
    livre = ledger(compte, date(2026, 11, 20))

    assert [(ligne.ecriture.reference, ligne.solde_centimes) for ligne in livre.lignes] == [
        ("L2026-07", 450_00),
        ("A1", 150_00),
        ("P1", 0),
        ("L2026-08", 450_00),
        ("L2026-09", 900_00),
        ("P2", 400_00),
    ]


def test_un_paiement_rejete_se_voit_et_ne_paie_rien(compte: Compte) -> None:
    fabriques.ecriture(
        compte, CodeEcriture.REJET, date(2026, 10, 15), debit=500_00, reference="R1", reference_annulee="P2"
    )

    livre = ledger(compte, date(2026, 11, 20))

    annulees = [ligne.ecriture.reference for ligne in livre.lignes if ligne.is_annulee]
    assert annulees == ["P2", "R1"]
    assert sum(m.ligne.reste_centimes for m in livre.mois) == 900_00


def test_le_passe_se_relit_avec_ce_qui_etait_connu(compte: Compte) -> None:
    livre = ledger(compte, date(2026, 8, 31))

    assert [ligne.ecriture.reference for ligne in livre.lignes] == ["L2026-07", "A1", "P1", "L2026-08"]


def test_le_solde_s_explique_en_phrases(compte: Compte) -> None:
    phrases = ledger(compte, date(2026, 11, 20)).phrases

    assert "400,00" in phrases[0]


def test_un_compte_sans_ecriture_se_lit_aussi(bailleur: Organisme) -> None:
    livre = ledger(fabriques.compte(), date(2026, 11, 20))

    assert (livre.mois, livre.lignes, livre.phrases) == ((), (), ())


def test_la_dette_par_age_sur_vingt_quatre_mois(compte: Compte) -> None:
    autre = fabriques.compte("C2")
    fabriques.loyer(autre, "2026-05", date(2026, 5, 31), 100_00)

    histoire = debt_history([compte.pk, autre.pk], date(2026, 11, 20))

    assert len(histoire) == 24
    assert [etat.au for etat in histoire[-4:]] == [
        date(2026, 8, 31),
        date(2026, 9, 30),
        date(2026, 10, 31),
        date(2026, 11, 20),
    ]
    assert histoire[0].au == date(2024, 12, 31)
    # 31 August: 450.00 due that day, and 100.00 due three months before to the day.
    assert (histoire[-4].lt1_centimes, histoire[-4].de_3_a_6_centimes) == (450_00, 100_00)
    # 31 October: the payment of 12 October took August and 50.00 of September, due one month ago.
    octobre = histoire[-2]
    assert (octobre.lt1_centimes, octobre.de_1_a_3_centimes, octobre.total_centimes) == (0, 400_00, 500_00)
    assert histoire[0].total_centimes == 0


def test_l_histoire_tient_en_une_requete(compte: Compte) -> None:
    with CaptureQueriesContext(connection) as requetes:
        debt_history([compte.pk, fabriques.compte().pk], date(2026, 11, 20))

    lectures = [r for r in requetes.captured_queries if r["sql"].startswith("SELECT")]
    assert len(lectures) == 1


def test_les_ecritures_deviennent_celles_du_coeur(compte: Compte) -> None:
    aide = next(e for e in ecritures_par_compte([compte.pk])[compte.pk] if e.code == "APL")

    assert aide == Ecriture(
        reference="A1",
        compte="C1",
        date_comptable=date(2026, 7, 25),
        periode=2026 * 12 + 6,
        code="APL",
        credit_centimes=300_00,
        mode="caf",
    )
