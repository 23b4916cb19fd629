"""Contents of deposited files do not stay: they hold people's data, and what they brought is in the database.

`purge` is what the sweep of the worker calls, and what a command `maintien purger` will call. A content is erased a
number of days after the last import that reads it is over (setting MAINTIEN_DEPOTS_JOURS); names, sums and counts
stay. Files between their deposit and the decision to import them go after a day, and so do drafts of a killed deposit.
"""

import shutil
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from maintien.apps.comptes.models import FichierImporte, Importation
from maintien.apps.organismes.models import Organisme
from maintien.apps.socle import journal
from maintien.apps.socle.portee import organisme_scope

APERCUS = "apercus"
DEPOTS = "depots"
DUREE_APERCU = timedelta(days=1)
_LOT = 500


@dataclass(frozen=True, slots=True)
class Purge:
    """What was erased."""

    contenus: int = 0
    apercus: int = 0
    sessions: int = 0


def purge(instant: datetime | None = None) -> Purge:
    """Erase what has had its time. Safe to repeat, killed at any instant."""
    instant = instant or timezone.now()
    sessions, _ = Session.objects.filter(expire_date__lt=instant).delete()
    return Purge(_purge_depots(instant), sweep_apercus(instant), sessions)


def sweep_apercus(instant: datetime | None = None) -> int:
    """Deposits that nobody confirmed."""
    limite = ((instant or timezone.now()) - DUREE_APERCU).timestamp()
    oublies = [dossier for dossier in _children(apercus_folder()) if _is_older(dossier, limite)]
    for dossier in oublies:
        shutil.rmtree(dossier, ignore_errors=True)
    return len(oublies)


def apercus_folder() -> Path:
    return Path(settings.MAINTIEN_DONNEES) / APERCUS


def _purge_depots(instant: datetime) -> int:
    """From what is on the disk: contents that no row names any more are found too."""
    racine = Path(settings.MAINTIEN_DONNEES) / DEPOTS
    hier = (instant - timedelta(days=1)).timestamp()
    for brouillon in _children(racine):
        if brouillon.name.endswith(".brouillon") and _is_older(brouillon, hier):
            brouillon.unlink(missing_ok=True)
    # Written again at each deposit: a content that was just deposited is young, whatever its first import was.
    limite = instant - timedelta(days=settings.MAINTIEN_DEPOTS_JOURS)
    vieux = [
        fichier
        for dossier in _children(racine)
        for fichier in _children(dossier)
        if _is_older(fichier, limite.timestamp())
    ]
    return sum(_erase(vieux[debut : debut + _LOT], limite, instant) for debut in range(0, len(vieux), _LOT))


def _erase(fichiers: list[Path], limite: datetime, instant: datetime) -> int:
    """The same content may come from two landlords: it goes when neither needs it."""
    chemins = {f"{DEPOTS}/{fichier.parent.name}/{fichier.name}": fichier for fichier in fichiers}
    organismes = list(Organisme.objects.order_by("pk"))
    for organisme in organismes:
        with organisme_scope(organisme):
            for chemin in _still_needed(chemins, limite):
                chemins.pop(chemin, None)
    # Said before it is done: whoever is killed in between leaves a content that the next purge erases.
    for organisme in organismes:
        with organisme_scope(organisme):
            _note(chemins, instant)
    for fichier in chemins.values():
        fichier.unlink(missing_ok=True)
    return len(chemins)


def _still_needed(chemins: Iterable[str], limite: datetime) -> set[str]:
    """Contents of imports that are not over, or not for long enough."""
    lus = FichierImporte.objects.filter(chemin__in=list(chemins))
    finis = lus.filter(importation__execution__finished_at__lt=limite)
    return set(lus.exclude(pk__in=finis.values("pk")).values_list("chemin", flat=True))


def _note(chemins: Iterable[str], instant: datetime) -> None:
    """The page and the journal say that the content is gone."""
    with journal.atomic():
        effaces = FichierImporte.objects.filter(chemin__in=list(chemins), efface_le=None)
        par_import: dict[int, list[int]] = defaultdict(list)
        for pk, importation_id in effaces.values_list("pk", "importation_id"):
            par_import[importation_id].append(pk)
        for importation in Importation.objects.filter(pk__in=par_import).order_by("pk"):
            concernes = par_import[importation.pk]
            FichierImporte.objects.filter(pk__in=concernes).update(efface_le=instant)
            journal.record("import.effacer", importation, fichiers=len(concernes))


def _children(dossier: Path) -> list[Path]:
    return sorted(dossier.iterdir()) if dossier.is_dir() else []


def _is_older(chemin: Path, limite: float) -> bool:
    """Gone meanwhile is not old: another sweep took it."""
    try:
        return chemin.stat().st_mtime < limite
    except FileNotFoundError:
        return False
