"""The pivot files of a landlord as tables of the engine."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from maintien.coeur.calendrier import parse_jour, parse_periode
from maintien.coeur.montants import parse_montant
from maintien.moteurs.colonnes.lecture.sources import Source, ouvrir
from maintien.moteurs.colonnes.lecture.valeurs import CENTIMES, JOURS, MOIS, Colonnes
from maintien.moteurs.colonnes.schemas import SCHEMA_BAUX, SCHEMA_ECRITURES
from maintien.moteurs.colonnes.sortie import changer_echelle
from maintien.moteurs.colonnes.tableaux import un_bloc

_REFERENCES = ("reference_ecriture", "reference_annulee")
_REPETEES = (
    "reference_compte",
    "date_comptable",
    "date_valeur",
    "date_exigibilite",
    "periode",
    "code",
    "debit",
    "credit",
    "affectation",
)
_BAUX = ("reference_compte", "date_entree", "date_sortie", "apl_mode")
_APL_MODES = ("bailleur", "locataire", "sans")


def lire_ecritures(chemin: Path) -> Any:
    """The entries of a pivot file (SCHEMA_ECRITURES), in the order of the file unless it has a column `ordre`."""
    source = ouvrir(chemin)
    table, rangs = _sans_lignes_blanches(source.lire(_REFERENCES, _REPETEES, ("ordre",)))
    colonnes = Colonnes(_decaler(source, rangs), table)
    dates = {
        nom: colonnes.lire(nom, pa.date32(), parse_jour, obligatoire=nom == "date_comptable", bornes=JOURS)
        for nom in ("date_comptable", "date_valeur", "date_exigibilite")
    }
    lues = {
        "reference_ecriture": colonnes.lire_references("reference_ecriture", obligatoire=True),
        "reference_compte": colonnes.lire("reference_compte", pa.string(), str, obligatoire=True, vide=""),
        **dates,
        "periode": colonnes.lire("periode", pa.int32(), parse_periode, bornes=MOIS),
        "code": colonnes.lire("code", pa.string(), str, obligatoire=True, vide=""),
        **_lire_montants(colonnes),
        "reference_annulee": colonnes.lire_references("reference_annulee"),
        "affectation": colonnes.lire("affectation", pa.string(), str, vide=""),
        "ordre": _lire_ordre(colonnes, table),
    }
    colonnes.lever()
    return pa.table(lues, schema=SCHEMA_ECRITURES)


def lire_baux(chemin: Path) -> Any:
    """The leases of a pivot file (SCHEMA_BAUX)."""
    source = ouvrir(chemin)
    table, rangs = _sans_lignes_blanches(source.lire(("reference_bail",), _BAUX))
    colonnes = Colonnes(_decaler(source, rangs), table)
    lues = {
        "reference_bail": colonnes.lire_references("reference_bail", obligatoire=True),
        "reference_compte": colonnes.lire("reference_compte", pa.string(), str, obligatoire=True, vide=""),
        "date_entree": colonnes.lire("date_entree", pa.date32(), parse_jour, obligatoire=True, bornes=JOURS),
        "date_sortie": colonnes.lire("date_sortie", pa.date32(), parse_jour, bornes=JOURS),
        "apl_mode": colonnes.lire("apl_mode", pa.string(), _parse_apl_mode, vide="sans"),
    }
    colonnes.lever()
    return pa.table(lues, schema=SCHEMA_BAUX)


def _parse_apl_mode(texte: str) -> str:
    if texte not in _APL_MODES:
        raise ValueError(
            f"valeur inconnue : « {texte[:40]} » ; écrire {', '.join(_APL_MODES[:-1])} ou {_APL_MODES[-1]}"
        )
    return texte


def _lire_montants(colonnes: Colonnes) -> dict[str, Any]:
    """Debit and credit in centimes; one of them is filled, and only one is not zero."""
    lus = {nom: _lire_montant(colonnes, nom) for nom in ("debit", "credit")}
    absents = pc.and_(lus["debit"].is_null(), lus["credit"].is_null())
    if pc.any(absents).as_py():
        rang = pc.index(absents, pa.scalar(True)).as_py()  # noqa: FBT003 - a value
        colonnes.refuser(rang, "debit", "ni débit ni crédit ; remplir l'un des deux.")
    remplis = {nom: pc.fill_null(colonne, 0) for nom, colonne in lus.items()}
    doubles = pc.and_(pc.not_equal(remplis["debit"], 0), pc.not_equal(remplis["credit"], 0))
    if pc.any(doubles).as_py():
        rang = pc.index(doubles, pa.scalar(True)).as_py()  # noqa: FBT003 - a value
        colonnes.refuser(rang, "debit", "débit et crédit sur la même ligne ; ne garder que l'un des deux.")
    return remplis


def _lire_montant(colonnes: Colonnes, nom: str) -> Any:
    """Texts in euros, exact decimals in euros, or integers in centimes; never a floating-point number."""
    colonne = un_bloc(colonnes.table.column(nom))
    if pa.types.is_decimal(colonne.type) and colonne.type.scale <= 2:
        return colonnes.borner(nom, _centimes(colonne), CENTIMES)
    return colonnes.lire(nom, pa.int64(), parse_montant, bornes=CENTIMES)


def _centimes(colonne: Any) -> Any:
    """Decimals in euros to integer centimes; those that are too great for the fast road are one past the bound."""
    try:
        return changer_echelle(colonne.cast(pa.decimal128(18, 2)), pa.decimal128(18, 0)).cast(pa.int64())
    except pa.ArrowException:
        au_plus = Decimal(CENTIMES.maximum).scaleb(-2)
        trop = CENTIMES.maximum + 1
        return pa.array(
            [
                None if euros is None else trop if euros.copy_abs() > au_plus else int(euros.scaleb(2))
                for euros in colonne.to_pylist()
            ],
            type=pa.int64(),
        )


def _lire_ordre(colonnes: Colonnes, table: Any) -> Any:
    if "ordre" in table.column_names and un_bloc(table.column("ordre")).type == pa.int64():
        return colonnes.lire("ordre", pa.int64(), int, obligatoire=True)
    return pa.array(np.arange(len(table), dtype=np.int64))


def _sans_lignes_blanches(table: Any) -> tuple[Any, Any]:
    """Leave out the lines where every column read is empty; the ranks of those kept tell the lines of the file."""
    if not len(table) or not pa.types.is_string(table.column(0).type):
        return table, None
    blanches = pc.equal(table.column(0), "")
    if not pc.any(blanches).as_py():
        return table, None
    for colonne in table.columns[1:]:
        texte = colonne.cast(pa.string()) if pa.types.is_dictionary(colonne.type) else colonne
        if pa.types.is_string(texte.type):
            blanches = pc.and_(blanches, pc.fill_null(pc.equal(texte, ""), True))  # noqa: FBT003 - a value
    gardees = np.flatnonzero(~un_bloc(blanches).to_numpy(zero_copy_only=False))
    return table.take(pa.array(gardees)), gardees


def _decaler(source: Source, rangs: Any) -> Source:
    return source if rangs is None else _SourceDecalee(source, rangs)


class _SourceDecalee:
    """A source of which some rows were left out."""

    def __init__(self, source: Source, rangs: Any) -> None:
        self._source = source
        self._rangs = rangs
        self.lire = source.lire

    def erreur(self, rang: int, colonne: str, message: str) -> Any:
        return self._source.erreur(int(self._rangs[rang]), colonne, message)
