"""Les annulations : conventions C3."""

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from maintien.coeur.compte.annulations import retirer_annulees
from maintien.coeur.compte.ecritures import Ecriture


def _e(reference: str, montant: int, jour: int, annulee: str = "") -> Ecriture:
    return Ecriture(
        reference=reference,
        compte="C1",
        date_comptable=date(2026, 9, jour),
        debit_centimes=max(montant, 0),
        credit_centimes=max(-montant, 0),
        reference_annulee=annulee,
    )


def _restent(*ecritures: Ecriture) -> str:
    """Les références conservées, les mêmes dans tous les ordres de livraison."""
    resultats = {
        " ".join(sorted(e.reference for e in retirer_annulees(ordre).conservees)) for ordre in permutations(ecritures)
    }
    assert len(resultats) == 1, "l'ordre des lignes a changé le résultat"
    return resultats.pop()


def test_un_rejet_et_son_paiement_se_retirent() -> None:
    retenues = retirer_annulees([_e("pai", -450, 5), _e("rej", 450, 8, "pai")])

    assert retenues.conservees == ()
    assert [(a.annulante.reference, a.annulee.reference) for a in retenues.annulations] == [("rej", "pai")]


@pytest.mark.parametrize("reference", ["aaa", "pai2", "zzz"])
def test_annuler_une_annulation_rend_la_premiere(reference: str) -> None:
    assert _restent(_e("pai", -450, 5), _e("rej", 450, 8, "pai"), _e(reference, -450, 8, "rej")) == "pai"


def test_une_chaine_de_trois_annulations_annule_a_nouveau() -> None:
    assert _restent(_e("a", -450, 8), _e("b", 450, 8, "a"), _e("c", -450, 8, "b"), _e("d", 450, 8, "c")) == ""


def test_une_annulation_saisie_avant_sa_cible_compte_aussi() -> None:
    assert _restent(_e("pai", -450, 9), _e("rej", 450, 3, "pai")) == ""


@pytest.mark.parametrize("cible", ["inconnue", "", "rej"])
def test_une_cible_inconnue_ou_soi_meme_n_annule_rien(cible: str) -> None:
    assert _restent(_e("pai", -450, 5), _e("rej", 450, 8, cible)) == "pai rej"


@pytest.mark.parametrize("montant", [452, 448, -450])
def test_un_montant_qui_n_est_pas_l_oppose_n_annule_rien(montant: int) -> None:
    assert _restent(_e("pai", -450, 5), _e("rej", montant, 8, "pai")) == "pai rej"


def test_de_deux_annulations_la_plus_tardive_prend_la_cible() -> None:
    assert _restent(_e("pai", -450, 5), _e("rej1", 450, 8, "pai"), _e("rej2", 450, 9, "pai")) == "rej1"


def test_le_meme_jour_la_plus_grande_reference_est_la_plus_tardive() -> None:
    assert _restent(_e("pai", -450, 5), _e("rej10", 450, 8, "pai"), _e("rej9", 450, 8, "pai")) == "rej10"


def test_la_plus_tardive_qui_ne_convient_pas_laisse_la_place() -> None:
    assert _restent(_e("pai", -450, 5), _e("rej1", 450, 8, "pai"), _e("rej2", 452, 9, "pai")) == "rej2"


def test_la_plus_tardive_annulee_laisse_la_place() -> None:
    assert _restent(_e("pai", -450, 5), _e("r1", 450, 8, "pai"), _e("r2", 450, 9, "pai"), _e("x", -450, 7, "r2")) == ""


def test_la_plus_tardive_qu_on_n_a_pas_su_annuler_garde_sa_place() -> None:
    # x ne peut annuler r2 (montants différents) : r2 reste la plus tardive, bien que x soit saisie avant r1.
    restent = _restent(_e("pai", -450, 5), _e("r1", 450, 8, "pai"), _e("r2", 450, 9, "pai"), _e("x", -440, 6, "r2"))

    assert restent == "r1 x"


def test_une_boucle_de_deux_se_retire() -> None:
    assert _restent(_e("a", -450, 5, "b"), _e("b", 450, 8, "a")) == ""


def test_une_boucle_de_trois_part_de_la_plus_tardive() -> None:
    # c, la plus tardive, vise a de même signe : rien. Puis b vise c et la retire ; a vise b, déjà retirée.
    assert _restent(_e("a", -450, 5, "b"), _e("b", 450, 6, "c"), _e("c", -450, 7, "a")) == "a"


def test_une_annulation_exterieure_passe_avant_la_boucle() -> None:
    # x retire a ; la boucle n'a plus de a : b reste debout.
    assert _restent(_e("a", -450, 5, "b"), _e("b", 450, 8, "a"), _e("x", 450, 6, "a")) == "b"


def test_mille_annulations_en_chaine_se_traitent() -> None:
    chaine = [_e("0", -450, 1)] + [_e(str(n), 450 if n % 2 else -450, 1, str(n - 1)) for n in range(1, 2001)]

    assert [e.reference for e in retirer_annulees(chaine).conservees] == ["0"]


def test_les_ecritures_sans_annulation_ressortent_telles_quelles() -> None:
    ecritures = [_e("b", 450, 5), replace(_e("a", -450, 8), code="PAI")]

    assert retirer_annulees(ecritures).conservees == tuple(ecritures)
