"""The reference implementation of `coeur` run on the tables of the engines, to compare them."""

from collections import defaultdict
from dataclasses import fields
from datetime import date
from typing import Any

import pyarrow as pa

from maintien.coeur.compte import portefeuille
from maintien.coeur.compte.ecritures import BailCompte, Ecriture
from maintien.coeur.compte.situation import Situation
from maintien.moteurs.colonnes.schemas import SCHEMA_SITUATION


def situations(ecritures: Any, baux: Any, au: date) -> Any:
    """The same table as `colonnes.passe.situations`, account by account and much slower."""
    calculees = portefeuille.situations(lire_ecritures(ecritures), lire_baux(baux), au).situations
    colonnes = defaultdict(list)
    for situation in calculees:
        for champ, colonne in zip(fields(Situation), SCHEMA_SITUATION.names, strict=True):
            colonnes[colonne].append(getattr(situation, champ.name))
    return pa.table({nom: colonnes[nom] for nom in SCHEMA_SITUATION.names}, schema=SCHEMA_SITUATION)


def lire_ecritures(table: Any) -> list[Ecriture]:
    """Rows of SCHEMA_ECRITURES, in the order of delivery."""
    triee = table.sort_by("ordre")
    noms = triee.column_names
    renommes = {
        "reference_ecriture": "reference",
        "reference_compte": "compte",
        "debit": "debit_centimes",
        "credit": "credit_centimes",
    }
    champs = [renommes.get(nom, nom) for nom in noms if nom != "ordre"]
    colonnes = [triee.column(nom).to_pylist() for nom in noms if nom != "ordre"]
    return [Ecriture(**dict(zip(champs, ligne, strict=True))) for ligne in zip(*colonnes, strict=True)]


def lire_baux(table: Any) -> list[BailCompte]:
    """Rows of SCHEMA_BAUX."""
    return [
        BailCompte(
            ligne["reference_bail"],
            ligne["reference_compte"],
            ligne["date_entree"],
            ligne["date_sortie"],
            ligne["apl_mode"],
        )
        for ligne in table.to_pylist()
    ]
