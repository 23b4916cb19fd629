"""A nightly pass asked for from a page: the row of its day is put in the queue, and the worker does it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Q

from maintien.apps.organismes.models import Appartenance
from maintien.apps.organismes.permissions import require
from maintien.apps.socle import journal
from maintien.apps.socle.enums import EtatExecution
from maintien.apps.socle.executions import open_execution, reopen
from maintien.apps.socle.models import Execution
from maintien.travaux.taches import ring

LANCER = "nuit.lancer"
_GENRE = "nuit"
_EN_ROUTE = (EtatExecution.EN_ATTENTE, EtatExecution.EN_COURS)


@dataclass(frozen=True, slots=True)
class EtatDeLaNuit:
    """Where the passes of the landlord stand: one waits or runs, and when the last one ended."""

    is_en_route: bool
    finie_le: datetime | None


def nuit_state() -> EtatDeLaNuit:
    passes = Execution.objects.filter(genre=_GENRE)
    etat = passes.aggregate(
        en_route=Count("pk", filter=Q(etat__in=_EN_ROUTE)),
        finie_le=Max("finished_at", filter=Q(etat=EtatExecution.TERMINEE)),
    )
    return EtatDeLaNuit(bool(etat["en_route"]), etat["finie_le"])


def request_nuit(appartenance: Appartenance | None, au: date) -> bool:
    """Put the pass of this day in the queue. False when it waits or runs already."""
    membre = require(appartenance, LANCER)
    with journal.atomic():
        connue = Execution.objects.filter(genre=_GENRE, cle=au.isoformat()).first()
        execution = connue or open_execution(_GENRE, au.isoformat())
        if connue is not None and not reopen(connue.pk):
            return False
        ring(execution.pk)
        journal.record("nuit.demander", execution, acteur=membre.utilisateur, au=au.isoformat())
    return True
