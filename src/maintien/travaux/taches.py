"""The doorbell: what is to be done stands in our run rows (`socle.Execution`), the task queue only says « look ».

A task that is lost, killed or rung twice changes nothing: the row is claimed by whoever comes first, and the sweep
rings again what waits or was abandoned.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from maintien.apps.socle.enums import EtatExecution
from maintien.apps.socle.executions import ExecutionInconnueError, scope_of, sweep
from maintien.apps.socle.models import Execution

# By path, since these modules ring: kind of run row -> function of its identifier.
TRAVAUX = {
    "import": "maintien.travaux.imports.run",
    "nuit": "maintien.travaux.taches.resume_nuit",
}
PURGE = "maintien.travaux.imports.purge.purge"
JOURNAL = "maintien.travaux.journal.keep"
# Accounts: forget dead sessions, suspend who no longer comes.
COMPTES = ("maintien.apps.organismes.sessions.prune", "maintien.apps.organismes.inactivite.suspend_inactive")
INTERVALLE_SECONDES = 60.0
INTERVALLE_MENAGE_SECONDES = 3600.0
GARDE_DES_TACHES = timedelta(days=7)

_journal = logging.getLogger("maintien.taches")
_prochain_menage = [0.0]


@task()
def run_execution(execution_id: int) -> None:
    """Do what a run row asks for, if nobody else is doing it."""
    try:
        with scope_of(execution_id):
            execution = Execution.objects.get(pk=execution_id)
    except ExecutionInconnueError:
        _journal.warning("Le travail %s n'existe plus : rien n'est fait.", execution_id)
        return
    chemin = TRAVAUX.get(execution.genre)
    if chemin is None:
        _journal.warning("Le travail %s est d'un genre inconnu ici : %s.", execution_id, execution.genre)
        return
    faire: Callable[[int], Any] = import_string(chemin)
    faire(execution_id)


def resume_nuit(execution_id: int) -> None:
    """Go on with a nightly pass that a killed process left."""
    # The engine takes seconds to load: not for the web pages, which only ring.
    from maintien.travaux import nuit  # noqa: PLC0415
    from maintien.travaux.nuit.erreurs import NuitRefuseeError  # noqa: PLC0415

    with scope_of(execution_id):
        execution = Execution.objects.select_related("organisme").get(pk=execution_id)
    try:
        nuit.run(execution.organisme, date.fromisoformat(execution.cle))
    except NuitRefuseeError as refus:
        _journal.warning("Passe de nuit %s : %s", execution_id, refus)


def ring(execution_id: int) -> None:
    """Ask a worker to look at a run row. Inside a transaction, it is heard only if the transaction is."""
    run_execution.enqueue(execution_id)


def ring_abandoned() -> int:
    """Ring for every job that waits or whose holder is gone, unless a task waits for it already; returns how many."""
    deja = _already_rung()
    identifiants = [pk for pk in sweep() if pk not in deja and _is_ours(pk)]
    for identifiant in identifiants:
        ring(identifiant)
    return len(identifiants)


def _already_rung() -> set[int]:
    """Jobs for which a task waits. One that is running says nothing: its worker may have been killed."""
    en_attente = DBTaskResult.objects.filter(task_path=run_execution.module_path, status=TaskResultStatus.READY)
    return {int(arguments["args"][0]) for arguments in en_attente.values_list("args_kwargs", flat=True)}


def prune_tasks(instant: datetime | None = None) -> int:
    """Forget old tasks: they are only rings, the run rows stay. Those that a killed worker left running go too."""
    limite = (instant or timezone.now()) - GARDE_DES_TACHES
    vieilles = Q(finished_at__lt=limite) | Q(status=TaskResultStatus.RUNNING, started_at__lt=limite)
    return int(DBTaskResult.objects.filter(vieilles).delete()[0])


def sweep_all() -> None:
    """Every minute or so: what waits is rung for. Once in an hour: what has had its time goes."""
    ring_abandoned()
    maintenant = time.monotonic()
    if maintenant >= _prochain_menage[0]:
        _prochain_menage[0] = maintenant + INTERVALLE_MENAGE_SECONDES
        prune_tasks()
        # Drafts of notes, social ones too, are in the sessions.
        call_command("clearsessions")
        for chemin in (PURGE, JOURNAL, *COMPTES):
            import_string(chemin)()


def _is_ours(execution_id: int) -> bool:
    with scope_of(execution_id):
        execution = Execution.objects.get(pk=execution_id)
        return execution.genre in TRAVAUX and execution.etat in (EtatExecution.EN_ATTENTE, EtatExecution.EN_COURS)


def start_sweeping(fin: threading.Event, intervalle: float = INTERVALLE_SECONDES) -> threading.Thread:
    """Sweep now, then again and again beside the worker: a job abandoned meanwhile does not wait for a restart."""
    sweep_all()

    def repeter() -> None:
        while not fin.wait(intervalle):
            try:
                sweep_all()
            except (DatabaseError, OSError):
                _journal.exception("Le balayage a échoué ; il reprendra dans %s secondes.", intervalle)
            finally:
                connection.close()

    balai = threading.Thread(target=repeter, name="balai", daemon=True)
    balai.start()
    return balai
