"""Reads the journal of the organisme: pseudonymous, page by page, a constant number of queries."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from maintien.apps.organismes.models import Appartenance
from maintien.apps.organismes.permissions import require
from maintien.apps.socle import journal
from maintien.apps.socle.enums import Finalite
from maintien.apps.socle.models import Evenement

VOIR = "journal.voir"
PAR_PAGE = 50


@dataclass(frozen=True, slots=True)
class Criteres:
    """What is searched for; `avant` is the last line of the page before."""

    acteur: int | None = None
    acte: str = ""
    menage: int | None = None
    du: date | None = None
    au: date | None = None
    avant: int | None = None


@dataclass(frozen=True, slots=True)
class PageJournal:
    lignes: tuple[Evenement, ...]
    has_suite: bool


def search(appartenance: Appartenance, criteres: Criteres) -> PageJournal:
    require(appartenance, VOIR)
    lignes = list(_filtered(criteres)[: PAR_PAGE + 1])
    return PageJournal(tuple(lignes[:PAR_PAGE]), len(lignes) > PAR_PAGE)


def known_acts(appartenance: Appartenance) -> list[str]:
    require(appartenance, VOIR)
    return sorted(Evenement.objects.order_by().values_list("acte", flat=True).distinct())


def unmask(appartenance: Appartenance, finalite: Finalite, criteres: Criteres) -> PageJournal:
    """The same page, its reader being allowed to put names on it: that too is a line of the journal, with its why."""
    page = search(appartenance, criteres)
    with journal.atomic():
        journal.record(
            "journal.nommer",
            acteur=appartenance.utilisateur,
            finalite=finalite,
            lignes=len(page.lignes),
            premiere=page.lignes[-1].pk if page.lignes else None,
            derniere=page.lignes[0].pk if page.lignes else None,
        )
    return page


def _filtered(criteres: Criteres) -> QuerySet[Evenement]:
    lignes = Evenement.objects.order_by("-pk")
    if criteres.acteur is not None:
        lignes = lignes.filter(acteur_id=criteres.acteur)
    if criteres.acte:
        lignes = lignes.filter(acte=criteres.acte)
    if criteres.menage is not None:
        lignes = lignes.filter(menage_ref=criteres.menage)
    if criteres.du is not None:
        lignes = lignes.filter(instant__gte=_midnight(criteres.du))
    if criteres.au is not None:
        lignes = lignes.filter(instant__lt=_midnight(criteres.au + timedelta(days=1)))
    if criteres.avant is not None:
        lignes = lignes.filter(pk__lt=criteres.avant)
    return lignes


def _midnight(jour: date) -> datetime:
    return timezone.make_aware(datetime.combine(jour, time.min))
