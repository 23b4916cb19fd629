"""Les paramètres datés du paquet."""

from dataclasses import dataclass
from datetime import date

import pytest

from maintien.coeur.parametres import en_vigueur, lire_yaml


@dataclass(frozen=True)
class Valeur:
    nom: str
    du: date | None = None
    au: date | None = None


VALEURS = (Valeur("a", None, date(2019, 8, 31)), Valeur("b", date(2019, 9, 1), date(2020, 12, 31)))


@pytest.mark.parametrize(
    ("jour", "nom"),
    [(date(1990, 1, 1), "a"), (date(2019, 8, 31), "a"), (date(2019, 9, 1), "b"), (date(2020, 12, 31), "b")],
)
def test_les_bornes_sont_comprises(jour: date, nom: str) -> None:
    trouvee = en_vigueur(VALEURS, jour)

    assert trouvee is not None
    assert trouvee.nom == nom


def test_hors_des_bornes_rien_n_est_en_vigueur() -> None:
    assert en_vigueur(VALEURS, date(2021, 1, 1)) is None


def test_un_fichier_n_est_lu_qu_une_fois() -> None:
    assert lire_yaml("maintien.coeur.droit", "impaye_apl.yaml") is lire_yaml("maintien.coeur.droit", "impaye_apl.yaml")
