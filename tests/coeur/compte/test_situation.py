"""La situation, sa ligne de C11, le statut, le portefeuille : conventions C7, C9 et C11."""

from dataclasses import replace
from datetime import date

import pytest

from maintien.coeur.compte.ecritures import BailCompte, Ecriture
from maintien.coeur.compte.portefeuille import situations
from maintien.coeur.compte.presence import StatutCompte, statut
from maintien.coeur.compte.situation import COLONNES_C11, ligne_c11, situation

AU = date(2026, 11, 23)
BAIL = BailCompte("B1", "C1", date(2020, 1, 1))


@pytest.mark.parametrize(
    ("baux", "attendu"),
    [
        ([BAIL], StatutCompte.PRESENT),
        ([replace(BAIL, date_sortie=date(2026, 11, 24))], StatutCompte.PRESENT),
        ([replace(BAIL, date_sortie=AU)], StatutCompte.PARTI),
        ([replace(BAIL, date_entree=AU)], StatutCompte.PRESENT),
        ([replace(BAIL, date_entree=date(2026, 11, 24))], StatutCompte.FUTUR),
        # Mutation : l'ancien bail est fini, le nouveau court.
        ([replace(BAIL, date_sortie=date(2026, 1, 1)), BAIL], StatutCompte.PRESENT),
        # Parti, avec un bail à venir : le ménage n'est pas présent.
        ([replace(BAIL, date_sortie=AU), replace(BAIL, date_entree=date(2026, 12, 1))], StatutCompte.PARTI),
        # Entré et sorti le même jour, avant aujourd'hui.
        ([replace(BAIL, date_sortie=date(2020, 1, 1))], StatutCompte.PARTI),
    ],
)
def test_present_parti_ou_futur(baux: list[BailCompte], attendu: StatutCompte) -> None:
    assert statut(baux, AU) is attendu


def test_la_ligne_de_c11_suit_ses_colonnes_et_ses_formats() -> None:
    ecritures = [
        Ecriture("l", "C1", date(2026, 9, 1), None, date(2026, 9, 30), None, "LOY", debit_centimes=300_05),
        Ecriture("f", "C1", date(2026, 9, 1), None, date(2026, 9, 30), None, "FRA", debit_centimes=12_00),
        Ecriture("d", "C1", date(2026, 9, 1), code="DG", credit_centimes=280_00),
    ]

    ligne = dict(zip(COLONNES_C11, ligne_c11(situation(ecritures, [BAIL], AU)), strict=True))

    assert ligne == {
        "reference_compte": "C1",
        "date": "2026-11-23",
        "statut": "present",
        "solde": "32.05",
        "dette_exigible": "312.05",
        "dette_locative": "300.05",
        "dette_accessoires": "12.00",
        "non_echu": "0.00",
        "avance": "0.00",
        "excedent_apl": "0.00",
        "dg_net": "-280.00",
        "nb_termes_impayes": "1",
        "date_plus_ancien": "2026-09-30",
        "tranche_lt1": "0.00",
        "tranche_1_3": "300.05",
        "tranche_3_6": "0.00",
        "tranche_6_12": "0.00",
        "tranche_ge12": "0.00",
        "terme_moyen_net": "300.05",
        "mois_de_dette": "1.00",
        "trois_termes_moyens": "0",
        "apl_concerne": "0",
        "apl_seuil_ancien": "",
        "impaye_apl_ancien": "0",
        "date_impaye_apl_ancien": "",
        "impaye_apl_2027": "0",
        "date_impaye_apl_2027": "",
        "impaye_apl_legal": "0",
        "date_impaye_apl_legal": "",
    }


def test_deux_comptes_ne_se_melangent_pas() -> None:
    etrangere = Ecriture("l", "C2", date(2026, 9, 1), code="LOY", debit_centimes=1)

    with pytest.raises(ValueError, match="un seul compte, reçu : C1, C2"):
        situation([etrangere], [BAIL], AU)


def test_un_compte_sans_bail_ni_ecriture_n_a_pas_de_situation() -> None:
    with pytest.raises(ValueError, match="aucun"):
        situation([], [], AU)


def test_le_portefeuille_trie_les_comptes_et_refuse_les_ecritures_sans_bail() -> None:
    baux = [
        replace(BAIL, compte="b"),
        replace(BAIL, compte="B"),
        replace(BAIL, compte="a10"),
        replace(BAIL, compte="a9"),
    ]
    orpheline = Ecriture("x", "C9", date(2026, 9, 1), code="PAI", credit_centimes=1)
    connue = Ecriture("y", "b", date(2026, 9, 1), code="REP", debit_centimes=5_00)

    obtenu = situations([orpheline, connue], baux, AU)

    assert [s.reference_compte for s in obtenu.situations] == ["B", "a10", "a9", "b"]
    assert obtenu.situations[3].dette_locative_centimes == 5_00
    assert obtenu.refusees == (orpheline,)


def test_une_reference_est_unique_chez_le_bailleur_la_premiere_livree_compte() -> None:
    baux = [replace(BAIL, compte="C1"), replace(BAIL, compte="C2")]
    premiere = Ecriture("x", "C1", date(2026, 9, 1), code="REP", debit_centimes=5_00)
    seconde = replace(premiere, compte="C2")

    soldes = [s.solde_centimes for s in situations([premiere, seconde], baux, AU).situations]

    assert soldes == [5_00, 0]


def test_la_meme_reference_compte_une_fois_la_premiere_livree() -> None:
    premiere = Ecriture("x", "C1", date(2026, 9, 1), code="REP", debit_centimes=5_00)
    corrigee = replace(premiere, debit_centimes=7_00)

    assert situation([premiere, corrigee], [BAIL], AU).solde_centimes == 5_00
    assert situation([corrigee, premiere], [BAIL], AU).solde_centimes == 7_00
