"""Les pages qui disent les règles disent celles qui sont livrées : version, source, paramètres, prédicats."""

import re
from pathlib import Path

import pytest
from tests.coeur.orientation.outils import fichiers_livres, regles_livrees

from maintien.coeur.calendrier import format_jour
from maintien.coeur.orientation.registre import FACULTATIVES_COMMUNES, PREDICATS, SORTIES_COMMUNES
from maintien.coeur.orientation.regles import Action, Regle, RegleProposition

DOCS = Path(__file__).parents[3] / "docs"
DROIT = (DOCS / "droit" / "orientation.md").read_text(encoding="utf-8")
GUIDE = (DOCS / "guide" / "regles.md").read_text(encoding="utf-8")


def _parametres(regle: Regle) -> str:
    return ", ".join(f"{nom} {valeur}" for nom, valeur in sorted(regle.parametres.items())) or "aucun"


@pytest.mark.parametrize("regle", regles_livrees().toutes(), ids=lambda regle: f"{regle.identifiant}-{regle.version}")
def test_chaque_regle_livree_est_dite_avec_sa_source_et_ses_parametres(regle: Regle) -> None:
    if not isinstance(regle, RegleProposition):
        ligne = next(ligne for ligne in DROIT.splitlines() if ligne.startswith(f"| {regle.identifiant} |"))
        assert f"`{regle.predicat}` ; {_parametres(regle)} | {regle.reference} |" in ligne
        return
    section = DROIT.split(f"### {regle.identifiant} :")[1].split("### ")[0]
    assert f"Version {regle.version}, depuis le {format_jour(regle.du)}" in section
    if regle.au is not None:
        assert f"jusqu'au {format_jour(regle.au)}" in section
    assert f"ordre {regle.ordre}. Source : {regle.reference}" in section
    assert f"`{regle.predicat}` ; paramètres : {_parametres(regle)}." in section
    poids = regle.poids
    assert (
        f"socle {poids.socle}, retard {poids.retard}, comportement {poids.comportement}, aide {poids.aide}" in section
    )
    assert f"Canaux, par préférence : {', '.join(regle.action.canaux)} ; " in section
    assert re.search(rf"\b{re.escape(_minutes(regle.action))}[ .;]", _version(section, regle.version))


def _version(section: str, numero: int) -> str:
    """Ce que la section dit d'une version, jusqu'à la suivante."""
    return section.split(f"- Version {numero},")[1].split("- Version ", maxsplit=1)[0]


def _minutes(action: Action) -> str:
    par_canal = ", ".join(f"{canal} {minutes}" for canal, minutes in action.minutes_par_canal.items())
    return f"{action.minutes} minutes" + (f" ({par_canal})" if par_canal else "")


@pytest.mark.parametrize("nom", sorted(PREDICATS))
def test_chaque_predicat_est_au_guide_avec_ses_bornes_et_ses_valeurs(nom: str) -> None:
    predicat = PREDICATS[nom]
    ligne = next(ligne for ligne in GUIDE.splitlines() if ligne.startswith(f"| `{nom}` |"))

    for parametre, (minimum, maximum) in predicat.parametres.items():
        assert f"`{parametre}` ({minimum} à {maximum})" in ligne
    valeurs = {*predicat.sorties, *predicat.facultatives, *predicat.details, *predicat.variantes} - {"defaut"}
    assert [valeur for valeur in sorted(valeurs) if f"`{valeur}`" not in ligne] == []


def test_le_guide_dit_les_valeurs_communes_et_montre_une_vraie_regle() -> None:
    assert [nom for nom in (*SORTIES_COMMUNES, *FACULTATIVES_COMMUNES) if f"`{nom}`" not in GUIDE] == []
    assert fichiers_livres()["ori-premier.yaml"].rstrip() in GUIDE
