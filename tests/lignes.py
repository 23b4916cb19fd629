"""One row of any scoped model, whatever its columns, and plain SQL: what a test asks of every table, a new one too."""

from datetime import date
from itertools import count
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from maintien.apps.socle.models import ScopedModel

_numeros = count(1)
JOUR = date(2026, 11, 20)


def une_ligne(modele: type[models.Model]) -> Any:
    """A row in the scope of the test; the rows that it needs are made too."""
    champs = {c.name: _valeur(c) for c in modele._meta.concrete_fields if not _se_passe_de_nous(c)}
    return modele._default_manager.create(**champs)


def _se_passe_de_nous(champ: models.Field[Any, Any]) -> bool:
    if champ.primary_key or champ.name == "organisme":
        return True
    # A link is made even where it could be empty: that is what is tested. A row that leads to another of its kind
    # would be made without end.
    if isinstance(champ, models.ForeignKey):
        if champ.related_model is champ.model:
            return True
        return not issubclass(champ.related_model, ScopedModel) and champ.null
    return champ.has_default() or champ.null or (champ.blank and champ.empty_strings_allowed)


def _valeur(champ: models.Field[Any, Any]) -> Any:
    if isinstance(champ, models.ForeignKey):
        return une_ligne(champ.related_model)
    if champ.choices:
        return champ.choices[0][0]
    numero = next(_numeros)
    for genre, valeur in (
        (models.DateTimeField, timezone.now()),
        (models.DateField, JOUR),
        (models.BooleanField, False),
        (models.IntegerField, numero % 30_000),
        (models.EmailField, f"ligne{numero}@bailleur.example"),
        (models.JSONField, {}),
    ):
        if isinstance(champ, genre):
            return valeur
    return f"X{numero}"[: champ.max_length or 60]


def lire(ordre: str, valeurs: Any = ()) -> list[tuple[Any, ...]]:
    """Plain SQL, beside every filter."""
    with connection.cursor() as curseur:
        curseur.execute(ordre, valeurs)
        return curseur.fetchall()


def ecrire(ordre: str, valeurs: Any = ()) -> int:
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(ordre, valeurs)
        return int(curseur.rowcount)
