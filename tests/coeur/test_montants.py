"""Les montants : forme pivot stricte, écriture à l'écran, répartition au plus fort reste."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maintien.coeur.montants import (
    MontantInvalideError,
    diviser_au_plus_proche,
    format_euros,
    format_pivot,
    parse_montant,
    repartir,
)


@pytest.mark.parametrize(
    ("texte", "centimes"),
    [("1284.50", 128450), ("0.00", 0), ("-12.05", -1205), ("7", 700), ("7.5", 750), ("99999999999.99", 9999999999999)],
)
def test_la_forme_pivot_se_lit(texte: str, centimes: int) -> None:
    assert parse_montant(texte) == centimes


@pytest.mark.parametrize(
    "texte",
    [
        *("", "NaN", "inf", "1_000", "1 000.00", "1,50", "1.505", "1e3", "+1", "--1", "١٢", "1.", ".5", " 1", "1\n"),
        *("=1+1", "123456789012.00"),
    ],
)
def test_le_reste_est_refuse_en_une_phrase(texte: str) -> None:
    with pytest.raises(MontantInvalideError, match="montant illisible"):
        parse_montant(texte)


@pytest.mark.parametrize(
    ("centimes", "pivot", "ecran"),
    [
        (128450, "1284.50", "1\u202f284,50\u00a0€"),
        (0, "0.00", "0,00\u00a0€"),
        (5, "0.05", "0,05\u00a0€"),
        (-1205, "-12.05", "\u221212,05\u00a0€"),
        (123456789, "1234567.89", "1\u202f234\u202f567,89\u00a0€"),
    ],
)
def test_un_montant_s_ecrit(centimes: int, pivot: str, ecran: str) -> None:
    assert format_pivot(centimes) == pivot
    assert format_euros(centimes) == ecran


@pytest.mark.proprietes
@given(st.integers(-(10**12), 10**12))
def test_ecrire_puis_lire_rend_le_montant(centimes: int) -> None:
    assert parse_montant(format_pivot(centimes)) == centimes


@pytest.mark.parametrize(
    ("total", "poids", "parts"),
    [
        # argent 3.3, exemple 3 : logement 400,00, parking 50,00, versement de 100,00.
        (10000, [40000, 5000], [8889, 1111]),
        # À restes égaux, le premier est servi.
        (1, [1, 1], [1, 0]),
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (5, [0, 3], [0, 5]),
        (1, [1], [1]),
        (0, [1, 2], [0, 0]),
    ],
)
def test_la_repartition_est_au_plus_fort_reste(total: int, poids: list[int], parts: list[int]) -> None:
    assert repartir(total, poids) == parts


@pytest.mark.proprietes
@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 10**6), min_size=1).filter(any))
def test_la_repartition_ne_perd_rien(total: int, poids: list[int]) -> None:
    parts = repartir(total, poids)

    assert sum(parts) == total
    assert all(abs(part - total * p / sum(poids)) < 1 for part, p in zip(parts, poids, strict=True))


@pytest.mark.parametrize("poids", [[], [0, 0], [-1, 2]])
def test_une_repartition_sans_poids_est_refusee(poids: list[int]) -> None:
    with pytest.raises(ValueError, match="poids"):
        repartir(10, poids)


@pytest.mark.parametrize(
    ("numerateur", "denominateur", "quotient"), [(5, 2, 3), (4, 3, 1), (5, 3, 2), (0, 7, 0), (-5, 2, -2)]
)
def test_l_arrondi_monte_la_moitie(numerateur: int, denominateur: int, quotient: int) -> None:
    assert diviser_au_plus_proche(numerateur, denominateur) == quotient


def test_un_diviseur_nul_est_refuse() -> None:
    with pytest.raises(ValueError, match="diviseur"):
        diviser_au_plus_proche(1, 0)
