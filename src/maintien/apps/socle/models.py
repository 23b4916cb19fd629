"""Base model of everything that belongs to one organisme, the journal, and the run rows of long jobs."""

from collections.abc import Iterable
from functools import cache
from typing import Any, ClassVar, NoReturn, Self, TypeVar, cast

from django.conf import settings
from django.db import models
from django.utils import timezone

from maintien.apps.socle.enums import (
    EtatExecution,
    EtatExtraction,
    Finalite,
    Flux,
    FormatExtraction,
    GenreExtraction,
    NomReglage,
)
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


class LigneJournal(models.Model):
    """What every line of journal says, and its link in the chain: `empreinte` seals the line and all before it.

    Pseudonymous: identifiers, codes and counts; no name, no amount, no whole address. `menage_ref` is no foreign key,
    since the journal outlives the household.
    """

    instant = models.DateTimeField("instant", default=timezone.now)
    acteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.CharField("rôle de l'acteur", max_length=20, blank=True)
    acte = models.CharField("acte", max_length=60)
    objet_type = models.CharField("objet", max_length=60)
    objet_id = models.BigIntegerField("identifiant de l'objet", null=True)
    menage_ref = models.BigIntegerField("ménage concerné", null=True, blank=True)
    finalite = models.CharField("finalité", max_length=20, choices=Finalite, blank=True)
    motif = models.TextField("motif", blank=True)
    details = models.JSONField("détails", default=dict, blank=True)
    session = models.CharField("session (empreinte)", max_length=16, blank=True)
    adresse = models.CharField("adresse tronquée", max_length=45, blank=True)
    flux = models.CharField("flux", max_length=10, choices=Flux)
    sequence = models.BigIntegerField("rang dans le flux")
    cle = models.CharField("clé", max_length=16)
    empreinte = models.CharField("empreinte", max_length=64)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.acte} {self.objet_type} {self.objet_id}"


class Evenement(LigneJournal, ScopedModel):
    """One line of the journal of an organisme. The database refuses to change it, and to remove it unsealed."""

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["organisme", "flux", "sequence"], name="evenement_rang")]
        indexes = [
            models.Index(fields=["organisme", "objet_type", "objet_id", "id"], name="evenement_objet"),
            models.Index(fields=["organisme", "instant"], name="evenement_instant"),
            models.Index(fields=["organisme", "menage_ref", "id"], name="evenement_menage"),
        ]


class EvenementPlateforme(LigneJournal):
    """A line that belongs to no organisme: logins, and what is done to the platform itself."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flux", "sequence"], name="evenement_plateforme_rang")]
        indexes = [models.Index(fields=["instant"], name="evenement_plateforme_instant")]


class TeteJournal(models.Model):
    """Where a chain ends. Whoever writes locks this row; its signature tells a journal that was cut short.

    Not scoped: it holds a rank and digests, and the chain of the platform has no organisme.
    """

    organisme = models.ForeignKey(
        "organismes.Organisme", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    flux = models.CharField("flux", max_length=10, choices=Flux)
    sequence = models.BigIntegerField("rang de la dernière ligne", default=0)
    empreinte = models.CharField("empreinte de la dernière ligne", max_length=64)
    cle = models.CharField("clé", max_length=16)
    signature = models.CharField("signature", max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisme", "flux"], name="tete_unique"),
            models.UniqueConstraint(fields=["flux"], condition=models.Q(organisme=None), name="tete_plateforme"),
        ]

    def __str__(self) -> str:
        return f"{self.flux} {self.sequence}"


class SceauJournal(models.Model):
    """What is left of a month of one chain that was purged: the database lets go of sealed lines, and of no other."""

    organisme = models.ForeignKey(
        "organismes.Organisme", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    flux = models.CharField("flux", max_length=10, choices=Flux)
    mois = models.CharField("mois", max_length=7)
    premiere = models.BigIntegerField("rang de la première ligne")
    derniere = models.BigIntegerField("rang de la dernière ligne")
    nombre = models.BigIntegerField("nombre de lignes")
    premiere_empreinte = models.CharField("empreinte de la première ligne", max_length=64)
    derniere_empreinte = models.CharField("empreinte de la dernière ligne", max_length=64)
    cle = models.CharField("clé", max_length=16)
    signature = models.CharField("signature", max_length=64)
    created_at = models.DateTimeField("posé le", default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisme", "flux", "premiere"], name="sceau_unique"),
            models.CheckConstraint(condition=models.Q(derniere__gte=models.F("premiere")), name="sceau_rangs"),
        ]

    def __str__(self) -> str:
        return f"{self.flux} {self.mois}"


class Reglage(ScopedModel):
    """A number that an organisme sets for itself from a day on; a new row replaces the former from its own day."""

    nom = models.CharField("réglage", max_length=30, choices=NomReglage)
    valeur = models.PositiveIntegerField("valeur")
    depuis = models.DateField("à partir du")
    created_at = models.DateTimeField("posé le", default=timezone.now)

    class Meta:
        base_manager_name = "objects"
        indexes = [models.Index(fields=["organisme", "nom", "depuis"], name="reglage_depuis")]

    def __str__(self) -> str:
        return f"{self.nom} {self.valeur}"


class Extraction(ScopedModel):
    """A line of the register of exports: who takes what out, why, and the code by which the file is recognised.

    `menages` are identifiers, fixed when it is asked for: the second person approves these households and no others.
    """

    demandeur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    genre = models.CharField("genre", max_length=20, choices=GenreExtraction)
    format = models.CharField("format", max_length=4, choices=FormatExtraction)
    finalite = models.CharField("finalité", max_length=20, choices=Finalite)
    objet_id = models.BigIntegerField("identifiant de l'objet", null=True)
    filtres = models.JSONField("filtres", default=dict, blank=True)
    menages = models.JSONField("ménages", default=list, blank=True)
    nombre = models.PositiveIntegerField("ménages ou lignes")
    code = models.CharField("code du fichier", max_length=16, unique=True)
    etat = models.CharField("état", max_length=10, choices=EtatExtraction)
    demandee_le = models.DateTimeField("demandée le", default=timezone.now)
    approbateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decidee_le = models.DateTimeField("décidée le", null=True, blank=True)
    prise_le = models.DateTimeField("remise le", null=True, blank=True)
    empreinte = models.CharField("empreinte du fichier", max_length=64, blank=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approbateur=None) | ~models.Q(approbateur=models.F("demandeur")),
                name="extraction_seconde_personne",
            ),
        ]
        indexes = [
            models.Index(fields=["organisme", "demandeur", "prise_le"], name="extraction_budget"),
            models.Index(fields=["organisme", "etat", "id"], name="extraction_etat"),
        ]

    def __str__(self) -> str:
        return f"Extraction {self.code}"


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
