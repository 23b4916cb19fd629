"""One run in progress: who holds it, how far it is, what it changed. Saved with each lot, in its transaction."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from maintien.apps.organismes.models import Organisme
from maintien.apps.socle.enums import EtatExecution
from maintien.apps.socle.executions import (
    DETENTEUR,
    DUREE_BAIL,
    BailPerduError,
    claim,
    current_holder,
    free_if_dead,
    open_execution,
    renew,
    reopen,
)
from maintien.apps.socle.models import Execution
from maintien.coeur.calendrier import format_jour
from maintien.coeur.orientation.couverture import Couverture, couverture
from maintien.coeur.orientation.regles import JeuDeRegles
from maintien.moteurs.colonnes.miroir import Miroir
from maintien.travaux.miroir import mirror_of
from maintien.travaux.nuit.bilan import Bilan
from maintien.travaux.nuit.erreurs import NuitRefuseeError

GENRE = "nuit"
# One statement over all accounts may be long: nobody takes the job over meanwhile.
DUREE_DU_CALCUL = timedelta(minutes=30)

Progres = Callable[[str, int, int], None]
"""Called with the step, what is done and the total."""


@dataclass
class Passage:
    """`bilan` is what this run changed; `avant` what former runs of the same day changed; `curseur` the last
    household that is done, by key; `livres_dits` how far the landlord says that the books go, if told."""

    organisme: Organisme
    au: date
    execution: Execution
    regles: JeuDeRegles
    progres: Progres | None = None
    bilan: Bilan = field(default_factory=Bilan)
    avant: Bilan = field(default_factory=Bilan)
    curseur: int = 0
    numero: int = 0
    livres_dits: date | None = None
    livres_lus: date | None = None
    is_essai: bool = False

    @property
    def couverture(self) -> Couverture:
        """What the books cover of this night."""
        return couverture(self.livres_dits or self.livres_lus, self.au)

    @property
    def faits_au(self) -> date:
        """The day of the facts that the rules look at."""
        return self.couverture.faits_au or self.au

    @property
    def miroir(self) -> Miroir:
        return mirror_of(self.organisme)

    def save(self, etape: str, fait: int = 0, total: int = 0, *, duree: timedelta = DUREE_BAIL) -> None:
        """Last statement of each transaction: a run that lost its lease rolls back instead of writing."""
        resultat = {DETENTEUR: current_holder(), "partiel": self._partiel()}
        tenues = Execution.objects.filter(pk=self.execution.pk, jeton=self.execution.jeton)
        if tenues.update(resultat=resultat) == 0:
            raise BailPerduError(f"Le travail {self.execution.pk} a été repris par un autre.")
        renew(self.execution, etape=etape, fait=fait, total=total, duree=duree)

    def tell(self, etape: str, fait: int = 0, total: int = 0) -> None:
        if self.progres is not None:
            self.progres(etape, fait, total)

    def resume(self, resultat: dict[str, Any]) -> None:
        """Take up what a killed or failed run of the same day left, or start after a finished one."""
        self.avant = Bilan.from_json(resultat.get("bilan", {}))
        partiel = resultat.get("partiel")
        if partiel is not None:
            self.bilan = Bilan.from_json(partiel["bilan"])
            self.avant = Bilan.from_json(partiel["avant"])
            self.curseur, self.numero = partiel["curseur"], partiel["numero"]
            dits = partiel.get("livres_dits")
            self.livres_dits = self.livres_dits or (date.fromisoformat(dits) if dits else None)

    def result(self) -> dict[str, Any]:
        """What is stored once done: everything this day changed (`bilan`), and this run of it (`dernier`)."""
        return {
            "bailleur": self.organisme.code,
            "au": self.au.isoformat(),
            "bilan": self.bilan.added_to(self.avant).as_json(),
            "dernier": self.bilan.as_json(),
        }

    def _partiel(self) -> dict[str, Any]:
        return {
            "bilan": self.bilan.as_json(),
            "avant": self.avant.as_json(),
            "curseur": self.curseur,
            "numero": self.numero,
            "livres_dits": self.livres_dits.isoformat() if self.livres_dits else "",
        }


def take(organisme: Organisme, au: date) -> Execution:
    """Claim the run of this day, or say in one sentence why it cannot be."""
    execution = open_execution(GENRE, au.isoformat())
    free_if_dead(execution)
    # One transaction: a process killed in between would leave the day open, and no longer done.
    with transaction.atomic():
        if execution.etat in (EtatExecution.TERMINEE, EtatExecution.ECHOUEE):
            reopen(execution.pk)
        prise = claim(execution.pk)
    if prise is None:
        raise NuitRefuseeError(
            f"La passe du {format_jour(au)} est déjà en cours pour {organisme.code} : attendez qu'elle finisse."
        )
    autre = _other_running(prise)
    if autre is not None:
        _give_back(prise)
        raise NuitRefuseeError(
            f"Une autre passe est en cours pour {organisme.code}, celle du {format_jour(date.fromisoformat(autre))} : "
            "attendez qu'elle finisse."
        )
    return prise


def _give_back(prise: Execution) -> None:
    """As if it had not been asked for: no worker takes it up later, and it forbids no earlier day."""
    commencee = prise.started_at if prise.tentatives > 1 else None
    Execution.objects.filter(pk=prise.pk, jeton=prise.jeton).update(
        etat=EtatExecution.ECHOUEE,
        jeton="",
        bail_jusqua=None,
        started_at=commencee,
        message="Refusée : une autre passe était en cours.",
    )


def _other_running(prise: Execution) -> str | None:
    """The day of another pass of this landlord that is being run, if there is one."""
    vivantes = Execution.objects.filter(
        genre=GENRE, etat=EtatExecution.EN_COURS, bail_jusqua__gte=timezone.now()
    ).exclude(pk=prise.pk)
    for autre in vivantes:
        if not free_if_dead(autre):
            return autre.cle
    return None
