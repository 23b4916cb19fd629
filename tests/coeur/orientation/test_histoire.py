"""L'histoire d'un compte, lue dans son imputation : termes tardifs, rejets, prochaine échéance."""

from datetime import date
from typing import Any

from maintien.coeur.calendrier import parse_periode
from maintien.coeur.compte.ecritures import Ecriture
from maintien.coeur.compte.imputation import imputation
from maintien.coeur.orientation.faits import Plan, Rejet, TermeTardif
from maintien.coeur.orientation.histoire import HistoireCompte, histoire_du_compte
from maintien.coeur.orientation.retards import echeances_du_plan, is_plan_coherent, suivi_du_plan


def _e(reference: str, comptable: str, code: str, montant: int, **champs: Any) -> Ecriture:
    """Une écriture au débit (montant positif) ou au crédit."""
    for nom in ("date_valeur", "date_exigibilite"):
        if nom in champs:
            champs[nom] = date.fromisoformat(champs[nom])
    if "periode" in champs:
        champs["periode"] = parse_periode(champs["periode"])
    sens = {"debit_centimes": montant} if montant >= 0 else {"credit_centimes": -montant}
    return Ecriture(reference, "C1", date.fromisoformat(comptable), code=code, **sens, **champs)


LIGNES = [
    _e("L07", "2026-07-22", "LOY", 74_000, date_exigibilite="2026-08-05", periode="2026-07"),
    _e("A07", "2026-07-25", "APL", -29_000, periode="2026-07"),
    _e("P07", "2026-08-06", "PAI", -45_000, date_valeur="2026-08-05"),
    _e("L08", "2026-08-22", "LOY", 74_000, date_exigibilite="2026-09-05", periode="2026-08"),
    _e("A08", "2026-08-25", "APL", -29_000, periode="2026-08"),
    _e("P08", "2026-09-05", "PAI", -45_000, date_valeur="2026-09-05"),
    _e("R08", "2026-09-08", "REJ", 45_000, reference_annulee="P08", libelle="REJET PRELEVEMENT AM04"),
    _e("P08B", "2026-09-20", "PAI", -44_950, date_valeur="2026-09-20"),
    _e("L09", "2026-09-22", "LOY", 74_000, date_exigibilite="2026-10-05", periode="2026-09"),
    _e("A09", "2026-09-25", "APL", -29_000, periode="2026-09"),
    _e("L10", "2026-10-22", "LOY", 74_000, date_exigibilite="2026-11-05", periode="2026-10"),
]


def _histoire(au: date, lignes: list[Ecriture] = LIGNES) -> HistoireCompte:
    return histoire_du_compte(lignes, imputation(lignes, au), 45_000)


def test_un_terme_paye_tard_et_un_terme_du() -> None:
    # Août : rejeté, repayé le 20 septembre à cinquante centimes près. Septembre : encore dû le 12 octobre.
    assert _histoire(date(2026, 10, 12)).termes_tardifs == (
        TermeTardif(date(2026, 9, 5), date(2026, 9, 20)),
        TermeTardif(date(2026, 10, 5), None),
    )


def test_l_histoire_ne_connait_que_les_ecritures_du_jour() -> None:
    avant_le_rejet = _histoire(date(2026, 9, 7))

    assert avant_le_rejet.termes_tardifs == ()
    assert avant_le_rejet.rejets == ()


def test_les_autres_faits() -> None:
    histoire = _histoire(date(2026, 10, 12))

    assert histoire.observe_depuis == date(2026, 7, 22)
    assert histoire.rejets == (Rejet("C1", date(2026, 9, 8), 45_000, "AM04", has_cible=True),)
    assert histoire.dernier_paiement == (date(2026, 9, 20), 44_950)
    assert histoire.apl_recue == tuple((parse_periode(f"2026-0{mois}"), 29_000) for mois in (7, 8, 9))
    assert histoire.appels_recents == ((date(2026, 10, 5), 45_000),)
    assert histoire.dernier_mois_appele == parse_periode("2026-09")
    # Août : les cinquante centimes ; septembre : le terme, son aide déduite.
    assert histoire.restes == ((date(2026, 9, 5), 50), (date(2026, 10, 5), 45_000))
    # Rien n'est appelé après le 5 octobre : un mois plus tard, au terme moyen.
    assert (histoire.prochaine_echeance, histoire.prochain_terme_centimes) == (date(2026, 11, 5), 45_000)


def test_les_dettes_des_fins_de_mois_passees() -> None:
    # Fin août rien, fin septembre les 50 centimes laissés sur août, fin octobre pas encore finie.
    assert _histoire(date(2026, 10, 12)).dettes_passees == (
        (date(2026, 7, 31), 0),
        (date(2026, 8, 31), 0),
        (date(2026, 9, 30), 50),
    )


def test_l_aide_d_un_terme_appele_est_celle_du_mois_d_avant_tant_qu_elle_n_est_pas_venue() -> None:
    histoire = _histoire(date(2026, 10, 23))

    assert (histoire.prochaine_echeance, histoire.prochain_terme_centimes) == (date(2026, 11, 5), 45_000)


def test_un_rejet_sans_paiement_connu_n_a_pas_de_cible() -> None:
    lignes = [*LIGNES, _e("R99", "2026-10-09", "REJ", 45_200, reference_annulee="P07", libelle="REJET AC04")]

    assert _histoire(date(2026, 10, 12), lignes).rejets[-1] == Rejet(
        "C1", date(2026, 10, 9), 45_200, "AC04", has_cible=False
    )


PLAN = Plan("P1", date(2026, 1, 20), 100_000, 36, 2_777, date(2026, 1, 31))


def test_la_derniere_echeance_d_un_plan_absorbe_le_reste() -> None:
    echeances = echeances_du_plan(PLAN)

    # 1 000 € en 36 : trente-cinq fois 27,77 € et une fois 28,05 € (argent.md, 3.3, exemple 9).
    assert [e.montant_centimes for e in echeances[-2:]] == [2_777, 2_805]
    assert sum(e.montant_centimes for e in echeances) == 100_000
    assert [e.jour for e in echeances[:3]] == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]


def test_un_plan_est_tenu_tant_que_la_dette_ne_depasse_pas_ce_qu_il_laisse() -> None:
    tenu = suivi_du_plan(PLAN, 97_223, date(2026, 2, 5), 5)
    manque = suivi_du_plan(PLAN, 97_224, date(2026, 2, 5), 5)

    assert (tenu.reste_centimes, tenu.ecart_centimes) == (97_223, 0)
    assert (manque.reste_centimes, manque.ecart_centimes) == (97_223, 1)


def test_la_tolerance_laisse_au_paiement_le_temps_de_paraitre() -> None:
    assert suivi_du_plan(PLAN, 100_000, date(2026, 2, 4), 5).ecart_centimes == 0
    assert suivi_du_plan(PLAN, 100_000, date(2026, 2, 5), 5).ecart_centimes == 2_777


def test_un_plan_qui_finit_avant_son_nombre_n_a_pas_d_echeance_negative() -> None:
    # 107,31 € en 36 de 15,00 € : sept de 15,00 € (105,00 €), puis 2,31 €.
    plan = Plan("P2", date(2026, 1, 20), 10_731, 36, 1_500, date(2026, 2, 5))

    assert [e.montant_centimes for e in echeances_du_plan(plan)] == [1_500] * 7 + [231]
    assert is_plan_coherent(10_731, 36, 1_500)


def test_les_echeances_d_un_plan_paient_son_montant_la_derniere_d_au_plus_deux_mensualites() -> None:
    assert is_plan_coherent(100_000, 36, 2_777)  # 28,05 €
    assert is_plan_coherent(100_000, 19, 5_000)  # 100,00 €, deux mensualités
    assert not is_plan_coherent(100_001, 19, 5_000)  # 100,01 €
    assert is_plan_coherent(100_000, 21, 5_000)  # soldé à la vingtième
    assert not is_plan_coherent(0, 3, 5_000)
    assert is_plan_coherent(45_000, 1, 45_000)


def test_d_un_terme_recent_seul_le_reste_du_est_garde() -> None:
    # Septembre laisse 300,00 € ; le 31 octobre échoit octobre, et 450,00 € sont payés : 300,00 € vont à septembre,
    # 150,00 € à octobre, dont il reste 300,00 €.
    lignes = [
        _e("L09", "2026-09-16", "LOY", 45_000, date_exigibilite="2026-09-30", periode="2026-09"),
        _e("P09", "2026-09-30", "PAI", -15_000),
        _e("L10", "2026-10-16", "LOY", 45_000, date_exigibilite="2026-10-31", periode="2026-10"),
        _e("P10", "2026-10-31", "PAI", -45_000),
    ]

    assert _histoire(date(2026, 11, 2), lignes).appels_recents == ((date(2026, 10, 31), 30_000),)
