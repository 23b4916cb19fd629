"""Le délai de réponse : un mois de date à date, trois si la demande est prolongée."""

from datetime import date

import pytest

from maintien.coeur.droit.demandes import delai_reponse, echeance_reponse


@pytest.mark.parametrize(
    ("recue", "simple", "prolongee"),
    [
        (date(2026, 11, 20), date(2026, 12, 20), date(2027, 2, 20)),
        (date(2027, 1, 31), date(2027, 2, 28), date(2027, 4, 30)),
        (date(2026, 12, 1), date(2027, 1, 1), date(2027, 3, 1)),
    ],
)
def test_un_mois_ou_trois(recue: date, simple: date, prolongee: date) -> None:
    assert echeance_reponse(recue) == simple
    assert echeance_reponse(recue, is_prolongee=True) == prolongee


def test_le_texte_est_cite() -> None:
    assert delai_reponse(date(2026, 11, 20)).reference == "RGPD, art. 12, paragraphe 3"


def test_avant_le_texte_il_n_y_a_pas_de_delai() -> None:
    with pytest.raises(ValueError, match="2018-05-24"):
        delai_reponse(date(2018, 5, 24))
