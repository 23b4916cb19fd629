"""Les écritures : conventions C1."""

from dataclasses import replace
from datetime import date

import pytest

from maintien.coeur.calendrier import parse_periode
from maintien.coeur.compte.ecritures import Ecriture, ecritures_connues

PAIEMENT = Ecriture("p", "C1", date(2026, 9, 5), code="PAI", credit_centimes=450_00)


@pytest.mark.parametrize(
    ("code", "affectation", "illisible"),
    [
        ("PAI", "", False),
        ("PAI", "2026-08|2026-07", False),
        ("PAI", "2026-08|", True),
        ("PAI", "RESTITUTION", True),
        ("DG", "RESTITUTION", False),
        ("DG", "restitution", True),
    ],
)
def test_une_affectation_mal_formee_est_reperee(code: str, affectation: str, illisible: bool) -> None:
    assert replace(PAIEMENT, code=code, affectation=affectation).has_affectation_illisible is illisible


def test_les_mois_designes_gardent_leur_ordre() -> None:
    designe = replace(PAIEMENT, affectation="2026-08|2026-07")

    assert designe.mois_designes == (parse_periode("2026-08"), parse_periode("2026-07"))
    assert replace(PAIEMENT, affectation="2026-08|2026-13").mois_designes == ()


def test_l_effet_est_la_valeur_sinon_la_saisie_sans_depasser_le_jour() -> None:
    en_valeur = replace(PAIEMENT, date_valeur=date(2026, 9, 3))
    future = replace(PAIEMENT, date_valeur=date(2026, 12, 3))

    assert PAIEMENT.effet(date(2026, 9, 30)) == date(2026, 9, 5)
    assert en_valeur.effet(date(2026, 9, 30)) == date(2026, 9, 3)
    assert future.effet(date(2026, 9, 30)) == date(2026, 9, 30)


def test_ne_sont_connues_que_les_ecritures_saisies_non_nulles_et_sans_doublon() -> None:
    le_jour = replace(PAIEMENT, reference="q", date_comptable=date(2026, 9, 30))
    demain = replace(PAIEMENT, reference="r", date_comptable=date(2026, 10, 1))
    a_zero = replace(PAIEMENT, reference="s", debit_centimes=450_00)
    doublon = replace(PAIEMENT, credit_centimes=1)

    assert ecritures_connues([PAIEMENT, le_jour, demain, a_zero, doublon], date(2026, 9, 30)) == [PAIEMENT, le_jour]
