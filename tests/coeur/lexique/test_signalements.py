"""Les mots à relire : ceux qui doivent l'être, ceux qui ne doivent pas arrêter, et les propriétés du repliement."""

import time
import unicodedata
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from maintien.coeur.lexique.decoupe import mots, replier
from maintien.coeur.lexique.lexique import lexique, lire_lexique
from maintien.coeur.lexique.signalements import signalements

PHRASES = yaml.safe_load(Path(__file__).with_name("phrases.yaml").read_text(encoding="utf-8"))
ORDINAIRES: list[str] = PHRASES["ordinaires"]
A_RELIRE: list[list[str]] = PHRASES["a_relire"]


def _mots(texte: str) -> list[str]:
    return [s.mot for s in signalements(texte)]


@pytest.mark.parametrize("phrase", ORDINAIRES)
def test_une_phrase_du_metier_n_arrete_pas(phrase: str) -> None:
    assert _mots(phrase) == []


@pytest.mark.parametrize(("phrase", "categories"), [(phrase, suite) for phrase, *suite in A_RELIRE])
def test_une_phrase_a_relire_dit_pourquoi(phrase: str, categories: list[str]) -> None:
    assert [s.categorie for s in signalements(phrase)] == categories


def test_assez_de_phrases_ordinaires_pour_que_la_mesure_dise_quelque_chose() -> None:
    assert len(ORDINAIRES) >= 110
    assert len(set(ORDINAIRES)) == len(ORDINAIRES)
    assert {c for _, *suite in A_RELIRE for c in suite} == set(lexique().categories)


def test_la_place_est_celle_du_mot_dans_le_texte_saisi() -> None:
    texte = "Vu M. Petit.\nIl dit être dépressif, à l’arrêt."

    [trouve] = signalements(texte)

    assert (trouve.debut, trouve.fin, trouve.mot) == (25, 34, "dépressif")
    assert (trouve.categorie, trouve.classe) == ("sante", "psychisme")


def test_accents_casse_pluriel_et_ligatures_ne_comptent_pas() -> None:
    assert _mots("ALCOOLIQUES, alcoolique, Alcoolique") == ["ALCOOLIQUES", "alcoolique", "Alcoolique"]
    assert _mots("problème de cœur") == ["problème de cœur"]
    assert _mots(unicodedata.normalize("NFD", "Hémiplégique et épileptique")) == [
        unicodedata.normalize("NFD", "épileptique")
    ]


def test_un_mot_dans_un_autre_n_est_pas_ce_mot() -> None:
    assert _mots("Conseil, contrat, secteur, violation, raconte, pédestre, arabesque, continent") == []


def test_un_sigle_ne_vaut_qu_en_majuscules() -> None:
    assert _mots("IVG") == ["IVG"]
    assert _mots("ivg, toc toc") == []


def test_le_terme_le_plus_long_l_emporte() -> None:
    assert _mots("Tentatives de suicide") == ["Tentatives de suicide"]


def test_une_expression_permise_ne_couvre_que_ses_mots() -> None:
    assert _mots("Allocation adulte handicapé, mais il est handicapé") == ["handicapé"]


def test_un_nom_ne_l_est_qu_apres_une_civilite_ou_un_lieu() -> None:
    assert _mots("Mme Gay") == []
    assert _mots("Gay") == ["Gay"]
    assert _mots("mme est folle") == ["folle"]


@given(st.text(max_size=400))
def test_les_places_tombent_dans_le_texte_sans_se_chevaucher(texte: str) -> None:
    fin = 0
    for trouve in signalements(texte):
        assert fin <= trouve.debut < trouve.fin <= len(texte)
        assert texte[trouve.debut : trouve.fin] == trouve.mot
        fin = trouve.fin


@given(st.lists(st.sampled_from([p for p, *_ in A_RELIRE] + ORDINAIRES), max_size=6))
def test_majuscules_retirees_ou_accents_decomposes_ne_cachent_rien(phrases: list[str]) -> None:
    """Replier d'avance un texte ne fait rien perdre ; seuls des noms et des sigles changent, dans un sens connu."""
    texte = "\n".join(phrases)
    decompose = unicodedata.normalize("NFD", texte)

    assert [replier(m) for m in _mots(decompose)] == [replier(m) for m in _mots(texte)]


@given(st.text(max_size=200))
def test_replier_deux_fois_ne_change_rien(texte: str) -> None:
    assert replier(replier(texte)) == replier(texte)
    assert [m.origine for m in mots(texte)] == [texte[m.debut : m.fin] for m in mots(texte)]


@pytest.mark.parametrize(
    "motif", ["a", "alcool ", "problemes de ", "a.", "maison departementale des ", "é̀", "rue de "]
)
def test_un_long_texte_se_lit_vite(motif: str) -> None:
    texte = motif * (100_000 // len(motif))

    debut = time.perf_counter()
    signalements(texte)

    # Quelques dixièmes ici ; une recherche qui croît comme le carré du texte prendrait des minutes.
    assert time.perf_counter() - debut < 5


def test_chaque_categorie_dit_pourquoi_et_quoi_ecrire() -> None:
    for categorie in lexique().categories.values():
        assert "RGPD" in categorie.source
        assert categorie.pourquoi.endswith(".")
        # Ce qui est conseillé ne doit pas arrêter à son tour.
        assert _mots(categorie.a_la_place) == []


@pytest.mark.parametrize(
    ("terme", "faute"),
    [("Folle", "minuscules"), ("fo*", "trop court"), ("fou|", "un mot manque"), ("alcool", "deux fois")],
)
def test_un_terme_douteux_est_refuse(terme: str, faute: str) -> None:
    texte = (
        "version: x\ndu: 2026-01-01\npermis: []\nnoms: {civilites: [], lieux: [], liaisons: []}\n"
        "categories:\n  c: {libelle: l, source: s, pourquoi: p, a_la_place: a, "
        f"classes: {{k: [alcool, '{terme}']}}}}\n"
    )

    with pytest.raises(ValueError, match=faute):
        lire_lexique(texte)
