"""Profiles: the schema and the code agree, and each mistake is one French sentence with its key and cure."""

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from tests.connecteurs.exports.aides import PETIT_PROFIL, lire, petit_profil

from maintien.connecteurs.exports.erreurs import ProfilInconnuError, ProfilInvalideError
from maintien.connecteurs.exports.gabarits import GABARITS
from maintien.connecteurs.exports.limites import PLAFONDS
from maintien.connecteurs.exports.profil import analyse_profil, charge_profil, profils_livres

RACINE = Path(__file__).resolve().parents[3]
FAUTES = Path(__file__).with_name("fautes_de_profil.yaml")
SCHEMA = RACINE / "docs" / "formats" / "profil.schema.json"


def test_le_schema_publie_est_le_validateur() -> None:
    publie = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(publie)
    assert SCHEMA.resolve() == RACINE / "src/maintien/connecteurs/exports/profil.schema.json"


@pytest.mark.parametrize("genre", sorted(GABARITS))
def test_le_schema_et_le_code_connaissent_les_memes_champs(genre: str) -> None:
    declare = json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"][genre]
    assert set(declare["properties"]) == {a.nom for a in GABARITS[genre]}
    assert set(declare["required"]) == {a.nom for a in GABARITS[genre] if a.obligatoire}


def test_le_schema_et_le_code_connaissent_les_memes_plafonds() -> None:
    limites = json.loads(SCHEMA.read_text(encoding="utf-8"))["properties"]["limites"]["properties"]
    assert {nom: bornes["maximum"] for nom, bornes in limites.items()} == {
        nom: getattr(PLAFONDS, nom) for nom in limites
    }


@pytest.mark.parametrize("nom", profils_livres())
def test_les_profils_livres_sont_valides(nom: str) -> None:
    assert charge_profil(nom).nom == nom


def test_deux_profils_sont_livres() -> None:
    assert profils_livres() == ["erp_a", "pivot"]


@pytest.mark.parametrize("faute", yaml.safe_load(FAUTES.read_text(encoding="utf-8")), ids=lambda f: f["par"][:40])
def test_une_faute_de_profil_est_une_phrase(faute: dict[str, str]) -> None:
    with pytest.raises(ProfilInvalideError) as erreur:
        petit_profil(faute["remplacer"], faute["par"])
    assert str(erreur.value) == faute["message"]


@pytest.mark.parametrize("texte", ["", "- 1\n", "bonjour", "a: [", "{", "\0", "a: !!python/object:os.system x"])
def test_un_texte_quelconque_n_est_pas_un_profil(texte: str) -> None:
    with pytest.raises(ProfilInvalideError, match=r"^Profil essai\.yaml, "):
        analyse_profil("essai.yaml", texte)


@pytest.mark.parametrize("ouvrante", ["[", "{a: "])
def test_un_profil_trop_emboite_est_une_phrase(ouvrante: str) -> None:
    with pytest.raises(ProfilInvalideError, match="emboîtés trop de fois ; fermez-les"):
        analyse_profil("essai.yaml", "profil: " + ouvrante * 60_000)


def test_no_et_les_codes_a_zeros_restent_du_texte() -> None:
    profil = petit_profil("code: {colonne: code}", "code: {colonne: code, correspondance: {NO: OD, 000: LOY}}")
    regle = profil.formats[0].enregistrements["ecriture"]["code"][0]
    assert regle["correspondance"] == {"NO": "OD", "000": "LOY"}


def test_un_profil_inconnu_nomme_ceux_qui_existent() -> None:
    with pytest.raises(ProfilInconnuError, match="profils livrés : erp_a, pivot"):
        charge_profil("sage")


def test_un_profil_absent_ou_trop_gros(tmp_path: Path) -> None:
    with pytest.raises(ProfilInvalideError, match="ne peut pas être lu"):
        charge_profil(tmp_path / "absent.yaml")
    gros = tmp_path / "gros.yaml"
    gros.write_text("#" * 300_000, encoding="utf-8")
    with pytest.raises(ProfilInvalideError, match="dépasse 256 ko"):
        charge_profil(gros)


def test_un_fichier_sans_entete_se_lit_par_position(tmp_path: Path) -> None:
    profil = petit_profil(
        "    enregistrements:",
        "    entete: absente\n    colonnes: [piece, compte, jour, code, montant]\n    enregistrements:",
    )
    chemin = tmp_path / "journal.csv"
    chemin.write_text("P1;C1;2020-04-01;LOY;12.00\n", encoding="utf-8")
    assert [(e.reference, e.debit_centimes) for e in lire(chemin, profil).ecritures] == [("P1", 1200)]


def test_le_sens_peut_etre_dans_une_autre_colonne(tmp_path: Path) -> None:
    profil = petit_profil(
        "montant: {colonne: montant}",
        "montant: {colonne: montant}\n        sens: {colonne: sens, correspondance: {D: debit, C: credit}}",
    )
    chemin = tmp_path / "journal.csv"
    chemin.write_text(
        "piece;compte;jour;code;montant;sens\nP1;C1;2020-04-01;PAI;12.00;C\nP2;C1;2020-04-01;LOY;5.00;D\n"
        "P3;C1;2020-04-01;LOY;5.00;X\n",
        encoding="utf-8",
    )
    lu = lire(chemin, profil)
    assert [(e.debit_centimes, e.credit_centimes) for e in lu.ecritures] == [(0, 1200), (500, 0)]
    assert [(r.ligne, r.colonne) for r in lu.refus] == [(4, "sens")]


def test_une_page_peut_changer_l_ordre_de_ses_colonnes(tmp_path: Path) -> None:
    profil = petit_profil("    enregistrements:", "    entete: repetee\n    enregistrements:")
    chemin = tmp_path / "journal.csv"
    chemin.write_text(
        "piece;compte;jour;code;montant\nP1;C1;2020-04-01;LOY;1.00\n"
        "montant;code;jour;compte;piece\n2.00;LOY;2020-04-02;C1;P2\n",
        encoding="utf-8",
    )
    lu = lire(chemin, profil)
    assert [(e.reference, e.debit_centimes) for e in lu.ecritures] == [("P1", 100), ("P2", 200)]
    assert lu.refus == []


def test_les_regles_d_un_champ_sont_suivies_dans_l_ordre(tmp_path: Path) -> None:
    profil = petit_profil(
        "code: {colonne: code}",
        "code:\n"
        "          - {constante: DG, si: {colonne: code, parmi: ['165']}}\n"
        "          - {constante: PAI, si: {colonne: code, motif: '51[0-9]'}}\n"
        "          - {colonne: code, si: {colonne: code, sauf: ['999']}}",
    )
    chemin = tmp_path / "journal.csv"
    lignes = "".join(f"P{i};C1;2020-04-01;{code};1.00\n" for i, code in enumerate(("165", "512", "LOY", "999")))
    chemin.write_text("piece;compte;jour;code;montant\n" + lignes, encoding="utf-8")
    lu = lire(chemin, profil)
    assert [e.code for e in lu.ecritures] == ["DG", "PAI", "LOY"]
    assert [(r.ligne, r.motif) for r in lu.refus] == [(5, "valeur absente")]


def test_une_reference_composee_demande_toutes_ses_parties(tmp_path: Path) -> None:
    profil = petit_profil("reference: {colonne: piece}", 'reference: {modele: "{compte}/{piece}"}')
    chemin = tmp_path / "journal.csv"
    chemin.write_text(
        "piece;compte;jour;code;montant\nP1;C1;2020-04-01;LOY;1.00\n;C1;2020-04-01;LOY;1.00\n", encoding="utf-8"
    )
    lu = lire(chemin, profil)
    assert [e.reference for e in lu.ecritures] == ["C1/P1"]
    assert [r.ligne for r in lu.refus] == [3]


def test_le_petit_profil_est_valide() -> None:
    assert analyse_profil("essai.yaml", PETIT_PROFIL).separateur == ";"
