"""Le rejet qui porte les frais de la banque : conventions C3."""

from dataclasses import replace
from datetime import date

import pytest

from maintien.coeur.compte.ecritures import Ecriture
from maintien.coeur.compte.imputation import imputation
from maintien.coeur.compte.rejets import separer_frais

PAIEMENT = Ecriture(
    "P1", "C1", date(2026, 9, 5), date(2026, 9, 5), code="PAI", credit_centimes=450_00, mode="prelevement"
)
REJET = Ecriture(
    reference="R1",
    compte="C1",
    date_comptable=date(2026, 9, 8),
    date_valeur=date(2026, 9, 7),
    code="REJ",
    libelle="REJET PRELEVEMENT AM04",
    debit_centimes=452_00,
    mode="prelevement",
    reference_annulee="P1",
)


def test_le_rejet_de_452_pour_450_donne_un_rejet_et_des_frais() -> None:
    separes = separer_frais(REJET, PAIEMENT)

    assert separes is not None
    rejet, frais = separes
    assert rejet == replace(REJET, debit_centimes=450_00)
    assert (frais.reference, frais.code, frais.debit_centimes) == ("R1-FRA", "FRA", 2_00)
    assert (frais.compte, frais.date_comptable, frais.reference_annulee) == ("C1", date(2026, 9, 8), "")


def test_separe_le_terme_retrouve_sa_premiere_echeance() -> None:
    terme = Ecriture("L1", "C1", date(2026, 7, 20), None, date(2026, 7, 31), code="LOY", debit_centimes=450_00)
    separes = separer_frais(REJET, PAIEMENT)
    assert separes is not None

    compte = imputation([terme, PAIEMENT, *separes], date(2026, 9, 30))

    assert [(p.code, p.date_exigibilite, p.reste_centimes) for p in compte.postes] == [
        ("FRA", date(2026, 9, 8), 2_00),
        ("", date(2026, 7, 31), 450_00),
    ]


@pytest.mark.parametrize(
    ("rejet", "cible"),
    [
        (replace(REJET, debit_centimes=450_00), PAIEMENT),
        (replace(REJET, debit_centimes=440_00), PAIEMENT),
        (replace(REJET, debit_centimes=470_01), PAIEMENT),
        (replace(REJET, code="OD"), PAIEMENT),
        (replace(REJET, reference_annulee="P2"), PAIEMENT),
        (replace(REJET, compte="C2"), PAIEMENT),
        (REJET, replace(PAIEMENT, debit_centimes=900_00)),
        (replace(REJET, debit_centimes=20_00), replace(PAIEMENT, credit_centimes=0)),
    ],
    ids=[
        "juste",
        "trop peu",
        "plus que le plafond",
        "pas un rejet",
        "autre cible",
        "autre compte",
        "cible au débit",
        "cible à zéro",
    ],
)
def test_ce_qui_n_est_pas_un_rejet_avec_frais_n_est_pas_separe(rejet: Ecriture, cible: Ecriture) -> None:
    assert separer_frais(rejet, cible) is None


@pytest.mark.parametrize(
    ("mode", "paiement", "plafond"),
    [
        ("prelevement", 450_00, 20_00),
        ("virement", 450_00, 20_00),
        ("prelevement", 12_00, 12_00),
        ("cheque", 450_00, 50_00),
        ("cheque", 50_01, 50_00),
        ("cheque", 50_00, 30_00),
        ("carte", 450_00, 20_00),
        ("", 450_00, 20_00),
    ],
)
def test_le_plafond_des_frais_est_celui_du_moyen_de_paiement_et_il_est_compris(
    mode: str, paiement: int, plafond: int
) -> None:
    # CMF, D. 133-6 : 20 € dans la limite du paiement. D. 131-25 : 30 € jusqu'à 50 €, 50 € au-delà.
    cible = replace(PAIEMENT, credit_centimes=paiement, mode=mode)

    assert separer_frais(replace(REJET, debit_centimes=paiement + plafond), cible) is not None
    assert separer_frais(replace(REJET, debit_centimes=paiement + plafond + 1), cible) is None


def test_trente_euros_de_trop_ne_sont_pas_les_frais_d_un_prelevement() -> None:
    assert separer_frais(replace(REJET, debit_centimes=480_00), PAIEMENT) is None
