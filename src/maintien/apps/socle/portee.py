"""The scope: which organisme the running code works for.

Every query on a scoped model is filtered by the organisme in scope, and raises when there is none. The state is a
context variable: a new thread or task starts without scope, hence closed. `scopes_disabled` is for tests and
migrations, and for the functions below that find out for whom a piece of work is before its scope can be entered.

PostgreSQL is told the same with each statement (`statement_scope`), and its row-level security does not depend on the
filter (ADR 0045).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.db import models
from django_scopes import ScopeError, get_scope, scope, scopes_disabled

if TYPE_CHECKING:
    from maintien.apps.socle.models import ScopedModel

__all__ = ["ScopeError", "current_organisme_id", "find_organisme_id", "is_disabled", "organisme_scope", "scope"]

REGLAGE = "maintien.organisme"
# Rows that may be found before any scope, by whoever names them: model -> setting of the database, column it equals.
DESIGNES = {
    "organismes.Appartenance": ("maintien.utilisateur", "utilisateur_id"),
    "socle.Execution": ("maintien.execution", "id"),
    "organismes.JetonApi": ("maintien.jeton", "numero"),
}
_designe: ContextVar[tuple[str, int] | None] = ContextVar("maintien_designe", default=None)


def is_disabled() -> bool:
    return not get_scope().get("_enabled", True)


def _identifiant() -> int | None:
    organisme = None if is_disabled() else get_scope().get("organisme")
    identifiant = organisme if isinstance(organisme, int) else getattr(organisme, "pk", None)
    return None if identifiant is None else int(identifiant)


def current_organisme_id() -> int:
    """The organisme in scope. No scope, or a scope on nothing, is an error and never « everything »."""
    identifiant = _identifiant()
    if identifiant is None:
        raise ScopeError("An organisme must be in scope: with scope(organisme=...).")
    return identifiant


@contextmanager
def organisme_scope(organisme: models.Model | int) -> Iterator[None]:
    """Typed door to `scope`, which silently accepts any keyword."""
    with scope(organisme=organisme):
        yield


def statement_scope() -> tuple[str, str]:
    """SQL that goes before and after each statement: for whom it is. Numbers of ours only, nothing that was typed.

    Transaction-local: the setting dies with the transaction, and each statement says it again, so that neither a
    reused connection, nor a savepoint rolled back, nor a scope left in the middle of a transaction leaves one behind.
    """
    identifiant, designe = _identifiant(), _designe.get()
    avant = f"SET LOCAL {REGLAGE} = '{'' if identifiant is None else identifiant}';"
    if designe is None:
        return avant, ""
    reglage, cle = designe
    return f"SET LOCAL {reglage} = '{cle:d}';{avant}", f"\n;SET LOCAL {reglage} = ''"


@contextmanager
def _designated(model: "type[ScopedModel]", cle: int) -> Iterator[None]:
    """Outside scopes, for the rows of `model` that `cle` names, and for no other."""
    try:
        reglage, _ = DESIGNES[model._meta.label]  # noqa: SLF001
    except KeyError:
        raise ScopeError(f"{model.__name__}: its rows are not found outside a scope.") from None
    jeton = _designe.set((reglage, int(cle)))
    try:
        with scopes_disabled():
            yield
    finally:
        _designe.reset(jeton)


def find_organisme_id(model: "type[ScopedModel]", pk: int) -> int | None:
    """The organisme of one run row, known by its key alone: how a task finds the scope it has to enter."""
    with _designated(model, pk):
        return model.objects.filter(pk=pk).values_list("organisme_id", flat=True).first()


def find_across(model: "type[ScopedModel]", utilisateur: models.Model, **criteres: Any) -> "list[ScopedModel]":
    """Rows of several organismes that belong to one user. Called by the login of `organismes`, and by nothing else."""
    with _designated(model, utilisateur.pk):
        lignes = model.objects.filter(**criteres, utilisateur=utilisateur)  # type: ignore[misc]
        return list(lignes.select_related("organisme").order_by("pk"))


def find_by_number(model: "type[ScopedModel]", numero: int) -> "list[ScopedModel]":
    """Rows of any organisme that bear a number drawn at random: how a token of the API finds the scope to enter."""
    with _designated(model, numero):
        lignes = model.objects.filter(numero=numero)  # type: ignore[misc]
        return list(lignes.select_related("organisme").order_by("pk"))
