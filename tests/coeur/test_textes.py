"""Les textes saisis."""

import pytest

from maintien.coeur.textes import texte_visible


@pytest.mark.parametrize(
    "cache", [*"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00\x1b\x85"]
)
def test_ce_qui_ne_se_voit_pas_s_en_va(cache: str) -> None:
    assert texte_visible(f"Doit {cache}001 €") == "Doit 001 €"


@pytest.mark.parametrize(
    "texte", ["", "Deux\nlignes\tet « 12,50\u202f€ »", "Zoë O’Brien", "محمد", "דוד", "👩\u200d👧"]
)
def test_ce_qui_se_lit_reste(texte: str) -> None:
    assert texte_visible(texte) == texte
