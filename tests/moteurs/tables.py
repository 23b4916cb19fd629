"""From the values of the core to the tables of the columnar engine, and back to C11."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pyarrow as pa
from tests.strategies import GrandLivre

from maintien.coeur.compte.ecritures import BailCompte, Ecriture
from maintien.coeur.compte.situation import Situation
from maintien.moteurs.colonnes.schemas import SCHEMA_BAUX, SCHEMA_ECRITURES, SCHEMA_SITUATION


def reunir(livres: Iterable[GrandLivre]) -> tuple[list[Ecriture], list[BailCompte]]:
    """Accounts drawn apart become C0, C1… of one landlord."""
    ecritures: list[Ecriture] = []
    baux: list[BailCompte] = []
    for numero, livre in enumerate(livres):
        compte = f"C{numero}"
        for e in livre.ecritures:
            visee = f"{compte}-{e.reference_annulee}" if e.reference_annulee else ""
            ecritures.append(replace(e, compte=compte, reference=f"{compte}-{e.reference}", reference_annulee=visee))
        baux += [replace(bail, compte=compte) for bail in livre.baux]
    return ecritures, baux


def table_ecritures(ecritures: Iterable[Ecriture], premier_ordre: int = 0) -> Any:
    """Entries in their order of delivery."""
    lignes = [
        {
            "reference_ecriture": e.reference,
            "reference_compte": e.compte,
            "date_comptable": e.date_comptable,
            "date_valeur": e.date_valeur,
            "date_exigibilite": e.date_exigibilite,
            "periode": e.periode,
            "code": e.code,
            "debit": e.debit_centimes,
            "credit": e.credit_centimes,
            "reference_annulee": e.reference_annulee,
            "affectation": e.affectation,
            "ordre": ordre,
        }
        for ordre, e in enumerate(ecritures, premier_ordre)
    ]
    return pa.Table.from_pylist(lignes, schema=SCHEMA_ECRITURES)


def table_baux(baux: Iterable[BailCompte]) -> Any:
    """Leases."""
    lignes = [
        {
            "reference_bail": bail.reference,
            "reference_compte": bail.compte,
            "date_entree": bail.date_entree,
            "date_sortie": bail.date_sortie,
            "apl_mode": bail.apl_mode,
        }
        for bail in baux
    ]
    return pa.Table.from_pylist(lignes, schema=SCHEMA_BAUX)


def lignes(situations: Iterable[Situation]) -> list[tuple[Any, ...]]:
    """The situations of the core as the rows of SCHEMA_SITUATION."""
    return [tuple(getattr(s, champ) for champ in Situation.__slots__) for s in situations]


def lignes_de(table: Any) -> list[tuple[Any, ...]]:
    """The rows of a table of SCHEMA_SITUATION."""
    assert table.schema.equals(SCHEMA_SITUATION)
    return list(zip(*(colonne.to_pylist() for colonne in table.columns), strict=True))
