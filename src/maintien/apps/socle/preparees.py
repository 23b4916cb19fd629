"""Queries written once: a page of the worklist spent more time writing its SQL than the database answering it.

The function that makes the querysets is called once with marks in place of values, in a scope on a marked organisme.
The SQL is kept, and each time the marks give way to the values of the moment; that of the organisme is read from the
scope, so that outside of any scope this raises as the querysets do. What decides the text of a query (whether a filter
is asked for, a page) is its `forme`, which is given to the same function.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from maintien.apps.socle.portee import current_organisme_id, organisme_scope

ORGANISME = "organisme"
# Numbers and days that no row holds: a mark is told from a constant of the query by its value.
_PREMIER_NOMBRE = 2_000_000_001
_PREMIER_JOUR = date(1, 2, 3).toordinal()

Valeurs = Mapping[str, Any]
Questions = Sequence[QuerySet[Any, Any]]
Ecrire = Callable[[Any, Valeurs], Questions]
_Lecteur = tuple[int, Sequence[Callable[[Any, Any, Any], Any]], Any]


class MarqueError(ValueError):
    """A query that cannot be written with marks: a fault of the program."""


@dataclass(frozen=True, slots=True)
class _Ecrite:
    """SQL, what goes in each place (name of a value and rank in its list, or a constant), readers of columns."""

    sql: str
    places: tuple[tuple[str, Any], ...]
    lecteurs: tuple[_Lecteur, ...]


def lire(ecrire: Ecrire, forme: Any, valeurs: Valeurs) -> list[tuple[Any, ...]]:
    """The rows of the only question of `ecrire(forme, valeurs)`, a `values_list`.

    Values are numbers, days, texts compared as they are, and lists of numbers of a constant length (`completer`).
    """
    ecrite = _ecrites(connection.vendor, ecrire, forme, _genres(valeurs))[0]
    return _executer(ecrite, valeurs)


def compter(ecrire: Ecrire, forme: Any, valeurs: Valeurs) -> list[int]:
    """How many rows each question has, in one statement."""
    ecrite = _nombres(connection.vendor, ecrire, forme, _genres(valeurs))
    return list(_executer(ecrite, valeurs)[0])


def completer(valeurs: Sequence[int], longueur: int) -> tuple[int, ...]:
    """A list of a constant length, for « among these »: the last one said again changes nothing to the answer."""
    if not 0 < len(valeurs) <= longueur:
        raise MarqueError(f"{len(valeurs)} values for {longueur} places")
    return (*valeurs, *([valeurs[-1]] * (longueur - len(valeurs))))


def _executer(ecrite: _Ecrite | None, valeurs: Valeurs) -> list[tuple[Any, ...]]:
    donnees = {**valeurs, ORGANISME: current_organisme_id()}
    if ecrite is None:
        return []
    with connection.cursor() as curseur:
        curseur.execute(ecrite.sql, [_valeur(donnees, nom, rang) for nom, rang in ecrite.places])
        lignes: list[tuple[Any, ...]] = curseur.fetchall()
    return [_lue(ligne, ecrite.lecteurs) for ligne in lignes] if ecrite.lecteurs else lignes


def _valeur(donnees: Valeurs, nom: str, rang: Any) -> Any:
    if not nom:
        return rang
    valeur = donnees[nom] if rang is None else donnees[nom][rang]
    return connection.ops.adapt_datefield_value(valeur) if isinstance(valeur, date) else valeur


def _lue(ligne: tuple[Any, ...], lecteurs: Sequence[_Lecteur]) -> tuple[Any, ...]:
    valeurs = list(ligne)
    for rang, etapes, expression in lecteurs:
        for etape in etapes:
            valeurs[rang] = etape(valeurs[rang], expression, connection)
    return tuple(valeurs)


def _genres(valeurs: Valeurs) -> tuple[tuple[str, Any], ...]:
    """What each mark must look like: a number, a day, a text, or so many numbers."""
    return tuple((nom, len(v) if isinstance(v, tuple) else type(v)) for nom, v in valeurs.items())


def _marquer(genres: Sequence[tuple[str, Any]]) -> tuple[dict[str, Any], dict[Any, tuple[str, Any]]]:
    """A mark for each value, and the place that each mark stands for, in the form that the database receives."""
    marques: dict[str, Any] = {}
    places: dict[Any, tuple[str, Any]] = {}
    for nom, genre in ((ORGANISME, int), *genres):
        rang = len(places)
        if isinstance(genre, int):
            marques[nom] = tuple(_PREMIER_NOMBRE + rang + ecart for ecart in range(genre))
            places |= {marque: (nom, ecart) for ecart, marque in enumerate(marques[nom])}
            continue
        if genre not in (int, str, date):
            raise MarqueError(f"{nom}: no mark for a value of {genre.__name__}")
        nombre = _PREMIER_NOMBRE + rang
        marques[nom] = {int: nombre, str: f"marque-{nombre}", date: date.fromordinal(_PREMIER_JOUR + rang)}[genre]
        recue = connection.ops.adapt_datefield_value(marques[nom]) if genre is date else marques[nom]
        places[recue] = (nom, None)
    return marques, places


@lru_cache(maxsize=512)
def _ecrites(
    _vendeur: str, ecrire: Ecrire, forme: Any, genres: tuple[tuple[str, Any], ...]
) -> tuple[_Ecrite | None, ...]:
    marques, places = _marquer(genres)
    with organisme_scope(marques[ORGANISME]):
        return tuple(_ecrite(question, places) for question in ecrire(forme, marques))


def _ecrite(question: QuerySet[Any, Any], places: Mapping[Any, tuple[str, Any]]) -> _Ecrite | None:
    """None when nothing can be found whatever the values: this user may see nothing."""
    compilateur = question.query.get_compiler(connection=connection)
    try:
        sql, parametres = compilateur.as_sql()
    except EmptyResultSet:
        return None
    if any(str(marque) in sql for marque in places):
        raise MarqueError("a value stands in the text of the query: it would be the mark for ever")
    colonnes = [colonne for colonne, _, _ in compilateur.select[: compilateur.col_count]]
    lecteurs = tuple((rang, *lecteur) for rang, lecteur in compilateur.get_converters(colonnes).items())
    return _Ecrite(sql, tuple(places.get(parametre, ("", parametre)) for parametre in parametres), lecteurs)


@lru_cache(maxsize=512)
def _nombres(vendeur: str, ecrire: Ecrire, forme: Any, genres: tuple[tuple[str, Any], ...]) -> _Ecrite:
    ecrites = _ecrites(vendeur, ecrire, forme, genres)
    textes = (f"(SELECT COUNT(*) FROM ({ecrite.sql}) q)" if ecrite else "0" for ecrite in ecrites)  # noqa: S608 - our SQL
    places = tuple(place for ecrite in ecrites if ecrite for place in ecrite.places)
    return _Ecrite(f"SELECT {', '.join(textes)}", places, ())
