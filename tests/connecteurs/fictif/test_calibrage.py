"""The shares of the national survey (argent.md, 3.4), measured with the reference computation of the account.

End of 2018, present households: 18.6 % late, 6.5 % owing more than three months, 1.5 % more than twelve.
"""

from datetime import date

import pytest

from maintien.coeur.calendrier import parse_periode, periode_de
from maintien.coeur.compte.ecritures import BailCompte, Ecriture
from maintien.coeur.compte.portefeuille import situations
from maintien.coeur.compte.situation import Situation
from maintien.connecteurs.fictif import Portefeuille, engendrer


def _presents(portefeuille: Portefeuille, au: date) -> list[Situation]:
    champs = ("reference_ecriture", "reference_compte", "date_comptable", "date_valeur", "date_exigibilite", "periode",
              "code", "libelle", "debit", "credit", "mode", "reference_annulee", "affectation")  # fmt: skip
    ecritures = [Ecriture(*(ligne[champ] for champ in champs)) for ligne in portefeuille.ecritures.to_pylist()]
    baux = [
        BailCompte(b["reference_bail"], b["reference_compte"], b["date_entree"], b["date_sortie"], b["apl_mode"])
        for b in portefeuille.baux.to_pylist()
    ]
    resultat = situations(ecritures, baux, au)
    assert not resultat.refusees
    return [s for s in resultat.situations if s.statut == "present"]


@pytest.fixture(scope="module")
def presents(portefeuille: Portefeuille) -> list[Situation]:
    return _presents(portefeuille, date(2026, 11, 23))


def _parts(presents: list[Situation]) -> tuple[float, float, float]:
    mois = [s.mois_de_dette_centiemes or 0 for s in presents]
    retard = sum(s.dette_locative_centimes > 0 for s in presents)
    return tuple(100 * n / len(presents) for n in (retard, sum(m >= 300 for m in mois), sum(m >= 1200 for m in mois)))


@pytest.mark.parametrize("au", [date(2026, 11, 23), date(2026, 6, 5), date(2027, 1, 1)])
def test_les_parts_de_l_enquete_nationale_tiennent_quel_que_soit_le_jour(au: date) -> None:
    portefeuille = engendrer(500, 11, periode_de(au) - 35, au)

    retard, trois_mois, douze_mois = _parts(_presents(portefeuille, au))

    assert 18.0 <= retard <= 19.2
    assert 6.1 <= trois_mois <= 6.9
    assert 1.2 <= douze_mois <= 1.8


def test_les_livraisons_a_venir_gardent_les_parts() -> None:
    au, fin = date(2026, 11, 23), date(2027, 2, 20)
    long = engendrer(400, 11, parse_periode("2024-01"), au, fin)

    retard, trois_mois, _ = _parts(_presents(long, au))
    assert 17.8 <= retard <= 19.4
    assert 5.9 <= trois_mois <= 7.1
    retard, trois_mois, _ = _parts(_presents(long, fin))
    assert 16.5 <= retard <= 24
    assert 5.5 <= trois_mois <= 8.5
    assert max(long.ecritures["date_comptable"].to_pylist()) > date(2027, 2, 10)


def test_un_compte_devient_crediteur_apres_une_alerte_et_d_autres_paient_d_avance(presents: list[Situation]) -> None:
    assert sum(s.avance_centimes > 0 for s in presents) >= 15


def test_tous_les_ages_de_dette_existent(presents: list[Situation]) -> None:
    for tranche in ("tranche_lt1", "tranche_1_3", "tranche_3_6", "tranche_6_12", "tranche_ge12"):
        assert sum(getattr(s, f"{tranche}_centimes") > 0 for s in presents) >= 5, tranche
