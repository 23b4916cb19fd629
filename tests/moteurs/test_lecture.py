"""Reading pivot files: strict, and each refusal in one sentence that says where and what to do."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

from maintien.connecteurs.fictif import ecrire_parquet, ecrire_pivot, engendrer
from maintien.moteurs.colonnes.lecture import LectureError, lire_baux, lire_ecritures
from maintien.moteurs.colonnes.schemas import SCHEMA_BAUX, SCHEMA_ECRITURES, normaliser

pytestmark = pytest.mark.moteurs

ENTETE = (
    "reference_ecriture,reference_compte,date_comptable,date_valeur,date_exigibilite,periode,code,libelle,debit,credit,"
    "mode,reference_annulee,affectation\n"
)
_CURE_COLONNES = "extraire de nouveau cette ligne, ou mettre entre guillemets les textes qui contiennent une virgule."
BONNE = "E1,C1,2020-04-01,,2020-04-30,2020-04,LOY,LOYER,450.00,,,,\n"


def _lire(tmp_path: Path, contenu: str | bytes) -> Any:
    chemin = tmp_path / "ecritures.csv"
    chemin.write_bytes(contenu if isinstance(contenu, bytes) else contenu.encode("utf-8"))
    return lire_ecritures(chemin)


def _refus(tmp_path: Path, contenu: str | bytes) -> str:
    with pytest.raises(LectureError) as refus:
        _lire(tmp_path, contenu)
    return str(refus.value).removeprefix(f"{tmp_path}/")


def test_a_line_becomes_a_row(tmp_path: Path) -> None:
    paiement = "E2,C1,2020-05-04,2020-05-02,,,PAI,CB,,12.5,carte,E1,2020-04|2020-03\n"

    table = _lire(tmp_path, ENTETE + BONNE + paiement)

    assert table.schema.equals(SCHEMA_ECRITURES)
    assert [tuple(ligne.values()) for ligne in table.to_pylist()] == [
        ("E1", "C1", date(2020, 4, 1), None, date(2020, 4, 30), 24243, "LOY", 45000, 0, "", "", 0),
        ("E2", "C1", date(2020, 5, 4), date(2020, 5, 2), None, None, "PAI", 0, 1250, "E1", "2020-04|2020-03", 1),
    ]


@pytest.mark.parametrize(
    "contenu",
    [
        ENTETE.replace("\n", "\r\n") + BONNE.replace("\n", "\r\n"),
        "\ufeff" + ENTETE + BONNE,
        ENTETE + BONNE.removesuffix("\n"),
        "\n" + ENTETE + "\n" + BONNE + "\n\n",
        ENTETE + BONNE + ",,,,,,,,,,,,\n",
        ENTETE + BONNE.replace("LOYER", '"LOYER, ""avril"""').replace("C1", '"C1"'),
        ENTETE + BONNE.replace("E1,C1,", " E1,C1 \u00a0,").replace("LOY,", " LOY ,"),
        "autre,libelle,libelle," + ENTETE + "x,,," + BONNE,
    ],
    ids=["crlf", "bom", "last line open", "blank lines", "empty cells", "quotes", "spaces around", "other columns"],
)
def test_what_changes_nothing_is_accepted(tmp_path: Path, contenu: str) -> None:
    assert _lire(tmp_path, contenu).equals(_lire(tmp_path, ENTETE + BONNE))


def test_accents_written_in_two_ways_are_one_account(tmp_path: Path) -> None:
    table = _lire(
        tmp_path, ENTETE + BONNE.replace("C1", "É1") + BONNE.replace("C1", "E\u03011").replace("E1", "e\u0301")
    )

    assert table.column("reference_compte").to_pylist() == ["É1", "É1"]
    assert table.column("reference_ecriture").to_pylist() == ["E1", "é"]


@pytest.mark.parametrize(
    ("colonne", "valeur"),
    [
        ("debit", "NaN"),
        ("debit", "1_000"),
        ("debit", "1 000.00"),
        ("debit", "1e3"),
        ("debit", "450,00".replace(",", ";")),
        ("debit", "٤٥٠"),
        ("debit", "450.001"),
        ("debit", ".50"),
        ("debit", "+450"),
        ("debit", "=1+1"),
        ("debit", "inf"),
        ("debit", "123456789012"),
        ("date_comptable", "20200401"),
        ("date_comptable", "2020-4-1"),
        ("date_comptable", "01/04/2020"),
        ("date_comptable", "2020-04-31"),
        ("date_comptable", "2020-W14-3"),
        ("date_comptable", "２０２０-04-01"),
        ("date_comptable", "2020-04-01T00:00:00"),
        ("date_exigibilite", "2019-02-29"),
        ("date_valeur", "0000-01-01"),
        ("periode", "2020-13"),
        ("periode", "202004"),
        ("periode", "0000-01"),
    ],
)
def test_a_value_that_is_not_exactly_right_is_refused(tmp_path: Path, colonne: str, valeur: str) -> None:
    valeurs = dict(zip(ENTETE.strip().split(","), BONNE.strip().split(","), strict=True))
    ligne = ",".join({**valeurs, colonne: valeur}.values()) + "\n"

    refus = _refus(tmp_path, ENTETE + BONNE.replace("E1", "E0") + ligne)

    assert refus.startswith(f"ecritures.csv, ligne 3, colonne « {colonne} » : ")
    assert f"illisible : « {valeur} » ; écrire " in refus
    assert "\n" not in refus


@pytest.mark.parametrize(
    ("ligne", "attendu"),
    [
        (BONNE.replace("E1", ""), "colonne « reference_ecriture » : valeur absente ; compléter la ligne."),
        (BONNE.replace("C1", ""), "colonne « reference_compte » : valeur absente ; compléter la ligne."),
        (BONNE.replace("2020-04-01", ""), "colonne « date_comptable » : valeur absente ; compléter la ligne."),
        (BONNE.replace("LOY,", ","), "colonne « code » : valeur absente ; compléter la ligne."),
        (BONNE.replace("450.00", ""), "colonne « debit » : ni débit ni crédit ; remplir l'un des deux."),
        (
            BONNE.replace("450.00,", "450.00,450.00"),
            "colonne « debit » : débit et crédit sur la même ligne ; ne garder que l'un des deux.",
        ),
    ],
)
def test_an_incomplete_line_is_refused(tmp_path: Path, ligne: str, attendu: str) -> None:
    assert _refus(tmp_path, ENTETE + BONNE.replace("E1", "E0") + ligne) == f"ecritures.csv, ligne 3, {attendu}"


def test_the_first_fault_of_the_file_is_named_whatever_its_column(tmp_path: Path) -> None:
    premiere, seconde = BONNE.replace("450.00", "x"), BONNE.replace("2020-04-01", "y")

    assert _refus(tmp_path, ENTETE + "\n" + BONNE + "\n" + premiere + seconde).startswith(
        "ecritures.csv, ligne 5, colonne « debit » : montant illisible : « x » ; écrire"
    )


@pytest.mark.parametrize(
    ("contenu", "attendu"),
    [
        (
            ENTETE + BONNE.replace("LOYER", '"LOYER') + BONNE * 3,
            "ligne 2 : guillemet mal placé ou jamais fermé ; doubler chaque guillemet à l'intérieur d'un champ.",
        ),
        (
            ENTETE + BONNE + BONNE.replace("LOYER", 'LOYER "T3"'),
            "ligne 3 : guillemet mal placé ou jamais fermé ; doubler chaque guillemet à l'intérieur d'un champ.",
        ),
        (
            ENTETE + BONNE + "E2,C1,2020-04-01\n",
            f"ligne 3 : 3 colonnes au lieu de 13 ; {_CURE_COLONNES}",
        ),
        (
            ENTETE + BONNE.replace("LOYER", "LOYER, CHARGES"),
            f"ligne 2 : 14 colonnes au lieu de 13 ; {_CURE_COLONNES}",
        ),
        (
            (ENTETE + BONNE.replace("LOYER", "RÉGUL")).encode("cp1252"),
            "ligne 2 : octet 0xC9 illisible en UTF-8 ; enregistrer le fichier en UTF-8.",
        ),
        (
            ENTETE + BONNE + BONNE.replace("LOYER", "LO\0YER"),
            "ligne 3 : caractère de contrôle (code 0) ; le supprimer dans le logiciel d'origine.",
        ),
        (
            ENTETE + BONNE.replace("LOYER", "LO\rYER"),
            "ligne 2 : un retour chariot est seul au milieu de la ligne ; terminer les lignes par LF ou par CR LF.",
        ),
        (
            ENTETE.replace("debit", "credit") + BONNE,
            "ligne 1, colonne « debit » : la colonne manque ; l'ajouter au fichier. Colonnes lues : "
            + ENTETE.replace("debit", "credit").strip().replace(",", ", ")
            + ".",
        ),
        (
            ENTETE.replace("libelle", "debit") + BONNE,
            "ligne 1, colonne « debit » : la colonne est deux fois dans l'en-tête ; renommer l'une.",
        ),
    ],
    ids=["open quote", "quote inside", "short", "long", "encoding", "control", "lone cr", "column", "column twice"],
)
def test_a_damaged_file_is_refused_with_its_cure(tmp_path: Path, contenu: str | bytes, attendu: str) -> None:
    separateur = " : " if not attendu.startswith("ligne") else ", "
    assert _refus(tmp_path, contenu) == f"ecritures.csv{separateur}{attendu}"


@pytest.mark.parametrize("contenu", [b"", b"\n\n", "\ufeff".encode()])
def test_an_empty_file_is_refused(tmp_path: Path, contenu: bytes) -> None:
    assert _refus(tmp_path, contenu) == "ecritures.csv : le fichier est vide ; relancer l'extraction."


def test_a_file_with_its_header_alone_has_no_entry(tmp_path: Path) -> None:
    assert len(_lire(tmp_path, ENTETE)) == 0


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LectureError, match="ne peut pas être lu ; vérifier son chemin et ses droits"):
        lire_ecritures(tmp_path / "absent.csv")


def test_a_fault_is_found_beyond_the_first_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("maintien.moteurs.colonnes.lecture.texte._BLOC", 100)
    lignes = [BONNE.replace("E1", f"É{rang}") for rang in range(400)]

    assert len(_lire(tmp_path, ENTETE + "".join(lignes))) == 400
    lignes[357] = lignes[357].replace("LOYER", '"')
    assert _refus(tmp_path, ENTETE + "".join(lignes)).startswith("ecritures.csv, ligne 359 : guillemet")


def test_leases_are_read_with_the_same_strictness(tmp_path: Path) -> None:
    chemin = tmp_path / "baux.csv"
    entete = "reference_bail,reference_compte,date_entree,date_sortie,apl_mode\n"
    chemin.write_text(entete + "B1,C1,2020-01-01,9999-12-31,locataire\nB2,C1,2020-02-01,,\n", encoding="utf-8")

    assert lire_baux(chemin).to_pylist() == [
        dict(zip(SCHEMA_BAUX.names, ("B1", "C1", date(2020, 1, 1), date(9999, 12, 31), "locataire"), strict=True)),
        dict(zip(SCHEMA_BAUX.names, ("B2", "C1", date(2020, 2, 1), None, "sans"), strict=True)),
    ]
    chemin.write_text(entete + "B1,C1,2020-01-01,,Locataire\n", encoding="utf-8")
    with pytest.raises(LectureError, match=r"colonne « apl_mode » : valeur inconnue : « Locataire » ; écrire"):
        lire_baux(chemin)


def _parquet(tmp_path: Path, **colonnes: Any) -> Path:
    base = {
        "reference_ecriture": ["E1"],
        "reference_compte": ["C1"],
        "date_comptable": ["2020-04-01"],
        "date_valeur": pa.array([None], pa.date32()),
        "date_exigibilite": pa.array([date(2020, 4, 30)], pa.date32()),
        "periode": ["2020-04"],
        "code": pa.array(["LOY"]).dictionary_encode(),
        "debit": ["450.00"],
        "credit": pa.array([None], pa.string()),
        "reference_annulee": pa.array([None], pa.string()),
        "affectation": [""],
    }
    chemin = tmp_path / "ecritures.parquet"
    pa.parquet.write_table(pa.table({**base, **colonnes}), chemin)
    return chemin


@pytest.mark.parametrize(
    "colonnes",
    [
        {},
        {"debit": [Decimal("450.00")]},
        {"debit": [Decimal(450)]},
        {"debit": [45_000], "credit": [0], "periode": pa.array([2020 * 12 + 3], pa.int32())},
        {"date_comptable": [date(2020, 4, 1)], "ordre": [0]},
    ],
    ids=["texts", "decimals", "whole decimals", "centimes", "dates"],
)
def test_parquet_gives_what_csv_gives(tmp_path: Path, colonnes: dict[str, Any]) -> None:
    assert lire_ecritures(_parquet(tmp_path, **colonnes)).equals(_lire(tmp_path, ENTETE + BONNE))


def test_a_floating_point_amount_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LectureError, match=r"ligne 1, colonne « debit » : les valeurs sont de type double"):
        lire_ecritures(_parquet(tmp_path, debit=[450.0]))


def test_a_damaged_parquet_file_is_refused(tmp_path: Path) -> None:
    chemin = _parquet(tmp_path)
    chemin.write_bytes(chemin.read_bytes()[:-30])

    with pytest.raises(LectureError, match="ce fichier Parquet est abîmé ou incomplet ; l'écrire de nouveau"):
        lire_ecritures(chemin)


def test_csv_and_parquet_of_a_portfolio_are_read_alike(tmp_path: Path) -> None:
    portefeuille = engendrer(80, 5, 2025 * 12, date(2026, 11, 18))
    ecrire_pivot(portefeuille, tmp_path)
    ecrire_parquet(portefeuille, tmp_path)

    attendues = normaliser(portefeuille.ecritures, SCHEMA_ECRITURES)
    assert lire_ecritures(tmp_path / "ecritures.csv").equals(attendues.combine_chunks())
    assert lire_ecritures(tmp_path / "ecritures.parquet").equals(attendues.combine_chunks())
    assert lire_baux(tmp_path / "baux.csv").equals(lire_baux(tmp_path / "baux.parquet"))


_MOIS_NOMBRE = "24318 pour juillet 2026"
_ONZE = "onze chiffres d'euros au plus"
_ANNEES = "années 1 à 9999"


@pytest.mark.parametrize(
    ("colonnes", "ou", "cure"),
    [
        ({"periode": pa.array([202607], pa.int32())}, "periode", _MOIS_NOMBRE),
        ({"periode": pa.array([-1], pa.int32())}, "periode", _MOIS_NOMBRE),
        ({"periode": pa.array([120000], pa.int32())}, "periode", _MOIS_NOMBRE),
        ({"debit": pa.array([2**63 - 1], pa.int64())}, "debit", _ONZE),
        ({"debit": pa.array([10**13], pa.int64())}, "debit", _ONZE),
        ({"debit": pa.array([-(2**63)], pa.int64())}, "debit", _ONZE),
        ({"debit": pa.array([Decimal("9" * 36 + ".99")], pa.decimal128(38, 2))}, "debit", _ONZE),
        ({"debit": pa.array([Decimal("9" * 60 + ".99")], pa.decimal256(70, 2))}, "debit", _ONZE),
        ({"debit": pa.array([Decimal("9" * 19)], pa.decimal128(19, 0))}, "debit", _ONZE),
        ({"debit": pa.array([Decimal(100_000_000_000)], pa.decimal128(21, 2))}, "debit", _ONZE),
        ({"date_comptable": pa.array([2**31 - 1], pa.int32()).cast(pa.date32())}, "date_comptable", _ANNEES),
        ({"date_exigibilite": pa.array([-(2**31)], pa.int32()).cast(pa.date32())}, "date_exigibilite", _ANNEES),
        # 1er janvier 10000.
        ({"date_valeur": pa.array([2932897], pa.int32()).cast(pa.date32())}, "date_valeur", _ANNEES),
    ],
)
def test_a_typed_value_that_no_text_could_give_is_refused(
    tmp_path: Path, colonnes: dict[str, Any], ou: str, cure: str
) -> None:
    with pytest.raises(LectureError, match=f"ecritures.parquet, ligne 1, colonne « {ou} » : .*{cure}"):
        lire_ecritures(_parquet(tmp_path, **colonnes))


@pytest.mark.parametrize(
    "debit",
    [
        pa.array([Decimal("99999999999.99")], pa.decimal128(38, 2)),
        pa.array([Decimal("99999999999.99")], pa.decimal256(70, 2)),
        pa.array([9_999_999_999_999], pa.int64()),
    ],
)
def test_the_greatest_amount_is_read_from_each_type(tmp_path: Path, debit: Any) -> None:
    assert lire_ecritures(_parquet(tmp_path, debit=debit)).column("debit").to_pylist() == [9_999_999_999_999]


def test_the_first_and_last_months_are_read_as_numbers(tmp_path: Path) -> None:
    for mois in (12, 119_999):
        lue = lire_ecritures(_parquet(tmp_path, periode=pa.array([mois], pa.int32())))
        assert lue.column("periode").to_pylist() == [mois]


def test_the_dates_of_a_lease_have_the_same_bounds(tmp_path: Path) -> None:
    bail = {"reference_bail": ["B1"], "reference_compte": ["C1"], "date_sortie": [""], "apl_mode": ["sans"]}
    chemin = tmp_path / "baux.parquet"
    jour = pa.array([2**31 - 1], pa.int32()).cast(pa.date32())
    pa.parquet.write_table(pa.table({**bail, "date_entree": jour}), chemin)
    with pytest.raises(LectureError, match="ligne 1, colonne « date_entree » : date hors du calendrier"):
        lire_baux(chemin)
