"""The sentence of the control totals agrees in number."""

import pytest

from maintien.connecteurs.exports.controle import Controle


@pytest.mark.parametrize(
    ("lues", "annoncees", "phrase"),
    [
        (2, 1, "Le fichier annonce 1 ligne, 2 ont été lues : il en manque ou il y en a trop"),
        (1, 2, "Le fichier annonce 2 lignes, 1 a été lue : il en manque ou il y en a trop"),
        (0, 1, "Le fichier annonce 1 ligne, 0 a été lue : il en manque ou il y en a trop"),
    ],
)
def test_le_nombre_de_lignes_s_accorde(lues: int, annoncees: int, phrase: str) -> None:
    controle = Controle(nb_annonce=annoncees)
    for ligne in range(lues):
        controle.ajoute(ligne + 2, 450_00)

    assert controle.phrase().startswith(phrase)


@pytest.mark.parametrize(
    ("illisibles", "fin"),
    [
        (1, "(ligne 2) ; à vérifier."),
        (10, "10, 11) ; à vérifier."),
        (11, "10, 11, et 1 autre) ; à vérifier."),
        (12, "10, 11, et 2 autres) ; à vérifier."),
    ],
)
def test_les_lignes_citees_s_accordent(illisibles: int, fin: str) -> None:
    controle = Controle(total_annonce_centimes=450_00)
    for ligne in range(illisibles):
        controle.ajoute(ligne + 2, None)

    assert controle.phrase().endswith(fin)
