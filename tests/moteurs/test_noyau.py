"""Parts of the kernel that can be checked alone."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maintien.coeur import calendrier
from maintien.moteurs.colonnes.droit import ORIGINE, droit, jours
from maintien.moteurs.colonnes.noyau import dates, tri
from maintien.moteurs.colonnes.noyau.compilation import compiler_entree
from maintien.moteurs.colonnes.noyau.structures import CLE_TRI, I64, VALEUR, etablir_atelier

pytestmark = pytest.mark.moteurs


@compiler_entree
def _lire_dates(jour: int, nombre: int, au: int, sortie: I64) -> None:
    sortie[0], sortie[1] = dates.periode_et_quantieme(jour)
    sortie[2] = dates.ajouter_mois(jour, nombre)
    sortie[3] = dates.fin_de_mois(sortie[0])
    sortie[4] = dates.age_en_mois(jour, au)


@compiler_entree
def _trier(a: I64, nombre: int) -> None:
    tri.trier(a, nombre)


@given(st.dates(date(1600, 1, 1)), st.integers(0, 500), st.dates(date(1600, 1, 1)))
def test_dates_are_those_of_the_core(jour: date, nombre: int, au: date) -> None:
    lues = np.zeros(5, dtype=np.int64)

    _lire_dates(jours(jour), nombre, jours(au), lues)

    periode = calendrier.periode_de(jour)
    assert (lues[0], lues[1]) == (periode, jour.day)
    assert ORIGINE + timedelta(int(lues[2])) == calendrier.ajouter_mois(jour, nombre)
    assert ORIGINE + timedelta(int(lues[3])) == calendrier.fin_de_mois(periode)
    assert lues[4] == calendrier.age_en_mois(jour, au)


@given(st.lists(st.integers(-5, 40), max_size=120))
def test_the_sort_keeps_each_value_with_its_key(cles: list[int]) -> None:
    atelier = etablir_atelier(len(cles))
    atelier[CLE_TRI, : len(cles)] = [cle * 1000 + rang for rang, cle in enumerate(cles)]
    atelier[VALEUR, : len(cles)] = range(len(cles))

    _trier(atelier, len(cles))

    assert list(atelier[VALEUR, : len(cles)]) == sorted(range(len(cles)), key=lambda rang: (cles[rang], rang))


def test_the_kernel_reads_the_definitions_of_the_core() -> None:
    """From the day (2019-09-01 is 18140 days after 1970-01-01), the kind, the value, the codes, the months."""
    assert droit().tolist() == [
        [jours(date.min), 0, 2, 0b0111, 0],
        [18_140, 0, 2, 0b1111, 0],
        [20_819, 1, 450_00, 0b1111, 3],
    ]
