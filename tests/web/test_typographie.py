"""French typography: amounts, dates, relative dates, plurals, telephone numbers."""

from datetime import date

import pytest

from maintien.web.communs import typographie as t

NBSP, FINE = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("centimes", "attendu"),
    [
        (128450, f"1{FINE}284,50{NBSP}€"),
        (12345678, f"123{FINE}456,78{NBSP}€"),
        (0, f"0,00{NBSP}€"),
        (-500, f"−5,00{NBSP}€"),
        (None, "–"),
    ],
)
def test_un_montant(centimes: int | None, attendu: str) -> None:
    assert t.euros(centimes) == attendu


@pytest.mark.parametrize(
    ("jour", "attendu"),
    [(date(2026, 10, 13), "mardi 13 octobre 2026"), (date(2026, 11, 1), "dimanche 1er novembre 2026")],
)
def test_une_date_complete(jour: date, attendu: str) -> None:
    assert t.jour_complet(jour).replace(NBSP, " ") == attendu


def test_une_date_de_colonne() -> None:
    assert t.jour_court(date(2026, 10, 15), date(2026, 11, 20)) == f"jeu.{NBSP}15{NBSP}oct."
    assert t.jour_court(date(2026, 8, 1), date(2026, 1, 1)) == f"sam.{NBSP}1er{NBSP}août"
    assert t.jour_court(date(2027, 1, 15), date(2026, 12, 31)) == f"ven.{NBSP}15{NBSP}janv.{NBSP}2027"
    assert t.jour_court(date(2021, 1, 5), date(2026, 11, 20)) == f"mar.{NBSP}5{NBSP}janv.{NBSP}2021"


@pytest.mark.parametrize(
    ("jour", "attendu"),
    [
        (date(2026, 10, 12), "aujourd’hui"),
        (date(2026, 10, 11), "hier"),
        (date(2026, 10, 13), "demain"),
        (date(2026, 10, 9), "il y a 3 jours"),
        (date(2026, 10, 25), "dans 13 jours"),
        (date(2026, 9, 21), "il y a 3 semaines"),
        (date(2026, 6, 5), "il y a 4 mois"),
        (date(2023, 10, 12), "il y a 3 ans"),
    ],
)
def test_une_date_relative(jour: date, attendu: str) -> None:
    assert t.relatif(jour, date(2026, 10, 12)).replace(NBSP, " ") == attendu


@pytest.mark.parametrize(
    ("nombre", "attendu"), [(0, "0 ménage"), (1, "1 ménage"), (2, "2 ménages"), (12345, f"12{FINE}345 ménages")]
)
def test_le_pluriel_commence_a_deux(nombre: int, attendu: str) -> None:
    assert t.pluriel(nombre, "ménage,ménages").replace(NBSP, " ") == attendu


@pytest.mark.parametrize(
    ("saisi", "attendu"),
    [
        ("0612345678", "06 12 34 56 78"),
        ("+33 6.12.34.56.78", "06 12 34 56 78"),
        ("0033 6 12 34 56 78", "06 12 34 56 78"),
        ("06 12 34", "06 12 34"),
        ("+590 690 12 34 56", "+590 690 12 34 56"),
    ],
)
def test_un_numero_de_telephone(saisi: str, attendu: str) -> None:
    assert t.telephone(saisi).replace(NBSP, " ") == attendu


def test_les_espaces_insecables() -> None:
    assert t.insecables("« oui » : 3 € ; non ?") == f"«{NBSP}oui{NBSP}»{NBSP}: 3{NBSP}€{FINE}; non{FINE}?"
    assert t.insecables("l'aide d'octobre, aujourd'hui") == "l’aide d’octobre, aujourd’hui"
    assert t.insecables("'cité' 5' 'fin'") == "'cité' 5' 'fin'"
    assert t.insecables("12:30, http://x.fr") == "12:30, http://x.fr"


def test_les_durees_et_les_tailles() -> None:
    assert t.duree_minutes(95) == f"95{NBSP}min"
    assert t.duree_minutes(125) == f"2{NBSP}h{NBSP}05"
    assert t.octets(20) == f"20{NBSP}octets"
    assert t.octets(1536) == f"1,5{NBSP}Ko"
    assert t.octets(5 * 1024**2) == f"5{NBSP}Mo"
