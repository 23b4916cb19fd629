"""Long jobs: claimed by a conditional update, held by a lease, taken over when the holder is gone.

The same on SQLite and PostgreSQL: one UPDATE whose WHERE says who may, and whose row count says who did. A holder
calls `renew` at each step, and once more as the last statement of each of its transactions: a worker that lost its
lease then rolls back instead of writing beside its successor.
"""

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from maintien.apps.socle.enums import EtatExecution
from maintien.apps.socle.models import Execution
from maintien.apps.socle.portee import find_organisme_id, organisme_scope
from maintien.apps.socle.statistiques import refresh_statistics

DUREE_BAIL = timedelta(minutes=3)
# A job that killed its worker this many times is itself the cause: it waits for a person.
TENTATIVES_MAX = 5
# Where a run row says who holds it.
DETENTEUR = "detenteur"


class BailPerduError(RuntimeError):
    """The lease expired and someone else holds the job: stop at once and write nothing more."""


class ExecutionInconnueError(LookupError):
    """No run row has this identifier."""


@contextmanager
def scope_of(execution_id: int) -> Iterator[None]:
    """Enter the scope of the organisme that a run row belongs to; the door of the worker."""
    organisme_id = find_organisme_id(Execution, execution_id)
    if organisme_id is None:
        raise ExecutionInconnueError(f"Aucun travail ne porte le numéro {execution_id}.")
    with organisme_scope(organisme_id):
        yield


def open_execution(genre: str, cle: str) -> Execution:
    """The run row of a job; asked twice, it is the same row."""
    execution, _ = Execution.objects.get_or_create(genre=genre, cle=cle)
    return execution


def _free(instant: datetime) -> Q:
    return Q(etat=EtatExecution.EN_ATTENTE) | Q(etat=EtatExecution.EN_COURS, bail_jusqua__lt=instant)


def current_holder() -> dict[str, Any]:
    """Who runs this code, as a run row keeps it: a machine and a process."""
    return {"machine": socket.gethostname(), "processus": os.getpid()}


def claim(
    execution_id: int,
    *,
    holder: Mapping[str, Any] | None = None,
    instant: datetime | None = None,
    duree: timedelta = DUREE_BAIL,
) -> Execution | None:
    """Take a waiting or abandoned job. None: someone else has it, or there is nothing to do.

    The holder (this process unless told otherwise) is written in the transaction of the claim: a process killed just
    after is known to be the holder, and `free_if_dead` does not have to wait for its lease to expire.
    """
    instant = instant or timezone.now()
    jeton = uuid4().hex
    with transaction.atomic():
        prises = Execution.objects.filter(_free(instant), pk=execution_id).update(
            etat=EtatExecution.EN_COURS,
            jeton=jeton,
            tentatives=F("tentatives") + 1,
            bail_jusqua=instant + duree,
            battement_le=instant,
            started_at=Coalesce("started_at", Value(instant)),
            finished_at=None,
            message="",
        )
        if not prises:
            return None
        execution = Execution.objects.get(pk=execution_id, jeton=jeton)
        execution.resultat = {**execution.resultat, DETENTEUR: dict(holder or current_holder())}
        execution.save(update_fields=["resultat"])
    return execution


def free_if_dead(execution: Execution) -> bool:
    """Free a job whose process is gone from this machine, without waiting for its lease to expire.

    Called by whoever is about to take the job. A process does one job after another, so what it holds when it asks
    is what an interrupted attempt of its own left: it counts as gone.
    """
    detenteur = execution.resultat.get(DETENTEUR, {})
    if execution.etat != EtatExecution.EN_COURS or detenteur.get("machine") != socket.gethostname():
        return False
    processus = int(detenteur.get("processus", 0))
    if processus != os.getpid() and is_alive(processus):
        return False
    libre = timezone.now() - timedelta(seconds=1)
    tenues = Execution.objects.filter(pk=execution.pk, jeton=execution.jeton, etat=EtatExecution.EN_COURS)
    return bool(tenues.update(bail_jusqua=libre))


def is_alive(processus: int) -> bool:
    """Whether a process of this machine is there; one of another user is."""
    if processus <= 0:
        return False
    try:
        os.kill(processus, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _update_held(execution: Execution, **champs: Any) -> None:
    """Write on the run row as its holder, or learn that one no longer is."""
    tenues = Execution.objects.filter(pk=execution.pk, etat=EtatExecution.EN_COURS, jeton=execution.jeton)
    if tenues.update(**champs) == 0:
        raise BailPerduError(f"Le travail {execution.pk} a été repris par un autre.")
    for champ, valeur in champs.items():
        setattr(execution, champ, valeur)


def renew(
    execution: Execution,
    *,
    instant: datetime | None = None,
    duree: timedelta = DUREE_BAIL,
    **avancement: Any,
) -> None:
    """Sign of life, and progress (`etape`, `fait`, `total`, `message`)."""
    inconnus = avancement.keys() - {"etape", "fait", "total", "message"}
    if inconnus:
        raise TypeError(f"renew: unknown fields {sorted(inconnus)}")
    instant = instant or timezone.now()
    _update_held(execution, bail_jusqua=instant + duree, battement_le=instant, **avancement)


def finish(execution: Execution, resultat: dict[str, Any], *, message: str = "") -> None:
    """A job that succeeded has written much: the database then looks at its tables anew."""
    _close(execution, EtatExecution.TERMINEE, message, resultat=resultat)
    refresh_statistics()


def fail(execution: Execution, message: str) -> None:
    """`message` is read by a person: what happened, what was kept, what to do."""
    _close(execution, EtatExecution.ECHOUEE, message)


def _close(execution: Execution, etat: EtatExecution, message: str, **champs: Any) -> None:
    instant = timezone.now()
    _update_held(
        execution, etat=etat, message=message, finished_at=instant, battement_le=instant, bail_jusqua=None, **champs
    )


def reopen(execution_id: int) -> bool:
    """Put a finished or failed job back in the queue. False when it waits or runs already."""
    closes = Q(etat=EtatExecution.TERMINEE) | Q(etat=EtatExecution.ECHOUEE)
    return bool(
        Execution.objects.filter(closes, pk=execution_id).update(
            etat=EtatExecution.EN_ATTENTE, jeton="", tentatives=0, bail_jusqua=None, finished_at=None
        )
    )


def sweep(*, instant: datetime | None = None) -> list[int]:
    """At worker start: the jobs of every organisme to ring again, waiting or abandoned by a killed worker.

    Those that killed their worker too often are marked failed and left to a person.
    """
    instant = instant or timezone.now()
    organismes = Execution._meta.get_field("organisme").related_model  # noqa: SLF001
    a_sonner: list[int] = []
    for organisme_id in organismes._default_manager.order_by("pk").values_list("pk", flat=True):  # noqa: SLF001
        with organisme_scope(organisme_id):
            libres = Execution.objects.filter(_free(instant))
            libres.filter(tentatives__gte=TENTATIVES_MAX).update(
                etat=EtatExecution.ECHOUEE,
                finished_at=instant,
                bail_jusqua=None,
                message=f"Arrêté net {TENTATIVES_MAX} fois de suite. Rien n'est perdu : relancer après examen.",
            )
            a_sonner += Execution.objects.filter(_free(instant)).order_by("pk").values_list("pk", flat=True)
    return a_sonner
