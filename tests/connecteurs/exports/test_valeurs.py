"""Strict values."""

from collections.abc import Callable
from datetime import date

import pytest

from maintien.connecteurs.exports.erreurs import ValeurRefuseeError
from maintien.connecteurs.exports.valeurs import lecteur_date, lecteur_entier, lecteur_montant, lecteur_periode

PIVOT = lecteur_montant(".", "aucun", [0, 1, 2], ["devant"])
ERP_A = lecteur_montant(",", "espace", [2], ["devant", "derriere"])
SUISSE = lecteur_montant(".", "apostrophe", [2], ["devant"])


@pytest.mark.parametrize(
    ("lire", "texte", "centimes"),
    [
        (PIVOT, "1284.50", 128450),
        (PIVOT, "1284.5", 128450),
        (PIVOT, "1284", 128400),
        (PIVOT, "-0.01", -1),
        (PIVOT, "0", 0),
        (ERP_A, "628,08", 62808),
        (ERP_A, "32,22-", -3222),
        (ERP_A, "-32,22", -3222),
        (ERP_A, "1 092,80", 109280),
        (ERP_A, "1\u00a0337,73-", -133773),
        (ERP_A, "-13\u202f664,16", -1366416),
        (ERP_A, "1092,80", 109280),
        (SUISSE, "1'234.50", 123450),
    ],
)
def test_un_montant_se_lit_au_centime(lire: Callable[[str], int], texte: str, centimes: int) -> None:
    assert lire(texte) == centimes


@pytest.mark.parametrize(
    "texte",
    [
        "NaN",
        "1_000",
        "1e3",
        "1.2E+03",
        "Infinity",
        "1,5",
        "1 000",
        "--1",
        "+1",
        "1.234",
        ".5",
        "5.",
        "١٢",
        "１２",
        "",
        "123456789012",
        "0x10",
        "=1+1",
        "1 .5",
        "½",
    ],
)
def test_le_pivot_refuse_ce_que_float_accepterait(texte: str) -> None:
    with pytest.raises(ValeurRefuseeError, match="montant illisible"):
        PIVOT(texte)


@pytest.mark.parametrize(
    "texte",
    [
        "#VALEUR!",
        "12,3,4",
        "1.2E+03",
        "",
        "-32,22-",
        "12 34,50",
        "1 0922,80",
        "1  092,80",
        " 092,80",
        "12,5",
        "12",
        "1\u00a0\u00a0092,80",
        "1.092,80",
        "٣,٥٠",
        "1 234 567 890 123,00",
    ],
)
def test_l_export_refuse_un_montant_abime(texte: str) -> None:
    with pytest.raises(ValeurRefuseeError, match="montant illisible") as refus:
        ERP_A(texte)
    assert refus.value.remede == "écrire le montant comme 1 234,56"


@pytest.mark.parametrize(
    ("texte", "jour"),
    [
        ("29/02/2020", date(2020, 2, 29)),
        ("07/05/89", date(1989, 5, 7)),
        ("07/05/49", date(2049, 5, 7)),
        ("07/05/50", date(1950, 5, 7)),
    ],
)
def test_une_date_se_lit_sur_deux_ou_quatre_chiffres(texte: str, jour: date) -> None:
    assert lecteur_date(["JJ/MM/AAAA", "JJ/MM/AA"], 50)(texte) == jour


@pytest.mark.parametrize(
    ("texte", "motif"),
    [
        ("31/02/2020", "date impossible"),
        ("30/13/2019", "date impossible"),
        ("00/00/0000", "date impossible"),
        ("29/02/2019", "date impossible"),
        ("2020", "date illisible"),
        ("1/2/2020", "date illisible"),
        ("2020-02-01", "date illisible"),
        ("०१/०२/2020", "date illisible"),
        ("01/01/0019", "année hors de portée"),
        ("01/01/9999", "année hors de portée"),
    ],
)
def test_une_date_abimee_est_refusee(texte: str, motif: str) -> None:
    with pytest.raises(ValeurRefuseeError, match=motif):
        lecteur_date(["JJ/MM/AAAA"], None)(texte)


def test_un_mois_se_lit_dans_le_format_du_profil() -> None:
    assert lecteur_periode(["MM/AAAA"])("04/2020") == "2020-04"
    assert lecteur_periode(["AAAAMM"])("202004") == "2020-04"


@pytest.mark.parametrize("texte", ["13/2020", "00/2020", "4/2020", "2020-04", "04/20", "04/0020"])
def test_un_mois_abime_est_refuse(texte: str) -> None:
    with pytest.raises(ValeurRefuseeError, match="mois illisible"):
        lecteur_periode(["MM/AAAA"])(texte)


@pytest.mark.parametrize("texte", ["0", "32", "-1", "1.0", "１", "1_0", " 5", "9999999999"])
def test_un_jour_d_echeance_est_entre_1_et_31(texte: str) -> None:
    with pytest.raises(ValeurRefuseeError):
        lecteur_entier(1, 31)(texte)
