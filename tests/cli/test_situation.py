"""`maintien situation`: what it writes, what it says, its exit codes."""

import csv
import os
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet
import pytest
import typer
from tests.conftest import RACINE
from typer.testing import CliRunner, Result

from maintien.cli.situation import situation

pytestmark = pytest.mark.moteurs

BAUX = "reference_bail,reference_compte,date_entree,date_sortie,apl_mode\nB1,C1,2020-01-01,,bailleur\n"
ENTETE = (
    "reference_ecriture,reference_compte,date_comptable,date_valeur,date_exigibilite,periode,code,libelle,debit,credit,"
    "mode,reference_annulee,affectation\n"
)
LOYER = "E1,C1,2020-04-01,,2020-04-30,2020-04,LOY,LOYER,450.00,,,,\n"

app = typer.Typer(pretty_exceptions_enable=False)
app.command()(situation)


def _lancer(dossier: Path, *, ecritures: str = ENTETE + LOYER, baux: str = BAUX, **options: str) -> Result:
    (dossier / "baux.csv").write_text(baux, encoding="utf-8")
    (dossier / "ecritures.csv").write_text(ecritures, encoding="utf-8")
    return _lancer_sur(dossier, dossier, **options)


def _lancer_sur(entree: Path, dossier: Path, **options: str) -> Result:
    arguments = {
        "baux": str(entree / "baux.csv"),
        "ecritures": str(entree / "ecritures.csv"),
        "au": "2020-05-01",
        "sortie": str(dossier / "sortie.csv"),
        **options,
    }
    return CliRunner().invoke(app, [mot for nom, valeur in arguments.items() for mot in (f"--{nom}", valeur)])


def _lignes(sortie: Path) -> list[dict[str, str]]:
    with sortie.open(encoding="utf-8", newline="") as flux:
        return list(csv.DictReader(flux))


@pytest.mark.parametrize("moteur", ["coeur", "colonnes"])
@pytest.mark.parametrize(("dossier", "au"), [("pivot_reduit", "2020-10-31"), ("2027_reduit", "2027-04-30")])
def test_both_engines_reproduce_the_sample_to_the_byte(
    donnees_reduites: Path, tmp_path: Path, moteur: str, dossier: str, au: str
) -> None:
    entree = donnees_reduites / dossier

    resultat = _lancer_sur(entree, tmp_path, au=au, moteur=moteur)

    assert resultat.exit_code == 0
    assert resultat.stderr == ""
    assert (tmp_path / "sortie.csv").read_bytes() == (entree / f"attendu_{au}.csv").read_bytes()


@pytest.mark.parametrize("moteur", ["coeur", "colonnes"])
def test_entries_without_lease_are_listed_and_the_others_written(tmp_path: Path, moteur: str) -> None:
    autres = "E2,C2,2020-04-01,,,2020-04,LOY,,1.00,,,,\nE3,C2,2020-04-01,,,,PAI,,,1.00,,,\n"

    resultat = _lancer(tmp_path, ecritures=ENTETE + LOYER + autres, moteur=moteur)

    assert resultat.exit_code == 1
    assert resultat.stderr.splitlines() == [
        f"Écriture {reference} refusée : le compte C2 n'est dans aucun bail de {tmp_path / 'baux.csv'}."
        for reference in ("E2", "E3")
    ]
    lignes = _lignes(tmp_path / "sortie.csv")
    assert [(ligne["reference_compte"], ligne["solde"]) for ligne in lignes] == [("C1", "450.00")]


@pytest.mark.parametrize("moteur", ["coeur", "colonnes"])
def test_what_is_ignored_is_said_without_being_a_refusal(tmp_path: Path, moteur: str) -> None:
    """A malformed affectation, the same entry twice (nothing to say), another content under the same reference."""
    paiement = "E2,C1,2020-05-01,,,,PAI,,,100.00,,,avril\n"
    repetees = LOYER + paiement.replace("100.00", "90.00") + LOYER

    resultat = _lancer(tmp_path, ecritures=ENTETE + LOYER + paiement + repetees, moteur=moteur)

    assert resultat.exit_code == 0
    assert resultat.stderr.splitlines() == [
        "Écriture E2 : l'affectation « avril » est mal formée, elle est ignorée.",
        "Écriture E2 : livrée plusieurs fois avec des contenus différents, la première est gardée.",
    ]
    [ligne] = _lignes(tmp_path / "sortie.csv")
    assert ligne["dette_locative"] == "350.00"


@pytest.mark.parametrize(
    ("ecart", "attendu"),
    [
        ({"au": "2020-02-30"}, "--au : date illisible : « 2020-02-30 » ; écrire AAAA-MM-JJ, par exemple 2020-04-30."),
        ({"au": "20200501"}, "--au : date illisible : « 20200501 » ; écrire AAAA-MM-JJ, par exemple 2020-04-30."),
        (
            {"ecritures": ENTETE + LOYER.replace("450.00", "NaN")},
            "{dossier}/ecritures.csv, ligne 2, colonne « debit » : ",
        ),
        ({"baux": BAUX.replace("2020-01-01", "")}, "{dossier}/baux.csv, ligne 2, colonne « date_entree » : "),
        ({"baux": ""}, "{dossier}/baux.csv : le fichier est vide"),
        ({"sortie": "{dossier}/absent/sortie.csv"}, "{dossier}/absent/sortie.csv : le fichier ne peut pas être écrit"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_leaves_the_former_file(
    tmp_path: Path, ecart: dict[str, str], attendu: str
) -> None:
    (tmp_path / "sortie.csv").write_text("ancien", encoding="utf-8")
    options = {nom: valeur.format(dossier=tmp_path) if nom == "sortie" else valeur for nom, valeur in ecart.items()}

    resultat = _lancer(tmp_path, **options)

    assert resultat.exit_code == 2
    assert resultat.stdout == ""
    [phrase] = resultat.stderr.splitlines()
    assert phrase.startswith(attendu.format(dossier=tmp_path))
    assert (tmp_path / "sortie.csv").read_text(encoding="utf-8") == "ancien"
    assert list(tmp_path.glob(".*tmp")) == []


@pytest.mark.parametrize("entree", ["baux.csv", "ecritures.csv"])
def test_an_output_that_is_an_input_is_refused(tmp_path: Path, entree: str) -> None:
    (tmp_path / "lien.csv").symlink_to(tmp_path / entree)
    for sortie in (entree, "lien.csv"):
        resultat = _lancer(tmp_path, sortie=str(tmp_path / sortie))
        assert resultat.exit_code == 2
        assert "est aussi un fichier à lire ; donnez un autre nom" in resultat.stderr
    assert (tmp_path / "ecritures.csv").read_text(encoding="utf-8") == ENTETE + LOYER
    assert (tmp_path / "baux.csv").read_text(encoding="utf-8") == BAUX


def test_a_pipe_as_input_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "tube.csv")
    resultat = _lancer(tmp_path)
    assert resultat.exit_code == 0
    arguments = ["--baux", str(tmp_path / "tube.csv"), "--ecritures", str(tmp_path / "ecritures.csv")]
    resultat = CliRunner().invoke(app, [*arguments, "--au", "2020-05-01", "--sortie", str(tmp_path / "s.csv")])
    assert resultat.exit_code == 2
    assert "tube.csv : ce n'est pas un fichier ordinaire" in resultat.stderr


@pytest.mark.parametrize(
    ("redirection", "code", "phrase"),
    [
        (">/dev/full", 1, "La sortie n'a pas pu être écrite en entier (No space left on device)"),
        (">&-", 2, "La sortie standard est fermée, rien n'est fait"),
        ("2>&-", 0, ""),
        ("--moteur $(printf 'o\\377')", 2, r"L'argument 11 n'est pas en UTF-8 (o\udcff)"),
    ],
)
def test_an_output_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, redirection: str, code: int, phrase: str
) -> None:
    _lancer(tmp_path)
    commande = (
        f"{sys.executable} -m maintien.cli situation --baux {tmp_path}/baux.csv --ecritures {tmp_path}/ecritures.csv "
        f"--au 2020-05-01 --sortie {tmp_path}/s.csv {redirection}"
    )
    environnement = {**os.environ, "PYTHONPATH": str(RACINE / "src")}
    resultat = subprocess.run(
        ["/bin/sh", "-c", commande], env=environnement, capture_output=True, text=True, check=False
    )
    assert resultat.returncode == code
    assert resultat.stderr.startswith(phrase)
    assert len(resultat.stderr.splitlines()) == bool(phrase)


def test_a_parquet_output_has_exact_decimals(tmp_path: Path) -> None:
    resultat = _lancer(tmp_path, sortie=str(tmp_path / "sortie.parquet"))

    assert resultat.exit_code == 0
    [ligne] = pyarrow.parquet.read_table(tmp_path / "sortie.parquet").to_pylist()
    assert (ligne["solde"], ligne["date_plus_ancien"], ligne["mois_de_dette"], ligne["trois_termes_moyens"]) == (
        Decimal("450.00"),
        date(2020, 4, 30),
        Decimal("1.00"),
        False,
    )


@pytest.mark.parametrize("moteur", ["coeur", "colonnes"])
def test_a_reference_is_quoted_when_it_must_be(tmp_path: Path, moteur: str) -> None:
    baux = BAUX + 'B2,"C,2",2021-01-01,,\nB3,"C""3",2021-01-01,,\n'

    _lancer(tmp_path, baux=baux, moteur=moteur)

    lignes = (tmp_path / "sortie.csv").read_text(encoding="utf-8").splitlines()
    assert [ligne.split(",2020-05-01,")[0] for ligne in lignes[1:]] == ['"C""3"', '"C,2"', "C1"]


def test_a_small_file_loads_neither_django_nor_a_database_nor_the_compiler(tmp_path: Path) -> None:
    _lancer(tmp_path)
    programme = (
        "import sys; from maintien.cli.situation import situation; from pathlib import Path;"
        f"d = Path({str(tmp_path)!r});"
        "situation(d / 'baux.csv', d / 'ecritures.csv', '2020-05-01', d / 'sortie2.csv');"
        "assert not {'django', 'sqlite3', 'psycopg', 'numba'} & set(sys.modules)"
    )

    subprocess.run(
        [sys.executable, "-c", programme], check=True, env={**os.environ, "PYTHONPATH": str(RACINE / "src")}
    )

    assert (tmp_path / "sortie2.csv").read_bytes() == (tmp_path / "sortie.csv").read_bytes()
