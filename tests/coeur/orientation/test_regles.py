"""La lecture des règles : ce qui est livré est juste, ce qui ne l'est pas est dit avec son remède."""

import json
import re
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from tests.coeur.orientation.outils import fichiers_livres, regles_livrees

from maintien.coeur.orientation.lecture import TAILLE_MAX, ReglesInvalidesError
from maintien.coeur.orientation.registre import PREDICATS
from maintien.coeur.orientation.validation import GENRES, lire_regles

RACINE = Path(__file__).parents[3]
SCHEMA = json.loads((RACINE / "docs" / "formats" / "regles.schema.json").read_text(encoding="utf-8"))

PROPOSITION = """\
identifiant: ORI-ESSAI
famille: proposition
genre: premier_retard
titre: Essai
versions:
  - version: 1
    du: 2020-01-01
    reference: Essai
    ordre: 10
    si:
      predicat: premier_retard
      parametres: {sans_retard_mois: 12, tolerance_jours: 10, franchise_jours: 5}
    motif: "{montant} depuis le {debut}."
    faire:
      quoi: "{joindre} : prendre des nouvelles."
      canaux: [appel]
      avant: {plus_jours: 5}
      minutes: 10
    sinon: "{dette} restent dus."
    identite: [debut]
    poids: {retard: 3}
"""
DOSSIER = """\
identifiant: DOS-ESSAI
famille: dossier
titre: Essai
versions:
  - version: 1
    du: 2020-01-01
    reference: Essai
    ordre: 10
    acte: changer
    si:
      predicat: menage_a_proteger
    niveau: protege
    motif: "Contact restreint."
"""

CAS = yaml.safe_load((RACINE / "tests" / "cas" / "orientation_regles.yaml").read_text(encoding="utf-8"))


def _fautes(texte: str) -> list[str]:
    with pytest.raises(ReglesInvalidesError) as refus:
        lire_regles({"r.yaml": texte})
    return str(refus.value).splitlines()


def test_la_regle_d_essai_est_juste() -> None:
    jeu = lire_regles({"r.yaml": PROPOSITION, "d.yaml": DOSSIER})

    assert [regle.identifiant for regle in jeu.toutes()] == ["ORI-ESSAI", "DOS-ESSAI"]


def test_les_delais_d_une_action_sont_des_donnees_et_ont_leurs_valeurs_par_defaut() -> None:
    ecrite = PROPOSITION.replace("minutes: 10", "minutes: 10\n      relance_jours: 5\n      pressant_jours: 14")
    par_defaut, autre = (lire_regles({"r.yaml": texte}).propositions[0].action for texte in (PROPOSITION, ecrite))

    assert (par_defaut.relance_jours, par_defaut.pressant_jours) == (3, 7)
    assert (autre.relance_jours, autre.pressant_jours) == (5, 14)


SUITE = """\
  - version: 2
    du: 2021-01-01
    reprend: 1
    ordre: 20
    faire:
      minutes: {defaut: 5, appel: 6, sms: 2}
"""


def test_une_version_reprend_ce_qu_elle_n_ecrit_pas() -> None:
    texte = PROPOSITION.replace("    du: 2020-01-01\n", "    du: 2020-01-01\n    au: 2020-12-31\n") + SUITE
    premiere, seconde = lire_regles({"r.yaml": texte}).propositions

    assert (premiere.version, premiere.au, premiere.ordre) == (1, date(2020, 12, 31), 10)
    assert (seconde.version, seconde.du, seconde.au, seconde.ordre) == (2, date(2021, 1, 1), None, 20)
    assert (seconde.reference, seconde.motif, seconde.sinon) == ("Essai", premiere.motif, premiere.sinon)
    assert (seconde.action.canaux, seconde.action.avant.jours) == (("appel",), 5)
    assert [premiere.action.duree(canal) for canal in ("appel", "sms", "courrier")] == [10, 10, 10]
    assert [seconde.action.duree(canal) for canal in ("appel", "sms", "courrier")] == [6, 2, 5]
    assert not list(Draft202012Validator(SCHEMA).iter_errors(_pour_json(texte)))


def _pour_json(texte: str) -> Any:
    return json.loads(json.dumps(yaml.safe_load(texte), default=str))


def test_les_minutes_livrees_depuis_le_25_novembre_2026() -> None:
    """Les temps de la maison (guide des règles, « Les minutes »), par canal ; la veille, ceux d'avant."""
    canaux = ("sms", "courriel", "appel", "courrier", "visite", "interne")
    livrees = regles_livrees()
    temps = {
        regle.identifiant: tuple(regle.action.duree(canal) for canal in canaux)
        for regle in livrees.en_vigueur(date(2026, 11, 25)).propositions
    }

    assert temps == {
        "ORI-VERIFIER": (5, 5, 5, 5, 5, 5),
        "ORI-SIGNALEMENT": (15, 15, 15, 15, 15, 15),
        "ORI-REJET": (2, 3, 6, 5, 5, 5),
        "ORI-AIDE": (5, 3, 10, 5, 5, 5),
        "ORI-PLAN-MANQUEE": (5, 5, 10, 5, 45, 5),
        "ORI-LEGAL-PROCHE": (5, 5, 10, 5, 45, 5),
        "ORI-TROIS-MOIS": (5, 5, 10, 5, 45, 5),
        "ORI-CROISSANTE": (5, 5, 10, 5, 45, 5),
        "ORI-SORTI": (5, 3, 8, 5, 5, 5),
        "ORI-REPETES": (5, 5, 8, 5, 45, 5),
        "ORI-PREMIER": (2, 3, 6, 5, 5, 5),
        "ORI-PLAN-PROCHE": (1, 2, 4, 5, 5, 5),
        "ORI-A-JOUR": (2, 2, 4, 5, 5, 5),
    }
    veille = {regle.identifiant: regle.action.minutes for regle in livrees.en_vigueur(date(2026, 11, 24)).propositions}
    assert (veille["ORI-SIGNALEMENT"], veille["ORI-TROIS-MOIS"], veille["ORI-PREMIER"]) == (20, 25, 10)
    loi = {regle.identifiant: regle for regle in livrees.en_vigueur(date(2027, 1, 1)).propositions}["ORI-SIGNALEMENT"]
    assert (loi.version, loi.action.minutes) == (2, 15)


@pytest.mark.cas
@pytest.mark.parametrize("cas", CAS["remplacements"], ids=lambda cas: cas["nom"])
def test_une_faute_est_dite_avec_son_remede(cas: dict[str, str]) -> None:
    assert cas["juste"] in PROPOSITION

    fautes = _fautes(PROPOSITION.replace(cas["juste"], cas["faux"]))

    assert any(faute.startswith(cas["phrase"]) for faute in fautes), fautes


@pytest.mark.cas
@pytest.mark.parametrize("cas", CAS["fichiers"], ids=lambda cas: cas["nom"])
def test_un_fichier_mal_ecrit_est_refuse(cas: dict[str, str]) -> None:
    assert cas["phrase"] in _fautes(cas["texte"])


def test_un_fichier_trop_long_est_refuse() -> None:
    assert _fautes("#" * (TAILLE_MAX + 1)) == ["r.yaml : le fichier est trop long ; le tenir sous 200000 caractères."]


def _chemins(noeud: Any, chemin: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    enfants = noeud.items() if isinstance(noeud, dict) else enumerate(noeud) if isinstance(noeud, list) else ()
    return [chemin, *(c for cle, enfant in enfants for c in _chemins(enfant, (*chemin, cle)))]


VALEURS = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9999) | st.text(max_size=12) | st.dates() | st.just("{dette}"),
    lambda feuilles: st.lists(feuilles, max_size=2) | st.dictionaries(st.text(max_size=8), feuilles, max_size=2),
    max_leaves=4,
)


@pytest.mark.proprietes
@given(st.data())
def test_une_regle_abimee_n_importe_ou_est_lue_ou_refusee_jamais_plantee(data: st.DataObject) -> None:
    document = yaml.safe_load(data.draw(st.sampled_from(sorted(fichiers_livres().values()))))
    chemin = data.draw(st.sampled_from(_chemins(document)[1:]))
    courant = document
    for cle in chemin[:-1]:
        courant = courant[cle]
    courant[chemin[-1]] = data.draw(VALEURS)

    assert _lu_ou_refuse(yaml.safe_dump(document, allow_unicode=True))


def _lu_ou_refuse(texte: str) -> bool:
    """Vrai si la règle est lue, ou refusée avec des fautes qui ont chacune leur remède."""
    try:
        return bool(lire_regles({"r.yaml": texte}).toutes())
    except ReglesInvalidesError as refus:
        return bool(refus.fautes) and all(faute.message and faute.remede for faute in refus.fautes)


def test_toutes_les_fautes_sont_dites_d_un_coup() -> None:
    texte = PROPOSITION.replace("minutes: 10", "minutes: 0").replace("ordre: 10", "ordre: -1")

    assert len(_fautes(texte)) == 2


def test_deux_versions_ne_se_chevauchent_pas() -> None:
    seconde = PROPOSITION.split("versions:\n")[1].replace("version: 1", "version: 2").replace("2020-", "2022-")
    phrase = (
        "règles, règle ORI-ESSAI, clé « versions » : les versions 1 et 2 sont en vigueur le même jour ; finir la "
        "première (« au ») la veille du « du » de la seconde."
    )

    assert _fautes(PROPOSITION + seconde) == [phrase]


def test_deux_regles_n_ont_pas_le_meme_ordre() -> None:
    autre = PROPOSITION.replace("ORI-ESSAI", "ORI-AUTRE")

    with pytest.raises(ReglesInvalidesError, match="l'ordre 10 est déjà celui de"):
        lire_regles({"r.yaml": PROPOSITION, "s.yaml": autre})


def test_une_regle_hors_de_ses_dates_se_tait() -> None:
    jeu = lire_regles({"r.yaml": PROPOSITION.replace("du: 2020-01-01", "du: 2020-01-01\n    au: 2020-12-31")})

    assert jeu.en_vigueur(date(2019, 12, 31)).propositions == ()
    assert len(jeu.en_vigueur(date(2020, 1, 1)).propositions) == 1
    assert len(jeu.en_vigueur(date(2020, 12, 31)).propositions) == 1
    assert jeu.en_vigueur(date(2021, 1, 1)).propositions == ()


def test_les_regles_livrees_ont_une_source_et_un_ordre_chacune() -> None:
    jeu = regles_livrees()

    assert len({regle.identifiant for regle in jeu.toutes()}) == len(fichiers_livres())
    assert [regle.identifiant for regle in jeu.toutes() if len(regle.reference) < 10] == []


def test_chaque_fichier_livre_porte_le_nom_de_sa_regle() -> None:
    noms = {nom: yaml.safe_load(texte)["identifiant"] for nom, texte in fichiers_livres().items()}

    assert {nom: f"{identifiant.lower()}.yaml" for nom, identifiant in noms.items()} == {nom: nom for nom in noms}


def test_chaque_genre_de_proposition_a_sa_regle() -> None:
    assert {regle.genre for regle in regles_livrees().propositions} == set(GENRES)


def test_chaque_predicat_sert() -> None:
    assert PREDICATS.keys() - {regle.predicat for regle in regles_livrees().toutes()} == set()


INDIGNES = re.compile(
    r"\b(débit(eur|rice)s?|mauvais(es)? payeu(r|se)s?|cas|cas social|contrevenants?|récidiv\w+)\b", re.IGNORECASE
)


@pytest.mark.parametrize("nom", fichiers_livres())
def test_les_textes_livres_respectent_les_personnes(nom: str) -> None:
    assert INDIGNES.findall(fichiers_livres()[nom]) == []


def test_les_textes_livres_n_emploient_pas_de_duree_qui_change_chaque_jour() -> None:
    """Une raison qui changerait chaque nuit ferait changer la proposition sans que rien ne se soit passé."""
    textes = "\n".join(fichiers_livres().values())

    assert re.findall(r"\{(?:au|jours|age)\}", textes) == []


def _document(texte: str) -> Any:
    """Le document tel qu'un éditeur le lit : les dates y sont des textes."""
    return json.loads(json.dumps(yaml.safe_load(texte), default=lambda jour: jour.isoformat()))


def test_le_schema_est_un_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("nom", fichiers_livres())
def test_le_schema_admet_les_regles_livrees(nom: str) -> None:
    document = _document(fichiers_livres()[nom])

    assert [erreur.message for erreur in Draft202012Validator(SCHEMA).iter_errors(document)] == []


REFUS_DU_SCHEMA: dict[str, tuple[tuple[str | int, ...], Any]] = {
    "canal inconnu": (("versions", 0, "faire", "canaux"), ["pigeon"]),
    "poids en euros": (("versions", 0, "poids"), {"euros": 3}),
    "clé inconnue": (("versions", 0, "priorite"), 3),
    "deux délais": (("versions", 0, "faire", "avant"), {"plus_jours": 1, "moins_jours": 1}),
    "genre inconnu": (("genre",), "relance"),
    "sans version": (("versions",), []),
    "texte sans défaut": (("versions", 0, "sinon"), {"provision": "{dette}"}),
}


@pytest.mark.parametrize("nom", REFUS_DU_SCHEMA)
def test_le_schema_refuse_ce_que_la_lecture_refuse(nom: str) -> None:
    chemin, valeur = REFUS_DU_SCHEMA[nom]
    document = deepcopy(_document(PROPOSITION))
    courant = document
    for cle in chemin[:-1]:
        courant = courant[cle]
    courant[chemin[-1]] = valeur

    assert list(Draft202012Validator(SCHEMA).iter_errors(document))
    with pytest.raises(ReglesInvalidesError):
        lire_regles({"r.yaml": yaml.safe_dump(document, allow_unicode=True).replace("'2020-01-01'", "2020-01-01")})
