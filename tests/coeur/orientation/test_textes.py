"""Les textes de règles : des noms seuls, des valeurs en français, jamais une expression."""

from datetime import date

import pytest
from tests.coeur.orientation.outils import menage
from tests.coeur.orientation.test_propositions_cas import ordinaire

from maintien.coeur.orientation.canaux import contact
from maintien.coeur.orientation.delais import avant_le
from maintien.coeur.orientation.motifs_rejet import code_du_libelle, conduite, libelle_du_motif
from maintien.coeur.orientation.regles import Avant
from maintien.coeur.orientation.textes import (
    Mois,
    Montant,
    Quantite,
    TexteInvalideError,
    Valeur,
    choisir,
    json_valeur,
    noms_du_texte,
    rendre,
    texte_valeur,
)


@pytest.mark.parametrize(
    ("valeur", "texte"),
    [
        (Montant(128_450), "1 284,50 €"),
        (Mois(2026 * 12 + 9), "octobre 2026"),
        (Quantite(1, "fois", "fois", is_feminin=True), "une fois"),
        (Quantite(2, "an", "ans"), "deux ans"),
        (Quantite(0, "mois", "mois"), "zéro mois"),
        (Quantite(1, "terme", "termes"), "un terme"),
        (Quantite(11, "mois", "mois"), "11 mois"),
        (date(2026, 10, 1), "1er octobre 2026"),
        ("provision insuffisante", "provision insuffisante"),
    ],
)
def test_chaque_valeur_s_ecrit_en_francais(valeur: Valeur, texte: str) -> None:
    assert ordinaire(texte_valeur(valeur)) == texte


def test_une_valeur_se_relit_par_une_machine() -> None:
    assert json_valeur(Montant(45_000)) == {"genre": "montant", "valeur": 45_000, "texte": "450,00\u00a0€"}
    assert json_valeur(date(2026, 10, 5)) == {"genre": "date", "valeur": "2026-10-05", "texte": "5 octobre 2026"}
    assert json_valeur(Mois(2026 * 12 + 9)) == {"genre": "mois", "valeur": "2026-10", "texte": "octobre 2026"}
    assert json_valeur(Quantite(2, "an", "ans"))["valeur"] == 2


@pytest.mark.parametrize(
    "texte",
    ["{a.b}", "{a[0]}", "{a!r}", "{a:>10}", "{}", "{0}", "{A}", "{a b}", "{", "}", "{a", "{a.__class__.__mro__}"],
)
def test_rien_d_autre_qu_un_nom_entre_accolades(texte: str) -> None:
    with pytest.raises(TexteInvalideError):
        noms_du_texte(texte)


def test_une_accolade_dans_une_valeur_reste_une_accolade() -> None:
    assert rendre("{locataire} doit {dette}", {"locataire": "Mme {dette.centimes}", "dette": Montant(100)}) == (
        "Mme {dette.centimes} doit 1,00\u00a0€"
    )


def test_la_typographie_est_celle_du_francais() -> None:
    assert rendre("l'aide : oui ; « non » ?", {}) == (
        "L’aide\u00a0: oui\u202f; «\u00a0non\u00a0»\u202f?"  # apostrophe courbe, espaces insécables
    )


def test_la_premiere_facon_dont_tout_est_connu_est_retenue() -> None:
    assert choisir(("{a} et {b}", "{a} seul"), {"a": "Un"}) == "Un seul"
    assert choisir(("{a} et {b}", "{a} seul"), {"a": "Un", "b": "deux"}) == "Un et deux"
    with pytest.raises(TexteInvalideError, match="il manque a"):
        choisir(("{a} seul",), {})


@pytest.mark.parametrize(
    ("libelle", "code", "conduite_a_tenir", "motif"),
    [
        ("REJET PRELEVEMENT AM04", "AM04", "provision", "provision insuffisante"),
        ("rejet prlvt pc 123 ac04", "AC04", "coordonnees", "compte bancaire clos"),
        ("REJET PRLVT PC AM99 MD07", "MD07", "deces", "titulaire décédé selon la banque"),
        ("REJET PRELEVEMENT", "", "inconnue", "motif inconnu"),
        ("CAMPAM04X", "", "inconnue", "motif inconnu"),
    ],
)
def test_le_motif_d_un_rejet_se_lit_dans_son_libelle(
    libelle: str, code: str, conduite_a_tenir: str, motif: str
) -> None:
    assert code_du_libelle(libelle) == code
    assert conduite(code) == conduite_a_tenir
    assert libelle_du_motif(code) == motif


@pytest.mark.parametrize(
    ("jour", "jours", "au", "attendu"),
    [
        (date(2026, 10, 8), 5, date(2026, 10, 12), date(2026, 10, 13)),  # mardi
        (date(2026, 10, 8), 2, date(2026, 10, 8), date(2026, 10, 9)),  # samedi 10 : le vendredi
        (date(2026, 10, 8), 3, date(2026, 10, 8), date(2026, 10, 9)),  # dimanche 11 : le vendredi
        (date(2026, 10, 1), 2, date(2026, 10, 12), date(2026, 10, 12)),  # limite passée : aujourd'hui
        (date(2026, 10, 1), 2, date(2026, 10, 10), date(2026, 10, 12)),  # limite passée un samedi : lundi
        (date(2027, 2, 28), -1, date(2026, 12, 30), date(2027, 2, 26)),  # samedi 27 février : le vendredi
    ],
)
def test_la_date_limite_est_un_jour_ouvre(jour: date, jours: int, au: date, attendu: date) -> None:
    assert avant_le(Avant("jour", jours), {"jour": jour}, au) == attendu


@pytest.mark.parametrize(
    ("nom", "joindre"),
    [
        ("M. Horn", "Écrire à la succession de M. Horn"),
        ("Émile Horn", "Écrire à la succession d’Émile Horn"),
        ("", "Écrire à la succession du ménage"),
    ],
)
def test_l_elision_du_nom(nom: str, joindre: str) -> None:
    assert contact(menage(locataire=nom, deces_le=date(2026, 9, 1)), ["appel"]).joindre == joindre


def test_un_survivant_recoit_la_lettre() -> None:
    joint = contact(menage(locataire="M. Horn", deces_le=date(2026, 9, 1), has_survivant=True), ["appel", "sms"])

    assert (joint.canal, joint.destinataire, joint.joindre) == (
        "courrier",
        "survivant",
        "Écrire à M. Horn, cotitulaire en deuil",
    )
