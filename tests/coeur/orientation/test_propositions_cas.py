"""Les cas de proposition de `tests/cas/orientation*.yaml` : un ménage de base, une différence par cas."""

import copy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.coeur.orientation.outils import menage_des_cas, regles_livrees

from maintien.coeur.orientation.propositions import PropositionCalculee, propositions

DOSSIER = Path(__file__).parents[2] / "cas"
DOCUMENT = yaml.safe_load((DOSSIER / "orientation.yaml").read_text(encoding="utf-8"))
SUITE = yaml.safe_load((DOSSIER / "orientation_personnes.yaml").read_text(encoding="utf-8"))
LEGAUX = yaml.safe_load((DOSSIER / "orientation_legal.yaml").read_text(encoding="utf-8"))
LIMITES = yaml.safe_load((DOSSIER / "orientation_limites.yaml").read_text(encoding="utf-8"))
CAS = [*DOCUMENT["cas"], *SUITE["cas"], *LEGAUX["cas"], *LIMITES["cas"]]
SIMPLES = ("regle", "version", "genre", "compte", "canal", "destinataire", "avant_le", "echeance_legale", "minutes")

pytestmark = pytest.mark.cas


def _change(valeurs: dict[str, Any], chemin: str, nouvelle: Any) -> None:
    *parents, cle = chemin.split(".")
    courant: Any = valeurs
    for parent in parents:
        courant = courant[int(parent)] if parent.isdigit() else courant[parent]
    courant[cle] = nouvelle


def ordinaire(texte: str) -> str:
    """Le texte avec des espaces et des apostrophes ordinaires."""
    return texte.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


def menage_change(cas: dict[str, Any]) -> dict[str, Any]:
    """Le ménage de base et la différence d'un cas."""
    valeurs: dict[str, Any] = copy.deepcopy(DOCUMENT["base"]["menage"])
    for chemin, nouvelle in cas.get("change", {}).items():
        _change(valeurs, chemin, nouvelle)
    return valeurs


def _calculees(cas: dict[str, Any]) -> list[PropositionCalculee]:
    au: date = cas.get("au", DOCUMENT["base"]["au"])
    return propositions(menage_des_cas(menage_change(cas), au), regles_livrees(), au)


@pytest.mark.parametrize("cas", CAS, ids=[cas["nom"] for cas in CAS])
def test_proposition(cas: dict[str, Any]) -> None:
    attendu = dict(cas["attendu"])
    imposee_attendue = attendu.pop("imposee", ...)
    imposees_attendues = attendu.pop("imposees", None)

    calculees = _calculees(cas)

    if attendu.get("rien"):
        assert calculees == []
        return
    tete = next((p for p in calculees if not p.is_imposee), None)
    imposee = next((p for p in calculees if p.is_imposee), None)
    _verifier(tete, attendu)
    if imposee_attendue is not ...:
        _verifier(imposee, imposee_attendue or {"regle": None})
    if imposees_attendues is not None:
        imposees = [p for p in calculees if p.is_imposee]
        assert len(imposees) == len(imposees_attendues)
        for calculee, attendue in zip(imposees, imposees_attendues, strict=True):
            _verifier(calculee, attendue)


def _verifier(calculee: PropositionCalculee | None, attendu: dict[str, Any]) -> None:
    if calculee is None:
        assert attendu.get("regle") is None
        assert attendu
        return
    assert {nom: getattr(calculee, nom) for nom in SIMPLES if nom in attendu} == {
        nom: attendu[nom] for nom in SIMPLES if nom in attendu
    }
    textes = [ordinaire(motif.texte) for motif in calculee.motifs]
    assert [m for m in attendu.get("motifs_contient", []) if m not in textes] == [], textes
    assert textes == attendu.get("motifs", textes)
    for nom in ("quoi", "sinon"):
        assert ordinaire(getattr(calculee, nom)) == attendu.get(nom, ordinaire(getattr(calculee, nom)))


def test_chaque_cas_dit_sa_source() -> None:
    assert [cas["nom"] for cas in CAS if not cas.get("source")] == []


def test_chaque_genre_de_proposition_a_ses_cas() -> None:
    genres = {regle.genre for regle in regles_livrees().propositions}

    couverts = {calculee.genre for cas in CAS for calculee in _calculees(cas)}

    assert couverts == genres


@pytest.mark.parametrize(("au", "palier"), [(date(2026, 10, 25), 1), (date(2026, 10, 26), 0), (date(2026, 11, 6), 0)])
def test_la_loi_presse_a_trois_jours_de_l_objectif_et_non_quand_il_est_manque(au: date, palier: int) -> None:
    # Objectif le 29 octobre, échéance légale le 5 novembre : elle passe devant le 26 octobre.
    cas = {"au": au, **next(c for c in CAS if c["nom"] == "impayé constitué, à signaler avant le 5 novembre")}

    [imposee] = [p for p in _calculees(cas) if p.is_imposee]

    assert imposee.classement.palier == palier
