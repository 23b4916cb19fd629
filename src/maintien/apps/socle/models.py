"""Base model of everything that belongs to one organisme, the journal, and the run rows of long jobs."""

from collections.abc import Iterable
from functools import cache
from typing import Any, ClassVar, NoReturn, Self, TypeVar, cast

from django.conf import settings
from django.db import models
from django.utils import timezone

from maintien.apps.socle.enums import EtatExecution
from maintien.apps.socle.portee import ScopeError, current_organisme_id, is_disabled

_M = TypeVar("_M", bound="ScopedModel")


class ScopedQuerySet(models.QuerySet[_M]):
    """A queryset that neither writes for another organisme nor moves a row to one."""

    def bulk_create(self, objs: Iterable[_M], *args: Any, **kwargs: Any) -> list[_M]:
        objets = list(objs)
        for objet in objets:
            objet.check_scope()
        return super().bulk_create(objets, *args, **kwargs)

    def bulk_update(self, objs: Iterable[_M], fields: Iterable[str], batch_size: int | None = None) -> int:
        objets = list(objs)
        for objet in objets:
            objet.check_scope()
        return super().bulk_update(objets, fields, batch_size)

    def update(self, **kwargs: Any) -> int:
        if "organisme" in kwargs or "organisme_id" in kwargs:
            raise ScopeError(f"{self.model.__name__}: a row never changes organisme.")
        return super().update(**kwargs)

    def raw(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ScopeError(f"{self.model.__name__}: a raw query cannot be scoped.")


class ScopedManager(models.Manager[_M]):
    """Filters by the organisme in scope; outside any scope not even an empty queryset is given.

    It is the base manager too, so related managers, forward relations, `save`, `delete` and `refresh_from_db`
    pass through the same door.
    """

    def get_queryset(self) -> ScopedQuerySet[_M]:
        indices = self._hints  # type: ignore[attr-defined]
        queryset: ScopedQuerySet[_M] = ScopedQuerySet(self.model, using=self._db, hints=indices)
        return queryset if is_disabled() else queryset.filter(organisme_id=current_organisme_id())


@cache
def _scoped_keys(model: type[models.Model]) -> tuple[str, ...]:
    """Names of the foreign keys of a model that point to scoped rows."""
    liens = ((champ.name, champ.related_model) for champ in model._meta.concrete_fields)  # noqa: SLF001
    return tuple(nom for nom, cible in liens if isinstance(cible, type) and issubclass(cible, ScopedModel))


class ScopedModel(models.Model):
    """A row of one organisme."""

    # No index of its own: every row of a landlord would be under one key, and SQLite would prefer it to good ones.
    organisme = models.ForeignKey("organismes.Organisme", on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.check_scope()
        super().save(*args, **kwargs)

    def check_scope(self) -> None:
        """Give a new row the organisme in scope; refuse to write a row, or a link, of another one."""
        if not is_disabled():
            courant = current_organisme_id()
            if self.organisme_id is None:
                self.organisme_id = courant
            elif self.organisme_id != courant:
                raise ScopeError(f"{type(self).__name__}: written for another organisme than the one in scope.")
        for nom in _scoped_keys(type(self)):
            lie = self._state.fields_cache.get(nom)
            if lie is not None and cast("ScopedModel", lie).organisme_id != self.organisme_id:
                raise ScopeError(f"{type(self).__name__}.{nom}: linked to a row of another organisme.")


class Evenement(ScopedModel):
    """One line of the journal. The database refuses to change or remove it; identifiers only, no name, no amount."""

    instant = models.DateTimeField("instant", default=timezone.now)
    acteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    acte = models.CharField("acte", max_length=60)
    objet_type = models.CharField("objet", max_length=60)
    objet_id = models.BigIntegerField("identifiant de l'objet", null=True)
    motif = models.TextField("motif", blank=True)
    details = models.JSONField("détails", default=dict, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisme", "objet_type", "objet_id", "id"], name="evenement_objet"),
            models.Index(fields=["organisme", "instant"], name="evenement_instant"),
        ]

    def __str__(self) -> str:
        return f"{self.acte} {self.objet_type} {self.objet_id}"


class Execution(ScopedModel):
    """The truth about one long job. A worker holds it by a lease; whoever finds the lease expired may take it over."""

    genre = models.CharField("genre", max_length=40)
    cle = models.CharField("clé", max_length=120)
    etat = models.CharField("état", max_length=12, choices=EtatExecution, default=EtatExecution.EN_ATTENTE)
    jeton = models.CharField("jeton du détenteur", max_length=32, blank=True)
    tentatives = models.PositiveIntegerField("tentatives", default=0)
    bail_jusqua = models.DateTimeField("détenue jusqu'à", null=True, blank=True)
    battement_le = models.DateTimeField("dernier signe de vie", null=True, blank=True)
    etape = models.CharField("étape", max_length=80, blank=True)
    fait = models.PositiveBigIntegerField("fait", default=0)
    total = models.PositiveBigIntegerField("total", default=0)
    message = models.TextField("message", blank=True)
    resultat = models.JSONField("résultat", default=dict, blank=True)
    created_at = models.DateTimeField("créée le", default=timezone.now)
    started_at = models.DateTimeField("commencée le", null=True, blank=True)
    finished_at = models.DateTimeField("terminée le", null=True, blank=True)

    class Meta:
        constraints = [
            # The same job asked twice is the same row: a double click or two timers cannot start it twice.
            models.UniqueConstraint(fields=["organisme", "genre", "cle"], name="execution_unique"),
        ]
        indexes = [models.Index(fields=["etat", "bail_jusqua"], name="execution_bail")]

    def __str__(self) -> str:
        return f"{self.genre} {self.cle}"
