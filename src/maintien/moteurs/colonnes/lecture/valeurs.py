"""Columns of text to columns of values. Each distinct text is read once, by the functions of the core."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from maintien.moteurs.colonnes.lecture.sources import Source
from maintien.moteurs.colonnes.tableaux import un_bloc

_ABSENTE = "valeur absente ; compléter la ligne."
_BLANCS = " \t\u00a0"
_ILLISIBLE = "les valeurs ne peuvent pas être lues ; écrire de nouveau cette colonne."
Analyse = Callable[[str], Any]


class Bornes(NamedTuple):
    """What a column that is typed already may hold, as integers: the same values as its texts could."""

    minimum: int
    maximum: int
    message: str


_AN_UN = (date(1, 1, 1) - date(1970, 1, 1)).days
_DERNIER_JOUR = (date(9999, 12, 31) - date(1970, 1, 1)).days
JOURS = Bornes(_AN_UN, _DERNIER_JOUR, "date hors du calendrier ; écrire une date des années 1 à 9999.")
MOIS = Bornes(
    12,
    9999 * 12 + 11,
    "mois hors des bornes ; en nombre, un mois est année × 12 + mois − 1 (24318 pour juillet 2026), sinon écrire le "
    "texte AAAA-MM.",
)
CENTIMES = Bornes(
    -9_999_999_999_999,
    9_999_999_999_999,
    "montant hors des bornes ; onze chiffres d'euros au plus (en nombre entier, ce sont des centimes).",
)
SANS_BORNES = Bornes(-(2**63), 2**63 - 1, "")


@dataclass(slots=True)
class Colonnes:
    """The columns of a table being read; the first fault, in the order of the rows, is kept to be raised."""

    source: Source
    table: Any
    _fautes: list[tuple[int, str, str]] = field(default_factory=list)

    def refuser(self, rang: int, colonne: str, message: str) -> None:
        self._fautes.append((rang, colonne, message))

    def lever(self) -> None:
        """Raise the first fault, if any."""
        if self._fautes:
            raise self.source.erreur(*min(self._fautes, key=lambda faute: faute[0]))

    def lire(
        self,
        nom: str,
        genre: Any,
        analyse: Analyse,
        *,
        obligatoire: bool = False,
        vide: Any = None,
        bornes: Bornes = SANS_BORNES,
    ) -> Any:
        """A column whose texts come back often; one that already has the type is taken when within the bounds."""
        colonne = un_bloc(self.table.column(nom))
        if colonne.type.equals(genre) and not pa.types.is_string(genre):
            self._exiger(nom, colonne.is_null(), obligatoire=obligatoire)
            return self.borner(nom, colonne, bornes)
        if not _is_texte(colonne.type):
            self.refuser(0, nom, f"les valeurs sont de type {colonne.type} ; attendu du texte ou {genre}.")
            return pa.nulls(len(colonne), genre)
        try:
            return self._lire_textes(nom, colonne, genre, analyse, obligatoire=obligatoire, vide=vide)
        except (pa.ArrowException, UnicodeDecodeError):
            self.refuser(0, nom, _ILLISIBLE)
            return pa.nulls(len(colonne), genre)

    def borner(self, nom: str, colonne: Any, bornes: Bornes) -> Any:
        """The same column; its first value out of the bounds is a fault."""
        entiers = colonne.cast(pa.int32()) if pa.types.is_date32(colonne.type) else colonne
        entiers = entiers.cast(pa.int64())
        dehors = pc.or_(pc.less(entiers, bornes.minimum), pc.greater(entiers, bornes.maximum))
        if pc.any(dehors).as_py():
            self.refuser(pc.index(dehors, pa.scalar(True)).as_py(), nom, bornes.message)  # noqa: FBT003 - a value
        return colonne

    def _lire_textes(
        self, nom: str, colonne: Any, genre: Any, analyse: Analyse, *, obligatoire: bool, vide: Any
    ) -> Any:
        if not pa.types.is_dictionary(colonne.type):
            colonne = pc.dictionary_encode(colonne)
        indices = pc.fill_null(colonne.indices.cast(pa.int64()), len(colonne.dictionary)).to_numpy()
        valeurs, fautes = [], {}
        for rang, texte in enumerate([*colonne.dictionary.to_pylist(), ""]):
            propre = _nettoyer(texte or "")
            try:
                valeurs.append(analyse(propre) if propre else vide)
            except ValueError as erreur:
                valeurs.append(vide)
                fautes[rang] = f"{erreur}."
            if obligatoire and not propre:
                fautes[rang] = _ABSENTE
        self._noter(nom, indices, fautes)
        return pa.array(valeurs, type=genre).take(pa.array(indices))

    def _noter(self, nom: str, indices: Any, fautes: dict[int, str]) -> None:
        if fautes:
            lignes = np.flatnonzero(np.isin(indices, list(fautes)))
            if len(lignes):
                self.refuser(int(lignes[0]), nom, fautes[int(indices[lignes[0]])])

    def lire_references(self, nom: str, *, obligatoire: bool = False) -> Any:
        """A column of texts that are mostly distinct."""
        colonne = un_bloc(self.table.column(nom))
        if not _is_texte(colonne.type):
            self.refuser(0, nom, f"les valeurs sont de type {colonne.type} ; attendu du texte.")
            return pa.nulls(len(colonne), pa.string()).fill_null("")
        try:
            colonne = pc.utf8_trim(pc.fill_null(colonne.cast(pa.string()), ""), characters=_BLANCS)
            if not pc.all(pc.string_is_ascii(colonne)).as_py():
                colonne = pc.utf8_normalize(colonne, form="NFC")
        except pa.ArrowException:
            self.refuser(0, nom, _ILLISIBLE)
            return pa.nulls(len(colonne), pa.string()).fill_null("")
        self._exiger(nom, pc.equal(colonne, ""), obligatoire=obligatoire)
        return colonne

    def _exiger(self, nom: str, absentes: Any, *, obligatoire: bool) -> None:
        if obligatoire and pc.any(absentes).as_py():
            self.refuser(pc.index(absentes, pa.scalar(True)).as_py(), nom, _ABSENTE)  # noqa: FBT003 - a value


def _is_texte(genre: Any) -> bool:
    if pa.types.is_dictionary(genre):
        genre = genre.value_type
    return bool(pa.types.is_string(genre) or pa.types.is_large_string(genre))


def _nettoyer(texte: str) -> str:
    propre = texte.strip(_BLANCS)
    return propre if propre.isascii() else unicodedata.normalize("NFC", propre)
