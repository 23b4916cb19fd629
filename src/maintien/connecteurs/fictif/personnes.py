"""The people of the leases: holders, couples, sureties, and contact data as clumsy as they are in real files."""

import unicodedata
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from maintien.connecteurs.fictif.baux import derniers_baux, references_comptes
from maintien.connecteurs.fictif.comptes import Comptes
from maintien.connecteurs.fictif.noms import DOMAINES, NOMS, PRENOMS_FEMMES, PRENOMS_HOMMES, SITUATIONS
from maintien.connecteurs.fictif.tableaux import (
    Booleens,
    Entiers,
    Tirage,
    colonne_jours,
    colonne_texte,
    compose_octets,
    entre,
    tire_parmi,
)

_PRENOMS = [*PRENOMS_FEMMES, *PRENOMS_HOMMES]
_ROLES = ("titulaire", "cotitulaire", "caution")
_POIDS_SITUATIONS = [42.0, 30.0, 11.0, 4.0, 4.0, 3.0, 1.5, 2.0, 1.5, 1.0]
_DEUX_CHIFFRES = [f"{n:02d}" for n in range(100)]
_ECRITURES_TELEPHONE = [62.0, 22.0, 9.0, 1.5, 3.5, 0.7, 0.6, 0.7]
"""Ten digits; spaced; +33; 0033; empty; truncated; crosses; one digit too many."""
_ECRITURES_COURRIEL = [52.0, 46.0, 1.0, 0.6, 0.4]
"""Right; empty; without domain; without @; « neant@neant »."""


def table_locataires(rng: Tirage, comptes: Comptes) -> Any:
    """One row a person, by account then role."""
    lignes, roles = _tirer_foyers(rng, len(comptes))
    nombre = len(lignes)
    femme = _tirer_genres(rng, lignes, roles)
    noms = _tirer_noms(rng, lignes, roles)
    prenoms = np.where(
        femme,
        rng.integers(0, len(PRENOMS_FEMMES), nombre),
        len(PRENOMS_FEMMES) + rng.integers(0, len(PRENOMS_HOMMES), nombre),
    )
    caution = roles == 2
    naissances = _tirer_naissances(rng, comptes, lignes)
    situations = pa.array(SITUATIONS).take(tire_parmi(rng, nombre, _POIDS_SITUATIONS))
    references = compose_octets(
        "T", (comptes.logement[lignes], 7), (comptes.rang[lignes], 1), (roles + 1, 1), lignes=nombre
    )
    return pa.table(
        {
            "reference_locataire": colonne_texte(references),
            "reference_bail": derniers_baux(comptes).take(lignes),
            "reference_compte": colonne_texte(references_comptes(comptes)).take(lignes),
            "role": pa.array(np.array(_ROLES)[roles], pa.string()),
            "civilite": pa.array(np.where(femme, "Mme", "M."), pa.string()),
            "nom": pa.array(NOMS).take(noms),
            "prenom": pa.array(_PRENOMS).take(prenoms),
            "date_naissance": colonne_jours(naissances, caution),
            "telephone": _telephones(rng, nombre),
            "courriel": _courriels(rng, noms, prenoms),
            "contact_restreint": _drapeau((rng.random(nombre) < 0.014) & ~caution),
            "opposition_sms": _drapeau((rng.random(nombre) < 0.022) & ~caution),
            "situation_entree": pc.if_else(pa.array(caution), "", situations),
        }
    )


def _tirer_foyers(rng: Tirage, nombre: int) -> tuple[Entiers, Entiers]:
    """Account row and role of each person: a third live as a couple, one lease in six has a surety."""
    presence = np.ones((nombre, 3), dtype=np.bool_)
    presence[:, 1] = rng.random(nombre) < 0.26
    presence[:, 2] = rng.random(nombre) < 0.17
    lignes, roles = np.nonzero(presence)
    return lignes, roles


def _tirer_genres(rng: Tirage, lignes: Entiers, roles: Entiers) -> Booleens:
    """Six holders in ten are women; most couples are of both sexes."""
    titulaire = rng.random(int(lignes.max(initial=-1)) + 1) < 0.6
    hasard = rng.random(len(lignes))
    femme = np.where(roles == 1, titulaire[lignes] ^ (hasard < 0.94), hasard < 0.5)
    return np.where(roles == 0, titulaire[lignes], femme)


def _tirer_noms(rng: Tirage, lignes: Entiers, roles: Entiers) -> Entiers:
    """Couples mostly share a name, sureties sometimes."""
    du_foyer = rng.integers(0, len(NOMS), int(lignes.max(initial=-1)) + 1)
    autre = rng.integers(0, len(NOMS), len(lignes))
    partage = rng.random(len(lignes)) < np.array([1.0, 0.72, 0.4])[roles]
    return np.where(partage, du_foyer[lignes], autre)


def _tirer_naissances(rng: Tirage, comptes: Comptes, lignes: Entiers) -> Any:
    """Nineteen years old at least on arrival, and ninety-odd today at most."""
    age = 19 * 365 + (rng.beta(1.6, 2.4, len(comptes)) * 48 * 365).astype(np.int64)
    ecart = entre(rng, len(lignes), -900, 900)
    return np.maximum(comptes.entree[lignes] - age[lignes] + np.minimum(ecart, 0), -33 * 365).astype(np.int32)


def _telephones(rng: Tirage, nombre: int) -> Any:
    """Numbers of the range kept for fiction, written in the ways that people write them."""
    debut = pa.array(_DEUX_CHIFFRES).take(rng.integers(0, 100, nombre))
    fin = pa.array(_DEUX_CHIFFRES).take(rng.integers(0, 100, nombre))
    colle = pc.binary_join_element_wise("063998", debut, fin, "")
    return pc.choose(
        pa.array(tire_parmi(rng, nombre, _ECRITURES_TELEPHONE)),
        colle,
        pc.binary_join_element_wise("06", "39", "98", debut, fin, " "),
        pc.binary_join_element_wise("+3363998", debut, fin, ""),
        pc.binary_join_element_wise("0033 6 39 98", debut, fin, " "),
        "",
        pc.binary_join_element_wise("0639 98", debut, " "),
        "XXXXXXXXXX",
        pc.binary_join_element_wise(colle, "5", ""),
    )


def _courriels(rng: Tirage, noms: Entiers, prenoms: Entiers) -> Any:
    nombre = len(noms)
    avant = pc.binary_join_element_wise(
        pa.array([_sans_accent(prenom) for prenom in _PRENOMS]).take(prenoms),
        pa.array([_sans_accent(nom) for nom in NOMS]).take(noms),
        ".",
    )
    avant = pc.binary_join_element_wise(avant, pc.cast(pa.array(rng.integers(1, 9999, nombre)), "string"), "")
    domaine = pa.array(DOMAINES).take(tire_parmi(rng, nombre, [70, 18, 12]))
    return pc.choose(
        pa.array(tire_parmi(rng, nombre, _ECRITURES_COURRIEL)),
        pc.binary_join_element_wise(avant, domaine, "@"),
        "",
        pc.binary_join_element_wise(avant, "courriel", "@"),
        pc.binary_join_element_wise(avant, domaine, ""),
        "neant@neant",
    )


def _sans_accent(nom: str) -> str:
    """The name as it stands in an address: ASCII, lower case, no space nor apostrophe."""
    decompose = unicodedata.normalize("NFKD", nom)
    return "".join(c for c in decompose if c.isascii() and (c.isalnum() or c == "-")).lower()


def _drapeau(valeurs: Booleens) -> Any:
    return pa.array(valeurs.astype(np.int8))
