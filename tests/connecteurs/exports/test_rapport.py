"""The kept report."""

import csv
import io

import pytest

from maintien.connecteurs.exports.rapport import COLONNES, ecrit_rapport, neutralise


@pytest.mark.parametrize(
    "texte",
    [
        *("=1+1", "+33612345678", "-12,50", "@SUM(A1)", "\t=1", "\r=1", "\tA", "\n=1", " =1", "\u00a0=1", "\u202f+1"),
        *("\u2009-1", "\u200b=1", "\ufeff@x", "\u3000=1", "\u00a0\u202f \t=1", "\u202e=1", "\uff1d1", "\u2028=1"),
    ],
)
def test_une_formule_est_neutralisee(texte: str) -> None:
    assert neutralise(texte) == "'" + texte


@pytest.mark.parametrize("texte", ["", "LOYER", "12,50", "C00000001", "a=b", "\u202fa=b", " ", "é-1"])
def test_un_texte_ordinaire_reste_tel_quel(texte: str) -> None:
    assert neutralise(texte) == texte


def test_le_rapport_s_ouvre_dans_un_tableur() -> None:
    flux = io.StringIO()
    ecrit_rapport(flux, [("a.csv", 12, "Montant", "=cmd;1", 'montant « "x" »', "remède")])
    texte = flux.getvalue()
    assert texte.startswith("\ufefffichier;ligne;")
    lignes = list(csv.reader(io.StringIO(texte.lstrip("\ufeff")), delimiter=";"))
    assert lignes == [list(COLONNES), ["a.csv", "12", "Montant", "'=cmd;1", 'montant « "x" »', "remède"]]
