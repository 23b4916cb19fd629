"""Le lecteur YAML commun aux règles et aux profils : ce qu'il refuse, et ce qu'il ne devine pas."""

from datetime import date

import pytest
import yaml

from maintien.coeur.yaml_strict import ChargeurStrict


def _lire(texte: str) -> object:
    return yaml.load(texte, ChargeurStrict)  # noqa: S506 - celui que l'on éprouve


def test_une_table_ordinaire_se_lit_avec_ses_dates_et_ses_nombres() -> None:
    assert _lire("du: 2026-11-25\nordre: 10\nsi: {predicat: x}") == {
        "du": date(2026, 11, 25),
        "ordre": 10,
        "si": {"predicat": "x"},
    }


@pytest.mark.parametrize(
    ("texte", "probleme", "ligne"),
    [
        ("a: 1\nb: 2\na: 3", "doublon a", 3),
        ("x:\n  a: 1\n  a: 1", "doublon a", 3),
        ("5: 1", "clé 5", 1),
        ("2026-01-01: 1", "clé 2026-01-01", 1),
        ("a: &x [1]\nb: *x", "renvoi", 1),
        ("a: 1\nb: *x", "renvoi", 2),
    ],
)
def test_ce_qui_n_est_pas_strict_est_refuse_a_sa_ligne(texte: str, probleme: str, ligne: int) -> None:
    with pytest.raises(yaml.MarkedYAMLError) as refus:
        _lire(texte)

    assert refus.value.problem == probleme
    assert refus.value.problem_mark is not None
    assert refus.value.problem_mark.line + 1 == ligne


def test_une_fusion_est_refusee() -> None:
    """« << » ferait entrer dans une règle des clés que personne n'y lit."""
    with pytest.raises(yaml.MarkedYAMLError):
        _lire("<<: {a: 1}\nb: 2")
