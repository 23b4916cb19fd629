"""Expressions of a landlord: the same as Python's, and none holds a worker."""

import time
from itertools import count
from pathlib import Path

import pytest
from tests.connecteurs.exports.aides import ENTETE_PIVOT, PETIT_PROFIL

from maintien.connecteurs.exports import expressions
from maintien.connecteurs.exports.erreurs import ExportError, ExpressionTropLongueError, FichierRefuseError
from maintien.connecteurs.exports.expressions import Expression
from maintien.connecteurs.exports.fichiers import reconnait
from maintien.connecteurs.exports.lecture import LectureFichier
from maintien.connecteurs.exports.profil import analyse_profil

SANS_FIN = "(a|aa)+$"
PIEGE = "a" * 40 + "!"
JOURNAL = f"piece;compte;jour;code;montant\nP1;{PIEGE};2020-04-01;LOY;450.00\n"


@pytest.fixture(autouse=True)
def _borne(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expressions, "SECONDES", 0.05)


@pytest.mark.parametrize("methode", ["search", "fullmatch", "remove"])
def test_une_expression_sans_fin_s_arrete(methode: str) -> None:
    debut = time.process_time()

    with pytest.raises(ExpressionTropLongueError, match="cherche trop longtemps dans « a"):
        getattr(Expression(SANS_FIN), methode)(PIEGE)

    assert time.process_time() - debut < 5  # years without the bound


def test_l_exemple_des_manuels_repond_aussitot() -> None:
    """`(a+)+$` takes years with the standard library."""
    assert Expression("(a+)+$").search(PIEGE) is None


@pytest.mark.parametrize(
    "champ",
    [
        "{colonne: compte, motif: '(a|aa)+$'}",
        "{colonne: compte, extraire: '(a|aa)+$'}",
        "{colonne: compte, retirer: ['(a|aa)+$']}",
        "[{colonne: compte, si: {colonne: compte, motif: '(a|aa)+$'}}, {colonne: compte}]",
    ],
)
def test_un_profil_qui_ne_finit_pas_est_une_phrase(tmp_path: Path, champ: str) -> None:
    profil = analyse_profil("essai.yaml", PETIT_PROFIL.replace("{colonne: compte}", champ))
    chemin = tmp_path / "journal.csv"
    chemin.write_text(JOURNAL, encoding="utf-8")
    declare = reconnait(profil, chemin).declare

    with pytest.raises(FichierRefuseError) as refus:
        list(LectureFichier(chemin, profil, declare).lots())

    assert str(refus.value).startswith("journal.csv : ligne 2, l'expression « (a|aa)+$ » du profil cherche trop")


def test_une_ligne_a_ignorer_sans_fin_est_une_phrase(tmp_path: Path) -> None:
    ignorees = "    lignes_ignorees: [{motif: '(a|aa)+$', nom: titre}]\n    enregistrements:\n"
    profil = analyse_profil("essai.yaml", PETIT_PROFIL.replace("    enregistrements:\n", ignorees))
    chemin = tmp_path / "journal.csv"
    chemin.write_text(f"{PIEGE}\n{JOURNAL}", encoding="utf-8")

    with pytest.raises(FichierRefuseError, match="ligne 1, l'expression"):
        list(LectureFichier(chemin, profil, reconnait(profil, chemin).declare).lots())


def test_un_nom_de_fichier_sans_fin_est_une_phrase(tmp_path: Path) -> None:
    profil = analyse_profil("essai.yaml", PETIT_PROFIL.replace("'^journal.*[.]csv$'", f"'{SANS_FIN}'"))
    chemin = tmp_path / PIEGE
    chemin.write_text(ENTETE_PIVOT, encoding="utf-8")

    with pytest.raises(FichierRefuseError, match="cherche trop longtemps"):
        reconnait(profil, chemin)


def test_le_temps_se_regarde_entre_les_lignes_d_un_bloc(tmp_path: Path) -> None:
    """One second a line: a file of one block stops near its bound of 100 seconds, not after its thousand lines."""
    profil = analyse_profil("essai.yaml", PETIT_PROFIL + "limites: {secondes: 100}\n")
    chemin = tmp_path / "journal.csv"
    lignes = "".join(f"P{rang};C1;2020-04-01;LOY;450.00\n" for rang in range(5000))
    chemin.write_text("piece;compte;jour;code;montant\n" + lignes, encoding="utf-8")
    heure = count(0, 16)
    lecture = LectureFichier(chemin, profil, reconnait(profil, chemin).declare, horloge=lambda: next(heure))

    with pytest.raises(FichierRefuseError, match=r"a dépassé 100 secondes \(ligne 112\)"):
        list(lecture.lots())


@pytest.mark.parametrize("texte", ["(", "[a", "a**", "(?P<x>a)(?P<x>b)", r"\p{L}", "(?R)", "a{2i+1d<3}"])
def test_ce_que_python_refuse_est_refuse(texte: str) -> None:
    with pytest.raises(expressions.MAL_FORMEE):
        Expression(texte)


def test_une_approximation_n_est_pas_une_expression_de_profil() -> None:
    """What only the library knows (`a{e<=1}`, a letter more or less) means something else to a reader of Python."""
    with pytest.raises(ExportError, match="est mal formée ; vérifiez les parenthèses, les crochets et les accolades"):
        analyse_profil("essai.yaml", PETIT_PROFIL.replace("'^journal.*[.]csv$'", "'(?:journal){e<=1}'"))
