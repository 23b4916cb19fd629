"""Every format that has a schema has its page, its row in the index, and an example that the schema accepts."""

import csv
import json
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from maintien.coeur.orientation.validation import lire_regles
from maintien.connecteurs.exports.yaml_strict import charge_yaml

FORMATS = Path(__file__).resolve().parents[2] / "docs" / "formats"
NOMS = sorted(schema.name.removesuffix(".schema.json") for schema in FORMATS.glob("*.schema.json"))
LIEN = re.compile(r"\]\(([^)#]+)\)")
ORI_PREMIER = FORMATS / "exemples" / "ori-premier.yaml"


def _lignes_de_l_index() -> list[list[str]]:
    """The links of each row of the table of formats."""
    index = (FORMATS / "README.md").read_text(encoding="utf-8")
    return [LIEN.findall(ligne) for ligne in index.splitlines() if ligne.startswith("|") and LIEN.search(ligne)]


def _exemples(nom: str) -> list[Path]:
    """What the row of a format gives as its examples, page and schema aside."""
    [ligne] = [liens for liens in _lignes_de_l_index() if f"{nom}.schema.json" in liens]
    return [(FORMATS / lien).resolve() for lien in ligne if lien not in (f"{nom}.md", f"{nom}.schema.json")]


def _instances(exemple: Path, nom: str) -> Iterable[Any]:
    """What a schema is about: one line of a table, else the whole document."""
    texte = exemple.read_text(encoding="utf-8")
    if exemple.suffix == ".csv":
        return list(csv.DictReader(texte.splitlines()))
    if exemple.suffix == ".json":
        return [json.loads(texte)]
    # A profile is read by a loader of its own, for which everything but plain integers is text.
    return [charge_yaml(exemple.name, texte) if nom == "profil" else _en_json(yaml.safe_load(texte))]


def _en_json(document: Any) -> Any:
    return json.loads(json.dumps(document, default=date.isoformat))


def test_il_y_a_des_formats() -> None:
    assert {"baux", "ecritures", "nuit", "regles", "situation"} <= set(NOMS)


@pytest.mark.parametrize("nom", NOMS)
def test_chaque_schema_a_sa_page_qui_mene_a_lui(nom: str) -> None:
    page = FORMATS / f"{nom}.md"

    assert page.is_file()
    assert f"{nom}.schema.json" in LIEN.findall(page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("nom", NOMS)
def test_chaque_schema_a_sa_ligne_dans_l_index(nom: str) -> None:
    lignes = [liens for liens in _lignes_de_l_index() if f"{nom}.schema.json" in liens]

    assert len(lignes) == 1
    assert f"{nom}.md" in lignes[0]
    assert len(lignes[0]) >= 3, "la ligne ne donne pas d'exemple"


@pytest.mark.parametrize("nom", NOMS)
def test_les_exemples_suivent_leur_schema(nom: str) -> None:
    schema = json.loads((FORMATS / f"{nom}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validateur = Draft202012Validator(schema)
    # The refused lines are the second part of the import report, and have no schema: columns are tested beside it.
    exemples = [exemple for exemple in _exemples(nom) if exemple.name != "lignes-refusees.csv"]
    instances = [instance for exemple in exemples for instance in _instances(exemple, nom)]

    assert instances
    assert [erreur.message for instance in instances for erreur in validateur.iter_errors(instance)] == []


def test_aucun_exemple_ni_aucune_page_n_est_orphelin() -> None:
    cites = {(FORMATS / lien).resolve() for liens in _lignes_de_l_index() for lien in liens}
    presents = {*FORMATS.glob("exemples/*"), *FORMATS.glob("*.md")} - {FORMATS / "README.md"}

    assert sorted(chemin.name for chemin in presents - cites) == []


@pytest.mark.parametrize(("jour", "version", "franchise"), [("2026-12-31", 1, 5), ("2027-01-01", 2, 8)])
def test_l_exemple_de_regle_change_de_version_le_jour_dit(jour: str, version: int, franchise: int) -> None:
    jeu = lire_regles({ORI_PREMIER.name: ORI_PREMIER.read_text(encoding="utf-8")})
    au = date.fromisoformat(jour)

    [regle] = [r for r in jeu.propositions if r.du <= au and (r.au is None or au <= r.au)]

    assert (regle.identifiant, regle.version) == ("ORI-PREMIER", version)
    assert regle.parametres["franchise_jours"] == franchise
