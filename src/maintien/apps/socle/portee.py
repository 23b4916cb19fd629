"""The scope: which organisme the running code works for.

Every query on a scoped model is filtered by the organisme in scope, and raises when there is none. The state is a
context variable: a new thread or task starts without scope, hence closed. `scopes_disabled` is for tests and
migrations, and for the two functions below that find out for whom a piece of work is before its scope can be entered.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import models
from django_scopes import ScopeError, get_scope, scope, scopes_disabled

if TYPE_CHECKING:
    from maintien.apps.socle.models import ScopedModel

__all__ = ["ScopeError", "current_organisme_id", "find_organisme_id", "is_disabled", "organisme_scope", "scope"]


def is_disabled() -> bool:
    return not get_scope().get("_enabled", True)


def current_organisme_id() -> int:
    """The organisme in scope. No scope, or a scope on nothing, is an error and never « everything »."""
    organisme = get_scope().get("organisme")
    identifiant = organisme if isinstance(organisme, int) else getattr(organisme, "pk", None)
    if is_disabled() or identifiant is None:
        raise ScopeError("An organisme must be in scope: with scope(organisme=...).")
    return int(identifiant)


@contextmanager
def organisme_scope(organisme: models.Model | int) -> Iterator[None]:
    """Typed door to `scope`, which silently accepts any keyword."""
    with scope(organisme=organisme):
        yield


def find_organisme_id(model: "type[ScopedModel]", pk: int) -> int | None:
    """The organisme of one row, known by its key alone: how a task finds the scope it has to enter."""
    with scopes_disabled():
        return model.objects.filter(pk=pk).values_list("organisme_id", flat=True).first()


def find_across(model: "type[ScopedModel]", **criteres: Any) -> "list[ScopedModel]":
    """Rows of several organismes that belong to one user. Called by the login of `organismes`, and by nothing else."""
    with scopes_disabled():
        return list(model.objects.filter(**criteres).select_related("organisme").order_by("pk"))
