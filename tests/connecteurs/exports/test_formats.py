"""docs/formats and the guide say what the product does: pages, schemas, examples and code are compared."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.connecteurs.exports.aides import lire, profil_livre

from maintien.coeur.compte.situation import COLONNES_C11
from maintien.connecteurs.exports.profil import analyse_profil
from maintien.connecteurs.exports.rapport import COLONNES

RACINE = Path(__file__).resolve().parents[3]
FORMATS = RACINE / "docs" / "formats"
GUIDE = RACINE / "docs" / "guide" / "profil-import.md"
PIVOT = ("baux", "locataires", "ecritures", "plans")


def schema(nom: str) -> dict[str, Any]:
    lu = json.loads((FORMATS / f"{nom}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(lu)
    assert isinstance(lu, dict)
    return lu


def lignes(chemin: Path) -> list[dict[str, str]]:
    with chemin.open(encoding="utf-8", newline="") as flux:
        return list(csv.DictReader(flux))


@pytest.mark.parametrize("nom", PIVOT)
def test_l_exemple_est_lu_sans_refus_et_suit_son_schema(nom: str) -> None:
    exemple = FORMATS / "exemples" / f"{nom}.csv"
    lu = lire(exemple, profil_livre("pivot"))
    assert lu.bilan.prises == len(lignes(exemple)) > 0
    assert lu.refus == []
    validateur = Draft202012Validator(schema(nom))
    assert [e.message for ligne in lignes(exemple) for e in validateur.iter_errors(ligne)] == []


@pytest.mark.parametrize("nom", PIVOT)
def test_le_schema_le_profil_et_la_page_nomment_les_memes_colonnes(nom: str) -> None:
    declare = next(f for f in profil_livre("pivot").formats if f.genre == nom)
    colonnes = list(schema(nom)["properties"])
    assert set(colonnes) == declare.colonnes_lues
    assert list(lignes(FORMATS / "exemples" / f"{nom}.csv")[0]) == colonnes
    page = (FORMATS / f"{nom}.md").read_text(encoding="utf-8")
    assert [colonne for colonne in colonnes if f"`{colonne}`" not in page] == []


@pytest.mark.parametrize("nom", PIVOT)
@pytest.mark.parametrize("dossier", ["pivot_reduit", "2027_reduit"])
def test_l_echantillon_suit_les_schemas(nom: str, dossier: str, donnees_reduites: Path) -> None:
    validateur = Draft202012Validator(schema(nom))
    toutes = lignes(donnees_reduites / dossier / f"{nom}.csv")[:500]
    assert toutes
    assert [e.message for ligne in toutes for e in validateur.iter_errors(ligne)] == []


@pytest.mark.parametrize(
    ("nom", "colonne", "valeur"),
    [
        ("ecritures", "debit", "1e3"),
        ("ecritures", "debit", "1 000"),
        ("ecritures", "date_comptable", "01/04/2020"),
        ("ecritures", "code", "LOYER"),
        ("baux", "jour_exigibilite", "32"),
        ("plans", "montant", "-1.00"),
        ("locataires", "role", "garant"),
    ],
)
def test_le_schema_refuse_ce_que_la_lecture_refuse(nom: str, colonne: str, valeur: str, tmp_path: Path) -> None:
    bonnes = lignes(FORMATS / "exemples" / f"{nom}.csv")
    mauvaise = {**bonnes[0], colonne: valeur}
    assert not Draft202012Validator(schema(nom)).is_valid(mauvaise)
    chemin = tmp_path / f"{nom}.csv"
    with chemin.open("w", encoding="utf-8", newline="") as flux:
        ecrivain = csv.DictWriter(flux, list(mauvaise))
        ecrivain.writeheader()
        ecrivain.writerow(mauvaise)
    assert [refus.colonne for refus in lire(chemin, profil_livre("pivot")).refus] == [colonne]


def test_la_situation_a_les_colonnes_de_c11(donnees_reduites: Path) -> None:
    assert tuple(schema("situation")["properties"]) == tuple(COLONNES_C11)
    validateur = Draft202012Validator(schema("situation"))
    attendus = [FORMATS / "exemples" / "situation.csv", *donnees_reduites.glob("*_reduit/attendu_*.csv")]
    assert len(attendus) == 5
    for attendu in attendus:
        assert [e.message for ligne in lignes(attendu) for e in validateur.iter_errors(ligne)] == []


def test_le_compte_rendu_d_exemple_suit_son_schema() -> None:
    exemple = json.loads((FORMATS / "exemples" / "compte-rendu-import.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema("compte-rendu-import")).validate(exemple)
    texte = (FORMATS / "exemples" / "lignes-refusees.csv").read_bytes().decode("utf-8")
    assert texte.startswith("\ufeff" + ";".join(COLONNES) + "\r\n")


def test_l_exemple_du_guide_se_lit_comme_le_guide_le_dit(tmp_path: Path) -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    contenu, profil = (re.findall(rf"```{genre}\n(.*?)```", guide, re.DOTALL)[0] for genre in ("csv", "yaml"))
    chemin = tmp_path / "GL_2020-05.csv"
    chemin.write_text(contenu, encoding="utf-8")
    lu = lire(chemin, analyse_profil("trois_rivieres.yaml", profil))
    assert [(e.reference, e.code, e.debit_centimes, e.credit_centimes) for e in lu.ecritures] == [
        ("A1001", "LOY", 123450, 0),
        ("A1002", "APL", 0, 30900),
        ("A1003", "PAI", 0, 92550),
        ("A1004", "REJ", 92750, 0),
    ]
    assert lu.ecritures[3].reference_annulee == "A1003"
    assert [(r.ligne, r.motif) for r in lu.refus] == [(8, "date impossible : « 31/06/2020 »")]
    assert (lu.bilan.non_ecritures, lu.bilan.ignorees) == ({"note": 1}, {"commentaire": 1})
    assert lu.bilan.controle.is_ecart_explique


@pytest.mark.parametrize("page", [*sorted(FORMATS.glob("*.md")), GUIDE], ids=lambda p: p.name)
def test_les_liens_des_pages_menent_quelque_part(page: Path) -> None:
    liens = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert [lien for lien in liens if "://" not in lien and not (page.parent / lien).exists()] == []
