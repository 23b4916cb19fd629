"""Le calendrier : conventions C2, exemples d'argent 3.4."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maintien.coeur.calendrier import (
    DateInvalideError,
    age_en_mois,
    ajouter_mois,
    fin_de_mois,
    format_de_mois,
    format_jour,
    format_mois,
    format_periode,
    parse_jour,
    parse_periode,
    periode_de,
)


@pytest.mark.parametrize(
    ("jour", "nombre", "attendu"),
    [
        (date(2026, 8, 31), 3, date(2026, 11, 30)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 12, 5), 1, date(2027, 1, 5)),
        (date(2027, 3, 31), -1, date(2027, 2, 28)),
        (date(2026, 10, 31), 3, date(2027, 1, 31)),
        (date(9999, 12, 31), 3, date.max),
        (date(9999, 11, 15), 1, date(9999, 12, 15)),
        (date(1, 2, 15), -1, date(1, 1, 15)),
        (date(1, 1, 1), -1, date.min),
    ],
)
def test_ajouter_des_mois_garde_le_quantieme(jour: date, nombre: int, attendu: date) -> None:
    assert ajouter_mois(jour, nombre) == attendu


@pytest.mark.parametrize(
    ("echeance", "age"),
    [
        (date(2026, 11, 23), 0),
        (date(2026, 10, 24), 0),
        (date(2026, 10, 23), 1),
        (date(2026, 8, 24), 2),
        (date(2026, 8, 23), 3),
        (date(2026, 5, 23), 6),
        (date(2025, 11, 24), 11),
        (date(2025, 11, 23), 12),
    ],
)
def test_l_age_est_le_nombre_de_mois_pleins(echeance: date, age: int) -> None:
    assert age_en_mois(echeance, date(2026, 11, 23)) == age


def test_l_age_suit_la_fin_de_mois() -> None:
    assert age_en_mois(date(2026, 8, 31), date(2026, 11, 29)) == 2
    assert age_en_mois(date(2026, 8, 31), date(2026, 11, 30)) == 3
    assert age_en_mois(date(2026, 1, 31), date(2026, 2, 28)) == 1
    assert age_en_mois(date(2024, 2, 29), date(2025, 2, 28)) == 12


@pytest.mark.proprietes
@given(st.dates(date(1990, 1, 1), date(2040, 12, 31)), st.integers(0, 20000))
def test_l_age_est_le_plus_grand_m_qui_convient(echeance: date, ecart: int) -> None:
    au = date.fromordinal(echeance.toordinal() + ecart)

    age = age_en_mois(echeance, au)

    assert ajouter_mois(echeance, age) <= au < ajouter_mois(echeance, age + 1)


def test_une_periode_est_un_numero_de_mois() -> None:
    assert parse_periode("2020-04") == 2020 * 12 + 3
    assert format_periode(2020 * 12 + 3) == "2020-04"
    assert periode_de(date(2020, 4, 30)) == 2020 * 12 + 3
    assert fin_de_mois(2020 * 12 + 1) == date(2020, 2, 29)


@pytest.mark.parametrize(
    "texte", ["2020-13", "2020-00", "0000-01", "2020-4", "20-04", "2020-04-01", "avril", "", "٢٠٢٠-٠٤"]
)
def test_un_mois_mal_ecrit_est_refuse(texte: str) -> None:
    with pytest.raises(DateInvalideError, match="AAAA-MM"):
        parse_periode(texte)


@pytest.mark.parametrize("texte", ["2020-02-30", "20200430", "2020-W18-4", "30/04/2020", "", "2020-04-30 "])
def test_un_jour_mal_ecrit_est_refuse(texte: str) -> None:
    with pytest.raises(DateInvalideError, match="AAAA-MM-JJ"):
        parse_jour(texte)


def test_un_jour_bien_ecrit_se_lit() -> None:
    assert parse_jour("2020-04-30") == date(2020, 4, 30)


def test_les_dates_s_ecrivent_en_toutes_lettres() -> None:
    assert format_jour(date(2026, 10, 12)) == "12 octobre 2026"
    assert format_jour(date(2026, 10, 1)) == "1er octobre 2026"
    assert format_mois(parse_periode("2026-12")) == "décembre 2026"


@pytest.mark.parametrize(
    ("mois", "attendu"), [("2026-10", "d'octobre 2026"), ("2026-04", "d'avril 2026"), ("2026-08", "d'août 2026")]
)
def test_la_preposition_s_elide(mois: str, attendu: str) -> None:
    assert format_de_mois(parse_periode(mois)) == attendu
    assert format_de_mois(parse_periode("2026-07")) == "de juillet 2026"
